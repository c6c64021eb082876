// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** Many managers that come and go, and closing while others are at work: nothing stays behind. */
@Memcached
class ManagerLifecycleTest {

  private static final int MANAGERS = 1_000;

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final Set<Thread> threadsBefore = new HashSet<>();
  private int connectionsBefore;

  ManagerLifecycleTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void count() {
    threadsBefore.addAll(Thread.getAllStackTraces().keySet());
    connectionsBefore = connections();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  @Tag("slow")
  void thousandManagers_openedUsedAndClosed_leaveNoThreadAndNoSocket() {
    for (int i = 0; i < MANAGERS; i++) {
      MemcachedCacheManager manager =
          provider.getCacheManager(LongTimeoutUri.of(server, "application/tenant" + i), null);
      Cache<String, String> cache = manager.createCache("cache", new MutableConfiguration<>());
      cache.put("k", "v" + i);
      assertThat(cache.get("k")).isEqualTo("v" + i);
      manager.close();
    }

    awaitNothingLeft();
  }

  @Test
  @Tag("slow")
  void thousandManagers_openTogether_shareOneSocketAndLeaveNone() {
    List<Cache<String, String>> caches = new ArrayList<>();
    for (int i = 0; i < MANAGERS; i++) {
      caches.add(
          provider
              .getCacheManager(LongTimeoutUri.of(server, "application/tenant" + i), null)
              .createCache("cache", new MutableConfiguration<>()));
    }
    for (int i = 0; i < MANAGERS; i++) {
      caches.get(i).put("k", "v" + i);
    }
    for (int i = 0; i < MANAGERS; i++) {
      assertThat(caches.get(i).get("k")).isEqualTo("v" + i);
    }
    assertThat(connections()).isEqualTo(connectionsBefore + 1);

    provider.clear(LongTimeoutUri.of(server, "application"));
    assertThat(caches).allMatch(cache -> cache.get("k") == null);
    provider.close();

    assertThat(caches).allMatch(Cache::isClosed);
    awaitNothingLeft();
  }

  @Test
  void managersOpenedAndClosed_byManyThreads_leaveNoThreadAndNoSocket() {
    SimultaneousThreads.run(
        4,
        thread -> {
          for (int i = 0; i < 100; i++) {
            MemcachedCacheManager manager =
                provider.getCacheManager(
                    LongTimeoutUri.of(server, "application/tenant" + thread), null);
            Cache<String, String> cache =
                manager.createCache("cache", new MutableConfiguration<>());
            cache.put("k", thread + "-" + i);
            assertThat(cache.get("k")).isEqualTo(thread + "-" + i);
            manager.close();
          }
        });

    awaitNothingLeft();
  }

  /** What is closed while other threads are at work. */
  private enum Closing {
    CACHE,
    CACHE_DESTROYED,
    MANAGER,
    PROVIDER
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void close_whileOperationsRun_endsThemAtOnceAndForGood(Closing closing) {
    URI uri = LongTimeoutUri.of(server, "application/" + closing);
    for (int round = 0; round < 5; round++) {
      MemcachedCacheManager manager = provider.getCacheManager(uri, null);
      Cache<String, String> cache = manager.createCache("cache", new MutableConfiguration<>());
      CountDownLatch atWork = new CountDownLatch(4);

      SimultaneousThreads.run(
          5,
          thread -> {
            if (thread < 4) {
              workUntilClosed(cache, thread, atWork);
              return;
            }
            assertThat(atWork.await(20, TimeUnit.SECONDS)).isTrue();
            switch (closing) {
              case CACHE -> cache.close();
              case CACHE_DESTROYED -> manager.destroyCache("cache");
              case MANAGER -> manager.close();
              case PROVIDER -> provider.close();
            }
          });

      assertThat(cache.isClosed()).isTrue();
      provider.close();
    }
    awaitNothingLeft();
  }

  private static void workUntilClosed(
      Cache<String, String> cache, int thread, CountDownLatch atWork) {
    try {
      for (int i = 0; ; i++) {
        String key = "k" + (i % 3);
        switch ((i + thread) % 5) {
          case 0 -> cache.put(key, "v");
          case 1 -> cache.get(key);
          case 2 -> cache.getAndPut(key, "v");
          case 3 -> cache.putAll(Map.of("a", "1", "b", "2"));
          default -> cache.invoke(key, (entry, arguments) -> entry.getValue());
        }
        if (i == 20) {
          atWork.countDown();
        }
      }
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageMatching("The cache 'application/.*/cache' is closed, .*");
    } catch (CacheException e) {
      assertThat(e).hasMessageContaining("closed");
    }
    assertThat(cache.isClosed()).isTrue();
  }

  private void awaitNothingLeft() {
    await("connections closed").until(() -> connections() <= connectionsBefore);
    await("threads ended").until(() -> ourThreads().isEmpty());
  }

  /** Returns the threads that run now and were started by a client since the test began. */
  private Set<Thread> ourThreads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeAll(threadsBefore);
    threads.removeIf(
        thread ->
            !thread.getName().startsWith("memjcache-")
                && !thread.getName().startsWith("Xmemcached"));
    return threads;
  }

  private int connections() {
    return Integer.parseInt(server.stats().get("curr_connections"));
  }
}
