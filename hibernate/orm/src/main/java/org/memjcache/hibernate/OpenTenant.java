// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.memjcache.MemcachedCacheManager;

/**
 * The regions of the application, or of one tenant, that are open in this process. Thread-safe.
 *
 * <p>It is in use between {@link #acquire} and {@link #release}, and closed only while it isn't, so
 * that no operation meets a closed cache.
 */
final class OpenTenant {

  private static final int RETIRED = -1;

  private final MemcachedCacheManager manager;
  private final Map<String, OpenRegion> regions = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger();
  private volatile long lastUsed = System.nanoTime();

  OpenTenant(MemcachedCacheManager manager) {
    this.manager = manager;
  }

  /** Returns whether it may be used now, until {@link #release}; false once it is retired. */
  boolean acquire() {
    return users.updateAndGet(n -> n == RETIRED ? RETIRED : n + 1) != RETIRED;
  }

  void release() {
    lastUsed = System.nanoTime();
    users.decrementAndGet();
  }

  /** Returns whether nobody uses it, nor will again. */
  boolean retire() {
    return users.compareAndSet(0, RETIRED);
  }

  boolean isIdle() {
    return users.get() == 0;
  }

  long lastUsed() {
    return lastUsed;
  }

  MemcachedCacheManager manager() {
    return manager;
  }

  /** Returns the regions that were used here, by name. */
  Stream<Map.Entry<String, OpenRegion>> regions() {
    return regions.entrySet().stream().sorted(Map.Entry.comparingByKey());
  }

  /** Returns a region, opened if it wasn't used yet. */
  OpenRegion region(String name, Function<MemcachedCacheManager, OpenRegion> opening) {
    OpenRegion known = regions.get(name);
    return known == null ? regions.computeIfAbsent(name, unknown -> opening.apply(manager)) : known;
  }
}
