// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.memjcache.support.Waiting.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.FailureMode;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/** Servers that refuse: no memory left, no key dumps. The error names the server and its option. */
@Timeout(60)
class ServerLimitsTest {

  private static final String VALUE = "x".repeat(500_000);

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    caches.close();
  }

  @Test
  void serverWithoutMemory_isNamedWithItsOptionAndKeepsNoOlderEntry() {
    try (MemcachedServer small =
        MemcachedServer.builder().memoryMegabytes(4).option("-M").start()) {
      Cache<String, String> cache = caches.cache(small.uri("hotels/Lisboa"));
      cache.put("older", "small");
      cache.put("other", "small");

      Throwable failure = fill(cache);

      assertThat(failure)
          .isInstanceOf(CacheException.class)
          .hasMessage(
              "put on 'hotels/Lisboa/info' failed: the value takes 500004 bytes in memcached,"
                  + " server"
                  + " %s has no memory left for it (memcached option -m). The entry is no"
                      .formatted(small.address())
                  + " longer in the cache.");
      for (String operation : List.of("put", "getAndPut", "replace", "putAll")) {
        assertThatThrownBy(() -> replaceOlder(cache, operation))
            .isInstanceOf(CacheException.class)
            .hasMessageStartingWith(operation + " on 'hotels/Lisboa/info' failed")
            .hasMessageContaining("has no memory left for it (memcached option -m)");
        assertThat(cache.get("older")).isNull();
        cache.put("older", "small");
      }
      assertThatThrownBy(() -> cache.putIfAbsent("new", VALUE))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("(memcached option -m)");
      assertThat(cache.putIfAbsent("older", VALUE)).isFalse();
      assertThat(cache.getAll(Set.of("older", "other"))).hasSize(2);
    }
  }

  private static void replaceOlder(Cache<String, String> cache, String operation) {
    switch (operation) {
      case "put" -> cache.put("older", VALUE);
      case "getAndPut" -> cache.getAndPut("older", VALUE);
      case "replace" -> cache.replace("older", VALUE);
      default -> cache.putAll(Map.of("older", VALUE));
    }
  }

  private static Throwable fill(Cache<String, String> cache) {
    for (int i = 0; i < 100; i++) {
      String key = "k" + i;
      Throwable failure = catchThrowable(() -> cache.put(key, VALUE));
      if (failure != null) {
        assertThat(cache.containsKey(key)).isFalse();
        return failure;
      }
    }
    throw new AssertionError("50 MB went into a server of 4");
  }

  @Test
  void serverThatRefusesDumps_isNamedWithItsOption() {
    try (MemcachedServer silent = MemcachedServer.builder().option("-X").start()) {
      Cache<String, String> cache =
          caches
              .manager(silent.uri("hotels/Lisboa"))
              .createCache("info", TestProvider.strings().setStatisticsEnabled(true));
      cache.put("k", "v");

      String refusal =
          "memcached %s answered 'ERROR metadump not allowed' to".formatted(silent.address());
      String remedy = "its keys can be dumped only if it is started without the option -X";
      assertThatThrownBy(() -> cache.iterator().hasNext())
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("iterator on 'hotels/Lisboa/info' failed after ")
          .hasMessageContaining(refusal)
          .hasMessageContaining(remedy);
      assertThatThrownBy(cache::removeAll)
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("removeAll on 'hotels/Lisboa/info' failed after ")
          .hasMessageContaining(refusal)
          .hasMessageContaining(remedy);

      assertThat(cache.get("k")).isEqualTo("v");
      cache.getCacheManager().enableStatistics("info", false);
      cache.removeAll(); // nobody wants the entries: no dump is needed
      assertThat(cache.get("k")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(FailureMode.class)
  void serverWithoutCasTokens_isNamedWithItsOption_andOverwritesNothing(FailureMode mode) {
    try (MemcachedServer server = MemcachedServer.builder().option("-C").start()) {
      Cache<String, String> cache =
          caches
              .manager(server.uri("hotels/Lisboa"))
              .createCache(
                  "info",
                  new MemcachedConfiguration<>(TestProvider.strings()).setFailureMode(mode));
      cache.put("k", "v");
      assertThat(cache.get("k")).isEqualTo("v");

      List<Consumer<Cache<String, String>>> conditional =
          List.of(
              c -> c.replace("k", "x"),
              c -> c.replace("k", "v", "x"),
              c -> c.getAndPut("k", "x"),
              c -> c.getAndRemove("k"),
              c -> c.remove("k", "v"));
      for (Consumer<Cache<String, String>> operation : conditional) {
        assertThatThrownBy(() -> operation.accept(cache))
            .isInstanceOf(CacheException.class)
            .hasMessageContaining("memcached " + server.address())
            .hasMessageContaining("no cas token")
            .hasMessageContaining("without the option -C");
      }
      assertThatThrownBy(
              () ->
                  cache.invoke(
                      "k",
                      (entry, arguments) -> {
                        entry.setValue(entry.getValue() + "x");
                        return null;
                      }))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("no cas token");

      assertThat(cache.get("k")).isEqualTo("v");
      cache.put("k", "w");
      assertThat(cache.get("k")).isEqualTo("w");
      cache.clear();
      assertThat(cache.get("k")).isNull();
    }
  }

  @Test
  void serverWithoutCrawler_isNamedWithItsOption() {
    try (MemcachedServer server =
        MemcachedServer.builder().option("-o", "no_lru_crawler").start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa"));
      cache.put("k", "v");

      assertThatThrownBy(() -> cache.iterator().hasNext())
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("memcached " + server.address())
          .hasMessageContaining("-o no_lru_crawler");
    }
  }

  @Test
  void clientsThatCameAndWent_leaveNeitherThreadsNorConnections() throws InterruptedException {
    try (MemcachedServer server = MemcachedServer.start();
        MemcachedServer dead = MemcachedServer.start()) {
      dead.kill();
      List<String> before = ourThreads();
      int connectionsBefore = connections(server);
      for (int i = 0; i < 10; i++) {
        try (TestProvider opened = new TestProvider()) {
          Cache<String, String> cache = opened.cache(server.uri("hotels/Lisboa"));
          cache.put("k", "v");
          assertThat(cache.iterator().next().getValue()).isEqualTo("v");
          assertThatThrownBy(() -> opened.cache(dead.uri("hotels/Lisboa")).get("k"))
              .isInstanceOf(CacheException.class);
        }
      }

      await("threads ended").until(() -> ourThreads().size() <= before.size());
      await("connections closed").until(() -> connections(server) <= connectionsBefore);
    }
  }

  /** Returns how many there are, the one that asks included. */
  private static int connections(MemcachedServer server) {
    return Integer.parseInt(server.stats().get("curr_connections"));
  }

  private static List<String> ourThreads() {
    List<String> names = new ArrayList<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      String name = thread.getName();
      if (name.startsWith("memjcache-store") || name.toLowerCase().contains("xmemcached")) {
        names.add(name);
      }
    }
    return names;
  }
}
