// SPDX-License-Identifier: Apache-2.0
package org.memjcache.near;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** Copies are found by the keys of their entries and by no others. */
@Memcached
class KeysTest {

  private static final List<Object> KEYS =
      List.of(
          "1",
          1,
          1L,
          "a b",
          "a%20b",
          "a%2520b",
          "S1",
          "",
          "%",
          "é",
          'a',
          "a",
          "I1",
          true,
          "true",
          new UUID(1, 2),
          "x".repeat(300),
          "x".repeat(301));

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final URI uri;

  KeysTest(MemcachedServer server) {
    uri = URI.create(server.uri(NearCaches.newPath()) + "?consistency=bounded&staleness=1h");
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void copies_ofKeysThatLookAlike_areApart() {
    Cache<Object, Integer> near =
        provider
            .getCacheManager(uri, null)
            .createCache(
                NearCaches.NAME,
                new MemcachedConfiguration<Object, Integer>()
                    .setStatisticsEnabled(true)
                    .setNear(NearLimit.ofEntries(100)));
    for (int i = 0; i < KEYS.size(); i++) {
      near.put(KEYS.get(i), i);
      assertThat(near.get(KEYS.get(i))).isEqualTo(i);
    }

    for (int i = 0; i < KEYS.size(); i++) {
      assertThat(near.get(KEYS.get(i))).as("%s", KEYS.get(i)).isEqualTo(i);
    }
    assertThat(NearCaches.nearHits(near)).isEqualTo(KEYS.size());

    for (Object key : KEYS) {
      near.remove(key);
      assertThat(near.get(key)).as("%s", key).isNull();
    }
  }
}
