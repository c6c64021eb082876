// SPDX-License-Identifier: Apache-2.0
package org.memjcache.near;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;

/** Makes caches for the tests of this package. */
final class NearCaches {

  static final String NAME = "cache";

  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private NearCaches() {}

  /** Returns another path on each call: what a process knows of versions outlives its caches. */
  static String newPath() {
    return "near" + APPLICATIONS.incrementAndGet() + "/tenant";
  }

  /** Opens a cache that keeps up to 100 entries near. */
  static Cache<String, String> open(
      MemcachedCachingProvider provider, URI manager, String staleness) {
    return open(provider, manager, staleness, configuration -> configuration);
  }

  static Cache<String, String> open(
      MemcachedCachingProvider provider,
      URI manager,
      String staleness,
      UnaryOperator<MemcachedConfiguration<String, String>> settings) {
    return provider
        .getCacheManager(
            URI.create(manager + "?timeout=10s&consistency=bounded&staleness=" + staleness), null)
        .createCache(
            NAME,
            settings.apply(
                new MemcachedConfiguration<String, String>().setNear(NearLimit.ofEntries(100))));
  }

  static long nearHits(Cache<?, ?> cache) {
    return cache.unwrap(MemcachedCache.class).getInsight().getNearHits();
  }
}
