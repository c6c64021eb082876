package org.memjcache.examples.spring;

/** The tenant of the request that the current thread serves. */
final class Tenant {

  private static final ThreadLocal<String> CURRENT = new ThreadLocal<>();

  private Tenant() {}

  /**
   * Returns the tenant's name.
   *
   * @throws IllegalStateException if the thread serves no request of a tenant
   */
  static String current() {
    String tenant = CURRENT.get();
    if (tenant == null) {
      throw new IllegalStateException("This thread serves no request of a tenant");
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
