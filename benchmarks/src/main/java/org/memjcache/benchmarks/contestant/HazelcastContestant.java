package org.memjcache.benchmarks.contestant;

import com.hazelcast.cache.HazelcastCachingProvider;
import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.cache.HazelcastClientCachingProvider;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.HazelcastInstance;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;

/** Opens Hazelcast's JCache as a client of a member, with Hazelcast's own settings. */
final class HazelcastContestant {

  private HazelcastContestant() {}

  static Contestant open(String address) {
    ClientConfig config = new ClientConfig();
    config.getNetworkConfig().addAddress(address);
    HazelcastInstance client = HazelcastClient.newHazelcastClient(config);
    CachingProvider provider =
        Caching.getCachingProvider(HazelcastClientCachingProvider.class.getName());
    return new JCacheContestant(
        provider.getCacheManager(
            null, null, HazelcastCachingProvider.propertiesByInstanceItself(client)),
        JCacheContestant.Adaptation.NONE,
        () -> {
          provider.close();
          client.shutdown();
        });
  }
}
