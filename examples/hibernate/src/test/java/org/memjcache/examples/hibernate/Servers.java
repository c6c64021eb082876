package org.memjcache.examples.hibernate;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.memjcache.testkit.MemcachedCluster;

/** Two memcached servers instead of those named in the tenants' properties files. */
final class Servers implements BeforeAllCallback, AfterAllCallback {

  private static final String OPTION = "memjcache.servers";

  private MemcachedCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) {
    cluster = MemcachedCluster.builder().servers(2).start();
    System.setProperty(OPTION, addresses());
  }

  /** The option's value. */
  String addresses() {
    return cluster.addresses();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    System.clearProperty(OPTION);
    cluster.close();
  }
}
