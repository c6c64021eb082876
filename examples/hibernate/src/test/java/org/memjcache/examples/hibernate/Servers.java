// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.memjcache.testkit.MemcachedCluster;

/** Two memcached servers instead of those named in persistence.xml. */
final class Servers implements BeforeAllCallback, AfterAllCallback {

  private MemcachedCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster = MemcachedCluster.builder().servers(2).start();
  }

  /** The property's value. */
  String addresses() {
    return cluster.addresses();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    cluster.close();
  }
}
