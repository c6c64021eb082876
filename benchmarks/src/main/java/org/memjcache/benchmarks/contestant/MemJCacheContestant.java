package org.memjcache.benchmarks.contestant;

import java.net.URI;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.memjcache.MemcachedCachingProvider;

/** Opens this provider. */
final class MemJCacheContestant {

  private MemJCacheContestant() {}

  static Contestant open(String address, String path) {
    CachingProvider provider = Caching.getCachingProvider(MemcachedCachingProvider.class.getName());
    return new JCacheContestant(
        provider.getCacheManager(URI.create("memcached://" + address + "/" + path), null),
        JCacheContestant.Adaptation.NONE,
        provider::close);
  }
}
