// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import javax.cache.Caching;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;
import org.redisson.jcache.JCachingProvider;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** Opens Redisson's JCache, with Redisson's own settings and encoding of values. */
final class RedissonContestant {

  private RedissonContestant() {}

  static Contestant open(String address) {
    Config config = new Config();
    config.useSingleServer().setAddress("redis://" + address);
    RedissonClient client = Redisson.create(config);
    CachingProvider provider = Caching.getCachingProvider(JCachingProvider.class.getName());
    return new JCacheContestant(
        // Without a configuration it would look for one on the class path, and there is none.
        provider.getCacheManager(),
        new JCacheContestant.Adaptation() {
          @Override
          public <K, V> Configuration<K, V> of(Configuration<K, V> configuration) {
            return RedissonConfiguration.fromInstance(client, configuration);
          }
        },
        () -> {
          provider.close();
          client.shutdown();
        });
  }
}
