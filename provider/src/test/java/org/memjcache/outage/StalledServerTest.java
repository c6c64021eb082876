// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.FailureMode;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.MemcachedCluster;

/** A server that stands still for a moment costs the entries that were written then, no others. */
@Tag("slow")
@Tag("any-jdk")
class StalledServerTest {

  private static final int ENTRIES = 2_000;

  private MemcachedCluster servers;
  private MemcachedCachingProvider provider;

  @BeforeEach
  void start() {
    servers = MemcachedCluster.start(1);
    provider = new MemcachedCachingProvider();
  }

  @AfterEach
  void stop() {
    provider.close();
    servers.close();
  }

  private Cache<String, String> cache(FailureMode failure, String options) {
    return cache(failure, 100, options);
  }

  private Cache<String, String> cache(FailureMode failure, int timeoutMillis, String options) {
    return provider
        .getCacheManager(
            servers.uri(
                "/app/tenant?timeout="
                    + timeoutMillis
                    + "ms&failure="
                    + failure.name().toLowerCase(Locale.ROOT)
                    + options),
            null)
        .createCache(
            "cache",
            new MutableConfiguration<String, String>().setTypes(String.class, String.class));
  }

  /** Shorter than the silence after which the connection is given up, and longer. */
  @ParameterizedTest
  @CsvSource({
    "300, &protocol=text",
    "1200, &protocol=text",
    "1200, &protocol=binary",
    "1200, &connections=2",
    "1200, &consistency=bounded"
  })
  void writesDuringStalls_loseTheirOwnEntriesOnly(int millis, String options) throws Exception {
    Cache<String, String> cache = cache(FailureMode.MISS, 250, options);
    cache.putAll(
        IntStream.range(0, ENTRIES)
            .mapToObj(i -> "key " + i)
            .collect(Collectors.toMap(Function.identity(), key -> "old")));
    cache.put("first", "value");
    var version = servers.server(0).command("get app/tenant/cache:cache");

    for (int stall = 0; stall < 4; stall++) {
      int round = stall;
      servers.server(0).pause();
      try {
        SimultaneousThreads.run(
            8,
            thread -> {
              long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
              for (int i = 0; System.nanoTime() < end; i++) {
                String key = "key " + (round * 8 + thread);
                if (i % 3 == 2) {
                  cache.remove(key);
                } else {
                  cache.put(key, "new");
                }
                assertThat(cache.get(key)).isNotEqualTo("old");
              }
            });
      } finally {
        servers.server(0).resume();
      }
      await("the server is used again").until(() -> "value".equals(cache.get("first")));
    }

    Set<String> others =
        IntStream.range(32, ENTRIES).mapToObj(i -> "key " + i).collect(Collectors.toSet());
    await("all others are read in time").until(() -> cache.getAll(others).size() == others.size());
    assertThat(servers.server(0).command("get app/tenant/cache:cache")).isEqualTo(version);
    for (int i = 0; i < 32; i++) {
      assertThat(cache.get("key " + i)).isNotEqualTo("old");
    }
  }

  @ParameterizedTest
  @EnumSource
  void writeOverAConnectionThatIsGivenUp_isNeverSeenAfterALaterOne(FailureMode failure)
      throws Exception {
    Cache<String, String> cache = cache(failure, "&connections=2");
    for (int i = 0; i < 20; i++) {
      String key = "key " + i;
      cache.put(key, "old");
      servers.server(0).pause();
      attempt(() -> cache.put(key, "lost"));
      await("the connection is given up").until(() -> isDown(cache));
      servers.server(0).resume();

      await("the server is used again")
          .until(() -> attempt(() -> cache.put(key, "new")) && "new".equals(cache.get(key)));

      for (int read = 0; read < 100; read++) {
        assertThat(cache.get(key)).isEqualTo("new");
      }
    }
  }

  /** Returns whether it did not fail. */
  private static boolean attempt(Runnable operation) {
    try {
      operation.run();
      return true;
    } catch (CacheException e) {
      return false;
    }
  }

  /** An operation on a server that is down fails at once. */
  private static boolean isDown(Cache<String, String> cache) {
    long begin = System.nanoTime();
    attempt(() -> cache.get("other"));
    return System.nanoTime() - begin < TimeUnit.MILLISECONDS.toNanos(50);
  }

  private Cache<String, String> writtenThrough(
      String path, String options, RecordingWriter writer) {
    return provider
        .getCacheManager(servers.uri(path + "?timeout=200ms" + options), null)
        .createCache(
            "written",
            new MutableConfiguration<String, String>()
                .setWriteThrough(true)
                .setCacheWriterFactory(() -> writer));
  }

  /** What the writer was given is newer, whatever the caller was told. */
  @Test
  void writeThatFails_afterTheWriterWasCalled_leavesNoOlderValue() throws Exception {
    RecordingWriter writer = new RecordingWriter();
    Cache<String, String> cache = writtenThrough("/app/tenant", "", writer);
    cache.putAll(Map.of("sent", "old", "unsent", "old", "other", "kept"));
    servers.server(0).pause();

    assertThat(attempt(() -> cache.put("sent", "new"))).isFalse();
    await("the connection is given up").until(() -> isDown(cache));
    assertThat(attempt(() -> cache.put("unsent", "new"))).isFalse();

    servers.server(0).resume();
    await("the server is used again").until(() -> attempt(() -> cache.get("other")));
    assertThat(writer.calls()).contains("write sent", "write unsent");
    assertThat(cache.get("sent")).isNull();
    assertThat(cache.get("unsent")).isNull();
    assertThat(cache.get("other")).isEqualTo("kept");
  }

  /** The change fails before it is sent: the process knows no versions yet, and can't read them. */
  @ParameterizedTest
  @CsvSource({
    "put, eternal",
    "putAll, eternal",
    "remove, eternal",
    "removeAll, eternal",
    "putAll, created:1h",
    "removeAll, created:1h"
  })
  void firstOperationFails_afterTheWriterWasCalled_leavesNoOlderValue(String change, String expiry)
      throws Exception {
    try (IsolatedProvider another = new IsolatedProvider()) {
      another
          .cache(servers.uri("/app/first"), "written")
          .putAll(Map.of("a", "old", "b", "old", "other", "kept"));
    }
    RecordingWriter writer = new RecordingWriter();
    Cache<String, String> cache = writtenThrough("/app/first", "&cache.*.expiry=" + expiry, writer);
    servers.server(0).pause();

    boolean succeeded =
        attempt(
            () -> {
              switch (change) {
                case "put" -> cache.put("a", "new");
                case "putAll" -> cache.putAll(Map.of("a", "new", "b", "new"));
                case "remove" -> cache.remove("a");
                default -> cache.removeAll(Set.of("a", "b"));
              }
            });

    servers.server(0).resume();
    await("the server is used again").until(() -> attempt(() -> cache.get("other")));
    assertThat(succeeded).isFalse();
    assertThat(writer.calls()).hasSize(1);
    assertThat(cache.get("a")).isNull();
    assertThat(cache.get("other")).isEqualTo("kept");
    if (change.endsWith("All")) {
      assertThat(cache.get("b")).isNull();
    }
  }

  @Test
  void lostRemoval_isMadeForOtherProcessesWithoutAnyUse() throws Exception {
    Cache<String, String> cache = cache(FailureMode.MISS, "");
    cache.putAll(Map.of("key", "old", "other", "kept"));
    servers.server(0).pause();
    cache.remove("key");
    servers.server(0).resume();

    try (IsolatedProvider another = new IsolatedProvider()) {
      Cache<String, String> theirs = another.cache(servers.uri("/app/tenant?timeout=9s"), "cache");

      await("the entry is removed").until(() -> theirs.get("key") == null);
      assertThat(theirs.get("other")).isEqualTo("kept");
    }
  }

  /** The one that is closed has lost removals in the same caches. */
  @Test
  void lostRemovals_ofAManagerThatIsOpen_areMadeAlthoughAnotherOneWasClosed() throws Exception {
    MemcachedCacheManager closed = manager("timeout=110ms");
    MemcachedCacheManager open = manager("timeout=100ms");
    List<String> names = IntStream.range(0, 10).mapToObj(i -> "cache" + i).toList();
    for (String name : names) {
      create(closed, name).putAll(Map.of("ofClosed", "old", "ofOpen", "old"));
      create(open, name);
    }
    servers.server(0).pause();
    for (String name : names) {
      closed.getCache(name).remove("ofClosed");
      open.getCache(name).remove("ofOpen");
    }
    closed.close();
    servers.server(0).resume();

    try (IsolatedProvider another = new IsolatedProvider()) {
      for (String name : names) {
        Cache<String, String> theirs = another.cache(servers.uri("/app/tenant?timeout=9s"), name);

        await("the entry of " + name + " is removed").until(() -> theirs.get("ofOpen") == null);
      }
    }
  }

  private MemcachedCacheManager manager(String options) {
    return provider.getCacheManager(servers.uri("/app/tenant?failure=miss&" + options), null);
  }

  private static Cache<String, String> create(MemcachedCacheManager manager, String name) {
    return manager.createCache(
        name, new MutableConfiguration<String, String>().setTypes(String.class, String.class));
  }

  /** What was put after a clear belongs to nobody's lost write. */
  @Test
  void clear_settlesWhatWasLostBefore() throws Exception {
    Cache<String, String> cache = cache(FailureMode.MISS, "");
    cache.put("key", "old");
    servers.server(0).kill();
    cache.put("key", "lost");
    servers.server(0).restart();
    await("the server is used again")
        .until(
            () -> {
              cache.put("probe", "value");
              return "value".equals(cache.get("probe"));
            });
    cache.clear();

    cache.put("key", "new");

    TimeUnit.MILLISECONDS.sleep(1_200); // two rounds of the thread that removes what is pending
    assertThat(cache.get("key")).isEqualTo("new");
  }

  /** The connection is cut behind a request that was sent: it may still be carried out. */
  @Test
  void writeOverAConnectionThatIsLost_clearsTheCache() throws Exception {
    Cache<String, String> cache = cache(FailureMode.MISS, "");
    cache.putAll(Map.of("key", "old", "other", "kept"));
    servers.server(0).pause();
    cache.put("key", "lost");
    servers.server(0).kill();
    servers.server(0).restart();

    await("the server is used again")
        .until(
            () -> {
              cache.put("probe", "value");
              return "value".equals(cache.get("probe"));
            });

    assertThat(cache.get("key")).isNull();
  }
}
