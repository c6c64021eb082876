// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Nobody waits for a server that is known to be away, whatever keeps it from answering, and it is
 * used again within two seconds of its return.
 */
@Tag("slow")
@Tag("any-jdk")
class CircuitTest {

  private static final Duration TIMEOUT = Duration.ofMillis(400);
  private static final int CALLS = 200;

  private MemcachedServer server;
  private RecordingProxy proxy;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  /** What keeps a server from answering. */
  private enum Away {
    DEAD {
      @Override
      void begin(MemcachedServer server, RecordingProxy proxy) {
        server.kill();
      }

      @Override
      void end(MemcachedServer server, RecordingProxy proxy) {
        server.restart();
      }
    },
    STOPPED {
      @Override
      void begin(MemcachedServer server, RecordingProxy proxy) {
        server.pause();
      }

      @Override
      void end(MemcachedServer server, RecordingProxy proxy) {
        server.resume();
      }
    },
    BLACK_HOLE {
      @Override
      void begin(MemcachedServer server, RecordingProxy proxy) {
        proxy.blackhole(true);
      }

      @Override
      void end(MemcachedServer server, RecordingProxy proxy) {
        proxy.blackhole(false);
      }
    };

    abstract void begin(MemcachedServer server, RecordingProxy proxy);

    abstract void end(MemcachedServer server, RecordingProxy proxy);
  }

  @BeforeEach
  void start() {
    server = MemcachedServer.start();
    proxy = RecordingProxy.start(server);
  }

  @AfterEach
  void stop() {
    provider.close();
    proxy.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "DEAD, throw",
    "DEAD, miss",
    "STOPPED, throw",
    "STOPPED, miss",
    "BLACK_HOLE, throw",
    "BLACK_HOLE, miss"
  })
  void serverIsAway_callsDoNotWaitOnceThatIsKnownAndItIsUsedWhenItIsBack(Away away, String failure)
      throws InterruptedException {
    Cache<String, String> cache =
        provider
            .getCacheManager(
                proxy.uri("app?timeout=400ms&connectTimeout=1s&failure=" + failure), null)
            .createCache("cache", new MutableConfiguration<>());
    await("the server is used").until(() -> works(cache));
    away.begin(server, proxy);
    long gone = System.nanoTime();
    await("calls don't wait any more").until(() -> isQuick(cache));
    Duration untilKnown = since(gone);

    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      assertThat(works(cache)).isFalse();
    }
    Duration calls = since(start);

    away.end(server, proxy);
    long returned = System.nanoTime();
    await("the server is used again").until(() -> works(cache));
    Duration untilBack = since(returned);
    System.out.printf(
        "circuit, %s, %s: known after %d ms, %d calls in %d ms, back after %d ms%n",
        away, failure, untilKnown.toMillis(), CALLS, calls.toMillis(), untilBack.toMillis());
    assertThat(calls).isLessThan(TIMEOUT.multipliedBy(CALLS / 10)); // each would wait for that long
    assertThat(untilBack).isLessThan(Duration.ofSeconds(2).plusSeconds(3)); // a busy machine
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static boolean isQuick(Cache<String, String> cache) {
    long start = System.nanoTime();
    boolean worked = works(cache);
    return !worked && System.nanoTime() - start < TIMEOUT.toNanos() / 4;
  }

  private static boolean works(Cache<String, String> cache) {
    try {
      cache.put("k", "v");
      return "v".equals(cache.get("k"));
    } catch (CacheException e) {
      return false;
    }
  }
}
