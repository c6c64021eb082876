package org.memjcache.examples.spring;

import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.PingResult;
import org.springframework.stereotype.Component;

/** Checks whether memcached responds. */
@Component
public class MemcachedProbe {

  private final MemcachedCacheManager manager;

  MemcachedProbe(CacheManager application) {
    manager = application.unwrap(MemcachedCacheManager.class);
  }

  /**
   * Asks the servers. The application continues without memcached, but the probe must fail.
   *
   * @throws CacheException if one doesn't respond; names it
   */
  public void ask() {
    for (PingResult result : manager.ping()) {
      if (!result.isReachable()) {
        throw new CacheException(result.toString(), result.failure());
      }
    }
  }
}
