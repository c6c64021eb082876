// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** {@code consistency=bounded}: versions are trusted for a while, own clears are seen at once. */
@Memcached
class BoundedConsistencyTest {

  private static final AtomicInteger APPLICATIONS = new AtomicInteger();

  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final IsolatedProvider there = new IsolatedProvider();
  private MemcachedServer server;

  /** Another one for each test: what this process knows of versions outlives its caches. */
  private final String application = "app" + APPLICATIONS.incrementAndGet();

  @BeforeEach
  void start(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  @Test
  void get_withinTheStaleness_asksForTheItemOnly() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> cache = cache(here, proxy.uri(application + "/tenant"), "staleness=1h");
      cache.put("key", "value");
      proxy.reset();

      assertThat(cache.get("key")).isEqualTo("value");

      assertThat(proxy.requests())
          .singleElement()
          .satisfies(line -> assertThat(line.split(" ")).as(line).hasSize(2));
    }
  }

  @Tag("slow")
  @Test
  void get_afterTheStaleness_asksForTheVersionsToo() throws InterruptedException {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> cache =
          cache(here, proxy.uri(application + "/tenant"), "staleness=1ms");
      cache.put("key", "value");
      Thread.sleep(2); // the staleness has to pass; nothing else is waited for
      proxy.reset();

      assertThat(cache.get("key")).isEqualTo("value");

      assertThat(proxy.requests())
          .singleElement()
          .satisfies(line -> assertThat(line.split(" ")).as(line).hasSize(5));
    }
  }

  @Test
  void clear_byThisProcess_isSeenAtOnceByAllItsCaches() {
    Cache<String, String> cache = cache(here, server.uri(application + "/tenant"), "staleness=1h");
    cache.put("key", "value");

    here.clear(URI.create(server.uri(application) + "?consistency=bounded&staleness=1h"));

    assertThat(cache.get("key")).isNull();
    cache.put("key", "newer");
    assertThat(cache.get("key")).isEqualTo("newer");
  }

  /** Who clears, in the process of the cache, with a client of its own. */
  private enum Clearing {
    CACHE_OF_ANOTHER_MANAGER {
      @Override
      void clear(MemcachedCachingProvider provider, MemcachedServer server, String application) {
        cache(provider, server.uri(application + "/tenant"), "staleness=30m").clear();
      }
    },
    MANAGER {
      @Override
      void clear(MemcachedCachingProvider provider, MemcachedServer server, String application) {
        provider.getCacheManager(server.uri(application + "/tenant?timeout=7s"), null).clear();
      }
    },
    PROVIDER {
      @Override
      void clear(MemcachedCachingProvider provider, MemcachedServer server, String application) {
        provider.clear(server.uri(application + "?connections=2"));
      }
    },
    CLOSED_BEFORE {
      @Override
      void clear(MemcachedCachingProvider provider, MemcachedServer server, String application) {
        provider
            .getCacheManager(server.uri(application + "/tenant?timeout=8s"), null)
            .destroyCache("cache");
        provider.close();
      }
    };

    abstract void clear(
        MemcachedCachingProvider provider, MemcachedServer server, String application);
  }

  @ParameterizedTest
  @EnumSource
  void clear_byAnotherProviderOfThisProcess_isSeenAtOnce(Clearing clearing) {
    Cache<String, String> cache = cache(here, server.uri(application + "/tenant"), "staleness=1h");
    cache.put("key", "value");

    try (MemcachedCachingProvider other = new MemcachedCachingProvider()) {
      clearing.clear(other, server, application);
    }

    assertThat(cache.get("key")).isNull();
  }

  @Test
  void version_setBackWhileNoCacheWasOpen_isNoticed() {
    Cache<String, String> cache = cache(here, server.uri(application + "/tenant"), "staleness=1ms");
    cache.put("key", "old");
    String old = server.command("get " + versionKey()).get(1);
    cache.clear();
    here.close();
    server.command("set " + versionKey() + " 0 0 19\r\n" + old);

    Cache<String, String> again = cache(here, server.uri(application + "/tenant"), "staleness=1ms");

    assertThat(again.get("key")).isNull();
  }

  /**
   * Reads are timed: one that begins later than the staleness after a clear had returned must not
   * see what was put before the clear. Four threads read, the other process puts and clears.
   */
  @Test
  @Tag("slow")
  @Tag("any-jdk")
  void get_beginsLaterThanTheStalenessAfterAClear_neverSeesWhatWasThere() {
    Duration staleness = Duration.ofMillis(30);
    Cache<String, Integer> cache =
        here.getCacheManager(
                server.uri(application + "/tenant?timeout=10s&consistency=bounded&staleness=30ms"),
                null)
            .createCache("cache", new MutableConfiguration<>());
    Cache<String, Integer> other =
        there.cache(server.uri(application + "/tenant?timeout=10s"), "cache");
    int rounds = 60;
    AtomicLongArray clearedAt = new AtomicLongArray(rounds);
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong lateReads = new AtomicLong();
    AtomicLong staleReads = new AtomicLong();

    SimultaneousThreads.run(
        5,
        thread -> {
          if (thread == 4) {
            for (int i = 0; i < rounds; i++) {
              other.put("key", i);
              Thread.sleep(10);
              other.clear();
              clearedAt.set(i, System.nanoTime());
              Thread.sleep(i % 2 == 0 ? 5 : 60);
            }
            ended.set(true);
          }
          while (!ended.get()) {
            long begin = System.nanoTime();
            Integer seen = cache.get("key");
            long cleared = seen == null ? 0 : clearedAt.get(seen);
            if (cleared != 0 && begin - cleared > 0) {
              staleReads.incrementAndGet();
              if (begin - cleared > staleness.toNanos()) {
                lateReads.incrementAndGet();
              }
            }
          }
        });

    assertThat(lateReads).hasValue(0);
    assertThat(staleReads).hasPositiveValue(); // it is bounded, not strict: the test can fail
  }

  @Test
  @Tag("slow")
  @Tag("any-jdk")
  void clear_byAnotherProcess_isSeenWhenTheStalenessHasPassed() throws InterruptedException {
    Cache<String, String> cache =
        cache(here, server.uri(application + "/tenant"), "staleness=20ms");
    Cache<String, String> other =
        there.cache(server.uri(application + "/tenant?timeout=10s"), "cache");
    for (int i = 0; i < 10; i++) {
      cache.put("key", "value " + i);
      other.clear();
      long cleared = System.nanoTime();

      await("the clear is seen").until(() -> cache.get("key") == null);

      // Not how fast, but that what is asked for after the staleness is never older.
      while (System.nanoTime() - cleared < 20_000_000L) {
        Thread.onSpinWait();
      }
      assertThat(cache.get("key")).isNull();
    }
  }

  @Test
  void readModifyWrite_withinTheStaleness_losesNoUpdate() {
    Cache<String, Integer> cache =
        here.getCacheManager(
                URI.create(
                    server.uri(application + "/tenant") + "?consistency=bounded&staleness=1h"),
                null)
            .createCache("counter", new MutableConfiguration<String, Integer>());
    Cache<String, Integer> other =
        there.cache(server.uri(application + "/tenant?timeout=10s"), "counter");
    for (int i = 0; i < 50; i++) {
      add(cache);
      add(other);
    }

    assertThat(cache.get("n")).isEqualTo(100);
  }

  /**
   * What another process puts while it learns of a clear is stored under the version from before,
   * too. Who hasn't noticed the clear finds it there, and replaces it there only.
   */
  @Test
  void put_withinTheStalenessOfAClear_mayBeLostWithIt_thoughItReplacedWhatWasPutAfterIt() {
    URI uri = server.uri(application + "/tenant");
    Cache<String, String> cache = cache(here, uri, "staleness=1h");
    Cache<String, String> other = there.cache(URI.create(uri + "?timeout=10s"), "cache");
    cache.put("key", "old");
    assertThat(other.get("key")).isEqualTo("old");
    server.command("incr " + versionKey() + " " + (1 << 20)); // a clear by a third process
    other.put("key", "theirs");

    assertThat(cache.get("key")).isEqualTo("theirs");
    cache.put("key", "own");
    assertThat(cache.get("key")).isEqualTo("own");
    Cache<String, String> strict =
        here.getCacheManager(URI.create(uri + "?timeout=10s"), null)
            .createCache("cache", new MutableConfiguration<>());
    assertThat(strict.get("key")).isEqualTo("theirs"); // from now on the clear is known here
    assertThat(cache.get("key")).isEqualTo("theirs");
  }

  @Test
  void invoke_theProcessorClearsTheCacheOnce_runsAgainOnTheEmptyCache() {
    Cache<String, String> cache = cache(here, server.uri(application + "/tenant"), "staleness=1h");
    cache.put("key", "value");
    List<String> seen = new ArrayList<>();

    cache.invoke(
        "key",
        (entry, arguments) -> {
          seen.add(String.valueOf(entry.getValue()));
          if (seen.size() == 1) {
            cache.clear();
          }
          entry.setValue("processed");
          return null;
        });

    assertThat(seen).containsExactly("value", "null");
    assertThat(cache.get("key")).isEqualTo("processed");
  }

  @Tag("slow")
  @Test
  void writes_whileAnotherThreadClears_goToTheNewVersion() {
    Cache<String, String> cache =
        cache(here, server.uri(application + "/tenant"), "staleness=1h&timeout=9s");

    SimultaneousThreads.run(
        4,
        thread -> {
          for (int i = 0; i < 500; i++) {
            switch (thread) {
              case 0 -> cache.put("put", "value");
              case 1 -> cache.putIfAbsent("added", "value");
              default -> cache.clear();
            }
          }
        });
    cache.put("key", "value");

    assertThat(cache.get("key")).isEqualTo("value");
  }

  @Test
  void staleness_withoutBounded_isRefused() {
    URI uri = URI.create(server.uri(application + "/tenant") + "?staleness=10ms");

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> here.getCacheManager(uri, null))
        .withMessageContaining("staleness")
        .withMessageContaining("consistency=bounded");
  }

  private String versionKey() {
    return application + "/tenant/cache:cache";
  }

  private static void add(Cache<String, Integer> cache) {
    cache.invoke(
        "n",
        (entry, arguments) -> {
          entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
          return null;
        });
  }

  private static Cache<String, String> cache(
      MemcachedCachingProvider provider, URI uri, String staleness) {
    return provider
        .getCacheManager(URI.create(uri + "?consistency=bounded&" + staleness), null)
        .createCache("cache", new MutableConfiguration<>());
  }
}
