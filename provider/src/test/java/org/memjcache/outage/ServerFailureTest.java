// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.memjcache.support.Waiting.await;
import static org.memjcache.support.Waiting.awaitWaiting;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.support.CacheOperation;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * What callers get when a server is away, comes late, or isn't one: always a {@code CacheException}
 * that names operation, cache, server and the time waited, within the timeout.
 */
@Timeout(60)
@Tag("slow")
@Tag("any-jdk")
class ServerFailureTest {

  private static final String CACHE = "hotels/Lisboa/info";

  /** Far above any timeout in use here: a test that takes this long is wrong, a machine isn't. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    caches.close();
  }

  @ParameterizedTest
  @EnumSource(CacheOperation.class)
  void serverThatIsDown_isNamedByEveryOperation(CacheOperation operation) {
    try (MemcachedServer server = MemcachedServer.start()) {
      server.kill();
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=30s"));

      assertThatThrownBy(() -> operation.on(cache))
          .isInstanceOf(CacheException.class)
          .hasMessageMatching(
              "(?s)%s on '%s' failed after \\d+ ms: memcached %s has been down since .* \\(\\d+ ms\\): .+"
                  .formatted(
                      operation.nameInErrors(), operation.namespace(CACHE), server.address()))
          .hasMessageContaining("Connection refused")
          .hasMessageContaining("the request was not sent");
    }
  }

  @ParameterizedTest
  @EnumSource(CacheOperation.class)
  void serverThatDiesLater_isNamedByEveryOperation(CacheOperation operation) {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=30s"));
      cache.put("k", "v");
      server.kill();

      for (int i = 0; i < 3; i++) {
        Cache<String, String> used =
            cache.isClosed() ? caches.cache(cache.getCacheManager().getURI()) : cache;
        assertThatThrownBy(() -> operation.on(used))
            .isInstanceOf(CacheException.class)
            .hasMessageMatching(
                "(?s)%s on '%s' failed after \\d+ ms: .*memcached %s .*"
                    .formatted(
                        operation.nameInErrors(), operation.namespace(CACHE), server.address()));
      }
    }
  }

  @Test
  void serverThatIsKnownToBeDown_isNotWaitedFor() {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=1h"));
      cache.put("k", "v");
      server.kill();

      for (int i = 0; i < 1_000; i++) { // would take 1,000 hours
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CacheOperation.class,
      names = {"GET", "PUT", "PUT_ALL", "REMOVE", "INVOKE", "CLEAR", "ITERATOR"})
  void pausedServer_failsAfterTheTimeout(CacheOperation operation) {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=250ms"));
      cache.put("k", "v");
      server.pause();
      long start = System.nanoTime();

      Throwable failure = catchThrowable(() -> operation.on(cache));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(250), LONG);
      assertThat(failure)
          .isInstanceOf(CacheException.class)
          .hasMessageMatching(
              ("%s on '%s' failed after \\d+ ms: No response from memcached %s within \\d+ ms;"
                      + " whether the request was carried out is unknown")
                  .formatted(operation.nameInErrors(), CACHE, server.address()));
    }
  }

  @Test
  void pausedServer_givesNobodyTheAnswersOfOthersWhenItGoesOn() throws InterruptedException {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=200ms"));
      Map<String, String> entries = new HashMap<>();
      IntStream.range(0, 50).forEach(i -> entries.put("k" + i, "v" + i));
      cache.putAll(entries);
      server.pause();
      for (String key : List.of("k1", "k2", "k3")) {
        assertThatThrownBy(() -> cache.get(key)).isInstanceOf(CacheException.class);
      }

      server.resume();

      await("the server answers again").until(() -> answers(cache, "k4"));
      entries.forEach((key, value) -> assertThat(cache.get(key)).isEqualTo(value));
    }
  }

  @Test
  void serverThatIsBack_isUsedAgainWithinTwoSecondsAndIsEmpty() throws InterruptedException {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa"));
      cache.put("k", "v");
      server.kill();
      assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);

      server.restart();

      long restarted = System.nanoTime();
      await("the server is used again").until(() -> answers(cache, "k"));
      assertThat(Duration.ofNanos(System.nanoTime() - restarted))
          .isLessThan(Duration.ofSeconds(2).plus(Duration.ofSeconds(3))); // 3 for a busy machine
      assertThat(cache.get("k")).isNull();
      cache.put("k", "w");
      assertThat(cache.get("k")).isEqualTo("w");
    }
  }

  @Test
  void hostThatNobodyKnows_isNamed() {
    Cache<String, String> cache =
        caches.cache(URI.create("memcached://nowhere.invalid:11211/hotels/Lisboa?timeout=5s"));

    assertThatThrownBy(() -> cache.get("k"))
        .isInstanceOf(CacheException.class)
        .hasMessageMatching(
            "(?s)get on 'hotels/Lisboa/info' failed after \\d+ ms: memcached nowhere.invalid:11211"
                + " (has been down|could not be connected to).*");
  }

  @Test
  void portOfAnotherProgram_isSeenByItsAnswer() throws IOException {
    try (ServerSocket program = answering("HTTP/1.1 400 Bad Request\r\n")) {
      Cache<String, String> cache = caches.cache(uri(program));

      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("get on 'hotels/Lisboa/info' failed after ")
          .hasMessageContaining("memcached 127.0.0.1:" + program.getLocalPort())
          .hasMessageContaining(
              "asked for its version it answered 'HTTP/1.1 400 Bad Request', not like a memcached");
    }
  }

  @Test
  void portThatIsSilent_failsAfterTheTimeout() throws IOException {
    try (ServerSocket program = answering("")) {
      Cache<String, String> cache = caches.cache(uri(program));

      assertThatThrownBy(() -> cache.get("k"))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("get on 'hotels/Lisboa/info' failed after ")
          .hasMessageContaining("memcached 127.0.0.1:" + program.getLocalPort());
    }
  }

  @Test
  void oneServerOfThree_takesOnlyItsOwnEntriesAway() {
    try (MemcachedCluster cluster = MemcachedCluster.start(3)) {
      Cache<String, String> cache = caches.cache(cluster.uri("?timeout=5s"));
      Map<String, String> entries = new HashMap<>();
      IntStream.range(0, 60).forEach(i -> entries.put("k" + i, "v"));
      cache.putAll(entries);
      MemcachedServer dead = cluster.server(1);

      dead.kill();

      assertThatThrownBy(() -> cache.putAll(replaced(entries)))
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("putAll on 'info' failed after ")
          .hasMessageContaining("memcached " + dead.address());
      int away = 0;
      for (String key : entries.keySet()) {
        Throwable failure = catchThrowable(() -> assertThat(cache.get(key)).isEqualTo("w"));
        if (failure != null) {
          assertThat(failure)
              .isInstanceOf(CacheException.class)
              .hasMessageContaining("memcached " + dead.address());
          away++;
        }
      }
      assertThat(away).isBetween(1, 59);
      assertThatThrownBy(() -> cache.getAll(entries.keySet()))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("memcached " + dead.address());
    }
  }

  @Test
  void loadAll_tellsItsListener() {
    try (MemcachedServer server = MemcachedServer.start()) {
      server.kill();
      MutableConfiguration<String, String> configuration =
          TestProvider.strings()
              .setCacheLoaderFactory(
                  () -> new FunctionLoader<String, String>(Map.of("k", "v")::get));
      Cache<String, String> cache =
          caches.manager(server.uri("hotels/Lisboa")).createCache("info", configuration);
      CompletionListenerFuture done = new CompletionListenerFuture();

      cache.loadAll(Set.of("k"), true, done);

      assertThatThrownBy(done::get)
          .cause()
          .isInstanceOf(CacheException.class)
          .hasMessageStartingWith("loadAll on 'hotels/Lisboa/info' failed after ")
          .hasMessageContaining("memcached " + server.address());
    }
  }

  @Test
  void operationOfSeveralRoundTrips_waitsNoLongerThanItsTimeout() {
    try (MemcachedServer server = MemcachedServer.start();
        RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> known = caches.cache(proxy.uri("hotels/Lisboa?timeout=2s"));
      Cache<String, String> fresh = caches.cache(proxy.uri("motels/Porto?timeout=2s"));
      known.put("k", "v");
      proxy.delay(Duration.ofMillis(1_300)); // enough for one round trip, not for two

      assertThatThrownBy(() -> known.getAndPut("k", "w"))
          .isInstanceOf(CacheException.class)
          .hasMessageMatching(
              "getAndPut on '%s' failed after \\d+ ms: No response.*".formatted(CACHE));
      assertThatThrownBy(() -> fresh.put("k", "v"))
          .isInstanceOf(CacheException.class)
          .hasMessageMatching("put on 'motels/Porto/info' failed after \\d+ ms: No response.*");
    }
  }

  @Test
  void timeInProcessorsAndLoaders_isNoWaiting() {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=1s"));

      cache.invoke(
          "k",
          (entry, arguments) -> {
            LockSupport.parkNanos(Duration.ofMillis(1_500).toNanos());
            entry.setValue("v");
            return null;
          });

      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  @Test
  void interrupt_endsTheWaitAndKeepsTheFlag() throws Exception {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa?timeout=1h"));
      cache.put("k", "v");
      server.pause();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                failure.complete(catchThrowable(() -> cache.get("k")));
                flag.complete(Thread.currentThread().isInterrupted());
              });
      thread.start();
      awaitWaiting(thread);

      thread.interrupt();

      assertThat(failure.get())
          .isInstanceOf(CacheException.class)
          .hasMessageMatching(
              ("get on 'hotels/Lisboa/info' failed after \\d+ ms: Interrupted after \\d+ ms while"
                      + " waiting for memcached %s; whether the request was carried out is unknown")
                  .formatted(server.address()));
      assertThat(flag.get()).isTrue();
      server.resume();
      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  @Test
  void interruptedThread_sendsNothingAndKeepsTheFlag() {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa"));
      cache.put("k", "v");
      Throwable failure;
      boolean flag;
      Thread.currentThread().interrupt();
      try {
        failure = catchThrowable(() -> cache.put("k", "w"));
      } finally {
        flag = Thread.interrupted();
      }

      assertThat(failure)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("put on 'hotels/Lisboa/info'")
          .hasMessageContaining("Interrupted")
          .hasMessageContaining("the request was not sent");
      assertThat(flag).isTrue();
      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  private static Map<String, String> replaced(Map<String, String> entries) {
    Map<String, String> others = new HashMap<>(entries);
    others.replaceAll((key, value) -> "w");
    return others;
  }

  private static boolean answers(Cache<String, String> cache, String key) {
    try {
      cache.get(key);
      return true;
    } catch (CacheException e) {
      return false;
    }
  }

  private static URI uri(ServerSocket program) {
    return URI.create(
        "memcached://127.0.0.1:" + program.getLocalPort() + "/hotels/Lisboa?timeout=500ms");
  }

  /** A program that says one thing to whoever connects, and nothing more. */
  private static ServerSocket answering(String text) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try {
                  Socket client = socket.accept();
                  OutputStream out = client.getOutputStream();
                  out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                  out.flush();
                } catch (IOException e) {
                  return; // closed
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
    return socket;
  }
}
