// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import io.sixhours.memcached.cache.MemcachedCacheManager;
import io.sixhours.memcached.cache.XMemcachedClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.Cache;

/** The cache of sixhours' starter for Spring Boot, as its autoconfiguration makes it. */
final class SixhoursContestant implements Contestant {

  private final MemcachedCacheManager manager;
  private final Cache cache;

  SixhoursContestant(String address) {
    try {
      manager =
          new MemcachedCacheManager(
              new XMemcachedClient(new XMemcachedClientBuilder(address).build()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cache = Objects.requireNonNull(manager.getCache("entries"));
  }

  @Override
  public @Nullable String get(String key) {
    return cache.get(key, String.class);
  }

  @Override
  public void put(String key, String value) {
    cache.put(key, value);
  }

  @Override
  public void close() {
    manager.client().shutdown();
  }
}
