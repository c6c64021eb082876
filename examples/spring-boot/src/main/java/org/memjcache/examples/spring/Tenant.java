package org.memjcache.examples.spring;

/** The tenant whose request the current thread serves. */
final class Tenant {

  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  private Tenant() {}

  /**
   * Returns the tenant's name.
   *
   * @throws IllegalStateException outside of a request of a tenant
   */
  static String current() {
    String tenant = CURRENT.get();
    if (tenant == null) {
      throw new IllegalStateException("No tenant: this thread serves no request of one");
    }
    return tenant;
  }

  static void enter(String tenant) {
    CURRENT.set(tenant);
  }

  static void leave() {
    CURRENT.remove();
  }
}
