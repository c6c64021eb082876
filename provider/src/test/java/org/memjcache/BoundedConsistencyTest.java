package org.memjcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.namespace.Together;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** {@code consistency=bounded}: versions are trusted for a while, own clears are seen at once. */
@Memcached
class BoundedConsistencyTest {

  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final MemcachedCachingProvider there = new MemcachedCachingProvider();
  private MemcachedServer server;

  @BeforeEach
  void start(MemcachedServer server) {
    this.server = server;
    server.flushAll();
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  @Test
  void get_withinTheStaleness_asksForTheItemOnly() {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> cache = cache(here, proxy.uri("/app/tenant"), "staleness=1h");
      cache.put("key", "value");
      proxy.reset();

      assertThat(cache.get("key")).isEqualTo("value");

      assertThat(proxy.requests())
          .singleElement()
          .satisfies(line -> assertThat(line.split(" ")).as(line).hasSize(2));
    }
  }

  @Test
  void get_afterTheStaleness_asksForTheVersionsToo() throws InterruptedException {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> cache = cache(here, proxy.uri("/app/tenant"), "staleness=1ms");
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
    Cache<String, String> cache = cache(here, server.uri("/app/tenant"), "staleness=1h");
    cache.put("key", "value");

    here.clear(URI.create(server.uri("/app") + "?consistency=bounded&staleness=1h"));

    assertThat(cache.get("key")).isNull();
    cache.put("key", "newer");
    assertThat(cache.get("key")).isEqualTo("newer");
  }

  @Test
  void clear_byAnotherProcess_isSeenWhenTheStalenessHasPassed() throws InterruptedException {
    Cache<String, String> cache = cache(here, server.uri("/app/tenant"), "staleness=20ms");
    Cache<String, String> other =
        there
            .getCacheManager(URI.create(server.uri("/app/tenant") + "?timeout=2s"), null)
            .createCache("cache", new MutableConfiguration<>());
    for (int i = 0; i < 10; i++) {
      cache.put("key", "value " + i);
      other.clear();
      long cleared = System.nanoTime();

      Until.holds("the clear is seen", () -> cache.get("key") == null);

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
                URI.create(server.uri("/app/tenant") + "?consistency=bounded&staleness=1h"), null)
            .createCache("counter", new MutableConfiguration<String, Integer>());
    Cache<String, Integer> other =
        there
            .getCacheManager(URI.create(server.uri("/app/tenant") + "?timeout=2s"), null)
            .createCache("counter", new MutableConfiguration<String, Integer>());
    for (int i = 0; i < 50; i++) {
      add(cache);
      add(other);
    }

    assertThat(cache.get("n")).isEqualTo(100);
  }

  @Test
  void invoke_theProcessorClearsTheCacheOnce_runsAgainOnTheEmptyCache() {
    Cache<String, String> cache = cache(here, server.uri("/app/tenant"), "staleness=1h");
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

  @Test
  void writes_whileAnotherThreadClears_goToTheNewVersion() {
    Cache<String, String> cache = cache(here, server.uri("/app/tenant"), "staleness=1h");

    Together.run(
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
    URI uri = URI.create(server.uri("/app/tenant") + "?staleness=10ms");

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> here.getCacheManager(uri, null))
        .withMessageContaining("staleness")
        .withMessageContaining("consistency=bounded");
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
