// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.net.URI;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.memjcache.MemcachedCachingProvider;

/** Opens this provider. */
final class MemJCacheContestant {

  private MemJCacheContestant() {}

  static Contestant open(String address, String path) {
    return open(URI.create("memcached://" + address + "/" + path));
  }

  static Contestant open(URI uri) {
    CachingProvider provider = Caching.getCachingProvider(MemcachedCachingProvider.class.getName());
    return new JCacheContestant(
        provider.getCacheManager(uri, null), JCacheContestant.Adaptation.NONE, provider::close);
  }
}
