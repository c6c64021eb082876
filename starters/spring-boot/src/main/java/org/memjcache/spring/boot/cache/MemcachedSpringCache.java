// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import org.memjcache.MemcachedCache;
import org.springframework.cache.jcache.JCacheCache;

/**
 * A cache of MemJCache as Spring knows it. What Spring clears is cleared by one increment: not by
 * {@code removeAll()}, which passes each entry to a writer, and with {@code countRemoveAll=true}
 * walks over all servers; nor after asking whether there is an entry, which walks until the first.
 * Thread-safe.
 */
final class MemcachedSpringCache extends JCacheCache {

  private final MemcachedCache<Object, Object> cache;

  MemcachedSpringCache(MemcachedCache<Object, Object> cache) {
    super(cache, /* allowNullValues= */ true);
    this.cache = cache;
  }

  MemcachedCache<Object, Object> memcached() {
    return cache;
  }

  @Override
  public void clear() {
    cache.clear();
  }

  /** Clears the cache. Returns false, which says that it isn't known whether there were entries. */
  @Override
  public boolean invalidate() {
    cache.clear();
    return false;
  }
}
