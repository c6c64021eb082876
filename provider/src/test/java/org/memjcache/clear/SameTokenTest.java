// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import java.util.Set;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * A clear after which the versions have the same token in item keys as before, which happens to one
 * in 2<sup>42</sup> (these two are the first of some million): what was stored before lies where
 * what is stored now belongs, and nothing of it is seen.
 */
@Timeout(60)
class SameTokenTest {

  private static final long HOTELS = 1_849_688_064_000_000_000L;
  private static final long LISBOA = 1_849_688_064_005_242_880L;
  private static final long BEFORE = 1_849_688_959_389_397_219L;
  private static final long AFTER = 1_849_689_106_479_163_643L;

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e");

  /** Of each test its own: the process remembers the versions that it saw on a server. */
  private final MemcachedServer server = MemcachedServer.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingComesBack(boolean signed) {
    PathKey path = PathKey.of(List.of("hotels", "Lisboa", "info"));
    String prefix = path.prefix(new long[] {HOTELS, LISBOA, BEFORE}).text();
    assertThat(prefix).isEqualTo(path.prefix(new long[] {HOTELS, LISBOA, AFTER}).text());
    setVersion("hotels:version", HOTELS);
    setVersion("hotels/Lisboa:version", LISBOA);
    setVersion("hotels/Lisboa/info:cache", BEFORE);
    Properties options = new Properties();
    options.setProperty("memjcache.timeout", "20s");
    if (signed) {
      options.setProperty("memjcache.secret", "correct horse battery staple");
    }
    try (TestProvider caches = new TestProvider()) {
      Cache<String, String> cache =
          caches
              .provider()
              .getCacheManager(server.uri("hotels/Lisboa"), null, options)
              .createCache("info", TestProvider.strings());
      KEYS.forEach(key -> cache.put(key, "old"));
      assertThat(cache.getAll(Set.copyOf(KEYS))).hasSize(KEYS.size());
      assertThat(server.command("get " + prefix + "Sa")).hasSize(3);

      server.command("incr hotels/Lisboa/info:cache " + (AFTER - BEFORE)); // as clear() does

      assertThat(server.command("get " + prefix + "Sa")).hasSize(3);
      assertThat(cache.get("a")).isNull();
      assertThat(cache.containsKey("a")).isFalse();
      assertThat(cache.getAll(Set.copyOf(KEYS))).isEmpty();
      assertThat(cache.iterator().hasNext()).isFalse();
      assertThat(cache.replace("a", "new")).isFalse();
      assertThat(cache.remove("a", "old")).isFalse();
      assertThat(cache.getAndRemove("a")).isNull();
      assertThat(cache.getAndPut("b", "new")).isNull();
      assertThat(cache.putIfAbsent("c", "new")).isTrue();
      assertThat(cache.<Boolean>invoke("d", (entry, arguments) -> entry.exists())).isFalse();
      cache.put("e", "new");
      assertThat(cache.getAll(Set.copyOf(KEYS))).containsOnlyKeys("b", "c", "e");
      assertThat(cache.getAll(Set.copyOf(KEYS)).values()).containsOnly("new");
    }
  }

  private void setVersion(String key, long version) {
    server.command("set " + key + " 0 0 19\r\n" + version);
  }
}
