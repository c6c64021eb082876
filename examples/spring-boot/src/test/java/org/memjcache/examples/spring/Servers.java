// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Two memcached servers instead of those named in memjcache.properties. */
final class Servers implements BeforeAllCallback, AfterAllCallback {

  private static final String OPTION = "memjcache.servers";

  private MemcachedCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster = MemcachedCluster.builder().servers(2).start();
    System.setProperty(OPTION, cluster.addresses());
  }

  void kill() {
    cluster.servers().forEach(MemcachedServer::kill);
  }

  void restart() {
    cluster.servers().forEach(MemcachedServer::restart);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.clearProperty(OPTION);
    cluster.close();
  }
}
