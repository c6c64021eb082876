package org.memjcache.internal.cache;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a manager. Takes little memory while there is one at most, as most tenants have it.
 *
 * <p>Thread-safe. A look-up takes no lock.
 */
public final class CachesByName<C> {

  /** Immutable until there are two, concurrent from then on. Replaced under the lock of this. */
  private volatile Map<String, C> caches = Map.of();

  public @Nullable C get(String name) {
    return caches.get(name);
  }

  /** Adds a cache; returns false if there is one of its name. */
  public synchronized boolean add(String name, C cache) {
    if (caches.containsKey(name)) {
      return false;
    }
    if (caches.isEmpty() && !isConcurrent()) {
      caches = Map.of(name, cache);
      return true;
    }
    if (!isConcurrent()) {
      caches = new ConcurrentHashMap<>(caches);
    }
    caches.put(name, cache);
    return true;
  }

  /** Removes a cache, if it is there. */
  public synchronized void remove(String name, C cache) {
    if (isConcurrent()) {
      caches.remove(name, cache);
    } else if (cache.equals(caches.get(name))) {
      caches = Map.of();
    }
  }

  private boolean isConcurrent() {
    return caches instanceof ConcurrentHashMap;
  }

  /** Returns a live view of the names. */
  public Set<String> names() {
    return caches.keySet();
  }

  /** Returns a live view of the caches. */
  public Collection<C> all() {
    return caches.values();
  }
}
