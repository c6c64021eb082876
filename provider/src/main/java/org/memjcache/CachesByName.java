package org.memjcache;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a manager. Takes little memory while there is one at most, as most tenants have it.
 *
 * <p>Thread-safe. To look takes no lock.
 */
final class CachesByName {

  /** Immutable until there are two, concurrent from then on. Replaced under the lock of this. */
  private volatile Map<String, MemcachedCache<?, ?>> caches = Map.of();

  /** Returns the cache of this name, null if there is none. */
  @Nullable MemcachedCache<?, ?> get(String name) {
    return caches.get(name);
  }

  /** Adds a cache; returns false if there is one of its name. */
  synchronized boolean add(MemcachedCache<?, ?> cache) {
    if (caches.isEmpty() && !isConcurrent()) {
      caches = Map.of(cache.getName(), cache);
      return true;
    }
    if (caches.containsKey(cache.getName())) {
      return false;
    }
    if (!isConcurrent()) {
      caches = new ConcurrentHashMap<>(caches);
    }
    caches.put(cache.getName(), cache);
    return true;
  }

  /** Removes a cache, if it is there. */
  synchronized void remove(MemcachedCache<?, ?> cache) {
    if (isConcurrent()) {
      caches.remove(cache.getName(), cache);
    } else if (cache.equals(caches.get(cache.getName()))) {
      caches = Map.of();
    }
  }

  private boolean isConcurrent() {
    return caches instanceof ConcurrentHashMap;
  }

  /** Returns the names, which may change later. */
  Set<String> names() {
    return caches.keySet();
  }

  /** Returns the caches, which may change later. */
  Collection<MemcachedCache<?, ?>> all() {
    return caches.values();
  }
}
