// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * Servers that are lost again and again, and managers that come and go: threads, sockets and heap
 * stay what they were.
 *
 * <p>Some thousands in every build; with {@code -Pendurance} 1,000 losses and 100,000 managers.
 */
@Memcached
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ResourceLeakTest {

  /** What is below the connections. */
  private enum Transport {
    PLAIN,
    TLS;

    MemcachedServer startServer() {
      MemcachedServer.Builder builder = MemcachedServer.builder();
      return (this == TLS ? builder.tls() : builder).start();
    }
  }

  private static final int MANAGERS = Integer.getInteger("endurance.managers", 9_000);
  private static final int LOSSES = Integer.getInteger("endurance.losses", 100);

  /** So many managers are opened before the first count: as many levels as are remembered. */
  private static final int MANAGERS_BEFORE = 6_000;

  private static final int LOSSES_BEFORE = 30;
  private static final int SERVERS = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** What the heap may differ by between two counts, in bytes. */
  private static final long HEAP_NOISE = 4 << 20;

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  ResourceLeakTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void managers_openedUsedAndClosed_leaveNothing() {
    try (MemcachedCachingProvider keeper = new MemcachedCachingProvider()) {
      keeper
          .getCacheManager(LongTimeoutUri.of(server, "application/kept"), null)
          .createCache("cache", configuration())
          .get("k");
      openAndClose(server, 0, MANAGERS_BEFORE);
      Counts before = count();

      openAndClose(server, MANAGERS_BEFORE, MANAGERS);

      requireNoMoreThan(before, MANAGERS - MANAGERS_BEFORE + " managers beside another one");
    }
  }

  /** Each is the first and the last one of its cluster: the client is started and stopped, too. */
  @ParameterizedTest
  @EnumSource
  void managers_eachWithAClientOfItsOwn_leaveNothing(Transport transport) {
    try (MemcachedServer other = transport.startServer()) {
      int managers = MANAGERS / 30;
      openAndClose(other, 0, managers / 3);
      Counts before = count();

      openAndClose(other, managers / 3, managers);

      requireNoMoreThan(before, managers - managers / 3 + " managers alone, " + transport);
    }
  }

  private void openAndClose(MemcachedServer server, int from, int to) {
    for (int i = from; i < to; i++) {
      URI uri = LongTimeoutUri.of(server, "application/tenant" + i);
      try (MemcachedCacheManager manager = provider.getCacheManager(uri, null)) {
        Cache<String, String> cache = manager.createCache("cache", configuration());
        cache.put("k", "v" + i);
        assertThat(cache.get("k")).isEqualTo("v" + i);
      }
    }
  }

  /**
   * Ten servers are lost together, as a server is not used again at once that was lost just now.
   */
  @ParameterizedTest
  @EnumSource
  void serversLost_againAndAgain_leaveNothing(Transport transport) {
    MemcachedServer lost = transport.startServer();
    List<RecordingProxy> proxies =
        IntStream.range(0, SERVERS).mapToObj(i -> RecordingProxy.start(lost)).toList();
    String servers = proxies.stream().map(RecordingProxy::address).collect(Collectors.joining(","));
    String uri = lost.uri("app?timeout=5s&failure=miss").toString();
    try {
      Cache<String, String> cache =
          provider
              .getCacheManager(URI.create(uri.replace(lost.address(), servers)), null)
              .createCache("cache", configuration());
      lose(cache, proxies, LOSSES_BEFORE / SERVERS);
      Counts before = count();

      lose(cache, proxies, LOSSES / SERVERS);

      requireNoMoreThan(before, LOSSES + " losses of a server, " + transport);
    } finally {
      provider.close();
      proxies.forEach(RecordingProxy::close);
      lost.close();
    }
  }

  private static void lose(Cache<String, String> cache, List<RecordingProxy> proxies, int times) {
    for (int i = 0; i < times; i++) {
      proxies.forEach(RecordingProxy::reset); // what they record is on this heap, too
      boolean refused = i % 5 == 0;
      if (refused) {
        proxies.forEach(proxy -> proxy.refuse(true));
      }
      proxies.forEach(RecordingProxy::dropConnections);
      if (refused) {
        await("the old entry is a miss").until(() -> cache.get("k") == null);
        cache.put("k", "lost");
        proxies.forEach(proxy -> proxy.refuse(false));
      }
      await("the entry is stored through one connection to each server")
          .until(
              () -> {
                cache.put("k", "v");
                return "v".equals(cache.get("k"))
                    && proxies.stream().allMatch(proxy -> proxy.openConnections() == 1);
              });
    }
  }

  private void requireNoMoreThan(Counts before, String what) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    Counts after = count();
    while (!after.isNoMoreThan(before) && System.nanoTime() < patience) {
      after = count();
    }
    System.out.printf("endurance, %s: %s, then %s%n", what, before, after);
    assertThat(after)
        .as("after %s, %s before", what, before)
        .matches(it -> it.isNoMoreThan(before));
  }

  /** Counts after what is garbage was collected: levels are noticed to be when the next is made. */
  private Counts count() {
    System.gc();
    openAndClose(server, -1, 0);
    return Counts.now();
  }

  private static MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<>();
  }

  /** What could be left behind. */
  private record Counts(int threads, int sockets, long heap) {

    static Counts now() {
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Counts(ourThreads(), openSockets(), runtime.totalMemory() - runtime.freeMemory());
    }

    boolean isNoMoreThan(Counts other) {
      return threads <= other.threads
          && sockets <= other.sockets
          && heap <= other.heap + HEAP_NOISE;
    }

    private static int ourThreads() {
      return (int)
          Thread.getAllStackTraces().keySet().stream()
              .map(Thread::getName)
              .filter(name -> name.startsWith("memjcache-") || name.startsWith("Xmemcached"))
              .count();
    }

    private static int openSockets() {
      String[] descriptors = Objects.requireNonNull(new File("/proc/self/fd").list());
      return (int) Arrays.stream(descriptors).filter(Counts::isSocket).count();
    }

    /** Other files come and go with the classes that the machine loads. */
    private static boolean isSocket(String descriptor) {
      try {
        return Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
            .toString()
            .startsWith("socket:");
      } catch (IOException e) {
        return false; // closed meanwhile
      }
    }
  }
}
