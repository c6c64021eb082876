// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.FrontProxy;
import org.memjcache.support.FrontProxy.Manner;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.MemcachedServer;

/** Behind a proxy one of two servers is away: only the entries on it are. */
@Tag("slow")
@Tag("any-jdk")
class ProxyTest {

  private static final String LIVE = "live";
  private static final String DEAD = "dead";

  private final MemcachedServer live = MemcachedServer.start();
  private final MemcachedServer dead = MemcachedServer.start();
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private @Nullable FrontProxy proxy;

  @AfterEach
  void close() {
    provider.close();
    if (proxy != null) {
      proxy.close();
    }
    live.close();
    dead.close();
  }

  private Cache<String, String> cache(Manner manner, String name, String options) {
    proxy = new FrontProxy(manner, List.of(live, dead), key -> key.contains(DEAD) ? 1 : 0);
    return provider
        .getCacheManager(
            URI.create("memcached://" + proxy.address() + "/shop?timeout=5s" + options), null)
        .createCache(name, new MutableConfiguration<String, String>());
  }

  private static void assertAway(Manner manner, Runnable call) {
    String words =
        switch (manner) {
          case MEMCACHED -> "SERVER_ERROR backend failure";
          case TWEMPROXY -> "SERVER_ERROR Connection refused";
          case MCROUTER -> "SERVER_ERROR connection error";
        };
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(call::run)
        .withMessageContaining(words)
        .withMessageContaining("The proxy 127.0.0.1:");
  }

  @ParameterizedTest
  @EnumSource
  void entriesOnTheOtherServer_areRead_andNoneIsMissedThatIsAway(Manner manner) {
    Cache<String, String> cache = cache(manner, "parcels", "");
    cache.putAll(Map.of("live1", "1", "live2", "2", "dead1", "3"));
    dead.kill();

    assertThat(cache.get("live1")).isEqualTo("1");
    assertAway(manner, () -> cache.get("dead1"));
    assertAway(manner, () -> cache.containsKey("dead2"));
    assertAway(manner, () -> cache.getAll(Set.of("live1", "dead1", "live2")));
    assertThat(cache.getAll(Set.of("live1", "live2", "live3"))).hasSize(2);
    assertThat(cache.get("live3")).isNull();
    cache.put("live3", "4");
    assertThat(cache.get("live3")).isEqualTo("4");
  }

  @ParameterizedTest
  @EnumSource
  void everyChange_isAnErrorWithTheWordsOfTheProxy(Manner manner) {
    Cache<String, String> cache = cache(manner, "parcels", "");
    cache.putAll(Map.of("dead1", "1", "live1", "1"));
    dead.kill();

    assertAway(manner, () -> cache.put("dead1", "2"));
    assertAway(manner, () -> cache.remove("dead1"));
    assertAway(manner, () -> cache.putIfAbsent("dead1", "2"));
    assertAway(manner, () -> cache.replace("dead1", "2"));
    assertAway(manner, () -> cache.invoke("dead1", (entry, arguments) -> entry.getValue()));
    assertThat(cache.get("live1")).isEqualTo("1");
    cache.clear();
    assertThat(cache.get("live1")).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void missOnFailure_missesThoseOnlyThatAreAway(Manner manner) {
    Cache<String, String> cache = cache(manner, "parcels", "&failure=miss");
    cache.putAll(Map.of("live1", "1", "live2", "2", "dead1", "3"));
    dead.kill();

    assertThat(cache.get("dead1")).isNull();
    assertThat(cache.get("live1")).isEqualTo("1");
    assertThat(cache.getAll(Set.of("live1", "dead1", "dead2"))).doesNotContainKey("dead1");
    assertThatCode(() -> cache.put("dead1", "4")).doesNotThrowAnyException();
    assertThatCode(() -> cache.remove("dead1")).doesNotThrowAnyException();
    assertThat(cache.get("live2")).as("nothing is cleared").isEqualTo("2");
  }

  @ParameterizedTest
  @EnumSource
  void changeThatWasLost_isNotForgotten(Manner manner) {
    Cache<String, String> cache = cache(manner, "parcels", "&failure=miss");
    cache.put("dead1", "old");
    cache.put("live1", "1");
    dead.pause();
    dead.kill();
    cache.put("dead1", "new");
    dead.restart();
    dead.command("version"); // it answers

    assertThat(cache.get("dead1")).isIn(null, "new");
    assertThat(cache.get("live1")).isEqualTo("1");
  }

  @ParameterizedTest
  @EnumSource
  void versionOnTheServerThatIsAway_itsEntriesAreAwayToo(Manner manner) {
    Cache<String, String> cache = cache(manner, "deadcache", "");
    cache.put("k", "1");
    dead.kill();

    assertAway(manner, () -> cache.get("k"));
    assertAway(manner, cache::clear);
  }

  @ParameterizedTest
  @EnumSource
  void versionOnTheServerThatIsAway_missOnFailure_isNotMadeAnew(Manner manner) {
    Cache<String, String> cache = cache(manner, "deadcache", "&failure=miss");
    cache.put("k", "1");
    dead.kill();

    assertThat(cache.get("k")).isNull();
    cache.put("k", "2");
    cache.clear();
    assertThat(cache.get("k")).isNull();
  }

  /** Nothing is away: a proxy that can't list keys must not look like an empty cache. */
  @ParameterizedTest
  @CsvSource({
    "MEMCACHED, throw", "MEMCACHED, miss",
    "TWEMPROXY, throw", "TWEMPROXY, miss",
    "MCROUTER, throw", "MCROUTER, miss",
  })
  void iteration_isRefused_alsoWithMissOnFailure(Manner manner, String failure) {
    Cache<String, String> cache = cache(manner, "parcels", "&failure=" + failure);
    cache.getCacheManager().enableStatistics("parcels", true); // removeAll counts the entries
    cache.put("live1", "1");

    List<Runnable> walks = List.of(() -> cache.iterator().next(), cache::removeAll);

    assertThat(walks).allSatisfy(walk -> assertNotListed(manner, walk));
    assertThat(cache.get("live1")).as("the connections go on").isEqualTo("1");
    dead.kill();
    assertThat(walks).allSatisfy(walk -> assertNotListed(manner, walk));
  }

  private void assertNotListed(Manner manner, Runnable walk) {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(walk::run)
        .withMessageContaining("memcached " + Objects.requireNonNull(proxy).address())
        .withMessageContaining(
            manner == Manner.MCROUTER
                ? "answered 'CLIENT_ERROR malformed request' to 'lru_crawler metadump hash'"
                : "closed 3 connections, one after another, in answer to 'lru_crawler")
        .withMessageContaining("a proxy doesn't pass the command on")
        .withMessageContaining("Name the memcached servers themselves");
  }

  /** The fault: with lines of several callers, nearly no get of the other server succeeded. */
  @ParameterizedTest
  @EnumSource
  void manyThreads_eachGetsItsOwn(Manner manner) throws Exception {
    Cache<String, String> cache = cache(manner, "parcels", "");
    Map<String, String> entries = new LinkedHashMap<>();
    IntStream.range(0, 50).forEach(i -> entries.put(LIVE + i, "v" + i));
    cache.putAll(entries);
    dead.kill();
    AtomicInteger found = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();

    SimultaneousThreads.run(
        8,
        thread -> {
          for (int i = 0; i < 400; i++) {
            String key = (thread % 2 == 0 ? LIVE : DEAD) + i % 50;
            try {
              String value = cache.get(key);
              (value != null && value.equals(entries.get(key)) ? found : others).incrementAndGet();
            } catch (CacheException e) {
              (e.getMessage().contains("SERVER_ERROR") ? refused : others).incrementAndGet();
            }
          }
        });

    assertThat(others).as("wrong answers, and errors of another kind").hasValue(0);
    if (manner == Manner.MEMCACHED) {
      assertThat(found).hasValue(1600);
      assertThat(refused).hasValue(1600);
    } else { // these refuse a whole line, but not for long: then each caller has its own
      assertThat(found).hasValueGreaterThan(800);
    }
  }

  /** Nobody takes what follows such an error for the response to something else. */
  @Test
  void errorThatNobodyKnows_isAnErrorThatNamesIt() {
    try (ScriptedServer server =
        new ScriptedServer(
            line -> line.startsWith("get ") ? "SERVER_ERROR my own words\r\nEND\r\n" : "")) {
      Cache<String, String> cache =
          provider
              .getCacheManager(
                  URI.create("memcached://" + server.address() + "/shop?timeout=5s"), null)
              .createCache("parcels", new MutableConfiguration<String, String>());
      for (int i = 0; i < 3; i++) {
        assertThatExceptionOfType(CacheException.class)
            .isThrownBy(() -> cache.get("k"))
            .withMessageContaining("my own words");
      }
    }
  }
}
