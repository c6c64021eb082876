// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.config.Config;

/** Redisson's map with a cache in the process; its JCache has none that is free. */
final class LocalCachedMap implements Contestant {

  private final RedissonClient client;
  private final RLocalCachedMap<String, String> map;

  LocalCachedMap(String address, int entries) {
    Config config = new Config();
    config.useSingleServer().setAddress("redis://" + address);
    client = Redisson.create(config);
    map =
        client.getLocalCachedMap(
            LocalCachedMapOptions.<String, String>name("near")
                .cacheSize(entries)
                .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU));
  }

  @Override
  public @Nullable String get(String key) {
    return map.get(key);
  }

  @Override
  public void put(String key, String value) {
    map.fastPut(key, value);
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
