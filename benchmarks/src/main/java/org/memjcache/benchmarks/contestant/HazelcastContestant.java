// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import com.hazelcast.cache.HazelcastCachingProvider;
import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.cache.HazelcastClientCachingProvider;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.CacheConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.NearCacheConfig;
import com.hazelcast.core.HazelcastInstance;
import javax.cache.Caching;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.spi.CachingProvider;

/**
 * Opens Hazelcast's JCache as a client of a member, with Hazelcast's defaults but one: by default
 * it evicts beyond 10,000 entries, and then there would be nothing to walk over.
 */
final class HazelcastContestant {

  private HazelcastContestant() {}

  /**
   * Connects.
   *
   * @param nearEntries how many entries are kept in this process, 0 for none
   */
  static Contestant open(String address, int nearEntries) {
    ClientConfig config = new ClientConfig();
    config.getNetworkConfig().addAddress(address);
    if (nearEntries > 0) {
      NearCacheConfig near = new NearCacheConfig("entries");
      near.setInMemoryFormat(InMemoryFormat.OBJECT);
      near.getEvictionConfig().setSize(nearEntries);
      config.addNearCacheConfig(near);
    }
    HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
    CachingProvider provider =
        Caching.getCachingProvider(HazelcastClientCachingProvider.class.getName());
    return new JCacheContestant(
        provider.getCacheManager(
            null, null, HazelcastCachingProvider.propertiesByInstanceItself(client)),
        new JCacheContestant.Adaptation() {
          @Override
          public <K, V> Configuration<K, V> of(Configuration<K, V> configuration) {
            CacheConfig<K, V> own = new CacheConfig<>((CompleteConfiguration<K, V>) configuration);
            own.getEvictionConfig().setSize(Integer.MAX_VALUE);
            return own;
          }
        },
        () -> {
          provider.close();
          client.shutdown();
        });
  }
}
