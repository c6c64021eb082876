// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tenants;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCachingProvider;

/**
 * The program of a JVM that opens many tenants, each with a manager and a cache, and says how much
 * heap one takes. Arguments: the URI of an application, and how many.
 */
final class IdleTenants {

  /** Opened first and kept, so that no class and no table is counted that is there only once. */
  private static final int BEFORE = 2_000;

  private IdleTenants() {}

  public static void main(String[] arguments) {
    URI application = URI.create(arguments[0]);
    int tenants = Integer.parseInt(arguments[1]);
    List<Cache<String, String>> caches = new ArrayList<>(BEFORE + tenants);
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      open(provider, application, "before", BEFORE, caches);
      caches.forEach(cache -> cache.get("k"));
      caches.forEach(cache -> cache.get("k"));
      long before = heap();

      open(provider, application, "tenant", tenants, caches);
      long opened = heap();
      caches.forEach(cache -> cache.get("k"));
      long used = heap();

      System.out.printf("%d %d%n", (opened - before) / tenants, (used - before) / tenants);
    }
  }

  private static void open(
      MemcachedCachingProvider provider,
      URI application,
      String name,
      int count,
      List<Cache<String, String>> caches) {
    for (int i = 0; i < count; i++) {
      caches.add(
          provider
              .getCacheManager(ManagerUri.withNamespace(application, name + i), null)
              .createCache("cache", new MutableConfiguration<>()));
    }
  }

  /** Returns the bytes that are in use after what is garbage was collected. */
  private static long heap() {
    System.gc();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
