// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;

/** The caches of the application, or of one tenant, that are open in this process. Thread-safe. */
final class OpenNamespace {

  private final MemcachedCacheManager manager;
  private final Map<String, MemcachedSpringCache> caches = new ConcurrentHashMap<>();

  OpenNamespace(MemcachedCacheManager manager) {
    this.manager = manager;
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
