// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;

/**
 * The caches of the application, or of one tenant, that are open in this process. Thread-safe.
 *
 * <p>It is in use between {@link #acquire} and {@link #release}, and closed only while it isn't, so
 * that no operation meets a closed cache.
 */
final class OpenNamespace {

  private static final int RETIRED = -1;

  private final MemcachedCacheManager manager;
  private final Map<String, MemcachedSpringCache> caches = new ConcurrentHashMap<>();
  private final AtomicInteger users = new AtomicInteger();
  private volatile long lastUsed = System.nanoTime();

  OpenNamespace(MemcachedCacheManager manager) {
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

  /** Returns the caches that were used here. */
  Stream<MemcachedSpringCache> caches() {
    return caches.values().stream();
  }

  /** Returns a cache that was used here; null if there is none. */
  @Nullable MemcachedSpringCache known(String name) {
    return caches.get(name);
  }

  /** Returns a cache; null if another thread has just opened it, which {@link #known} returns. */
  @Nullable MemcachedSpringCache open(String name) {
    MemcachedSpringCache opened = new MemcachedSpringCache(find(name));
    return caches.putIfAbsent(name, opened) == null ? opened : null;
  }

  private MemcachedCache<Object, Object> find(String name) {
    javax.cache.@Nullable Cache<Object, Object> cache = manager.getCache(name);
    if (cache == null) {
      synchronized (this) { // else two threads create it, and one of them fails
        cache = manager.getCache(name);
        if (cache == null) {
          cache = manager.createCache(name, new MutableConfiguration<>());
        }
      }
    }
    @SuppressWarnings("unchecked") // it is one of its own manager
    MemcachedCache<Object, Object> own = cache.unwrap(MemcachedCache.class);
    return own;
  }
}
