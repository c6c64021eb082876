// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.TestProvider;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What several threads close, or one thread while it is closing it: it is closed for all. */
@Memcached
@Tag("slow")
@Timeout(30)
class ClosedTogetherTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final URI uri;
  private final MemcachedCacheManager manager;
  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);

  ClosedTogetherTest(MemcachedServer server) {
    uri = server.uri("hotels/Lisboa");
    manager = provider.getCacheManager(uri, null);
  }

  @AfterEach
  void close() {
    release.countDown();
    provider.close();
  }

  /** Loads that don't end are waited for by all caches together, not by one after the other. */
  @Test
  @Timeout(60)
  void managerWithStuckLoads_waitsForAllOfThemTogether() throws InterruptedException {
    int caches = 4;
    CountDownLatch begun = new CountDownLatch(caches);
    List<Long> interruptions = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < caches; i++) {
      manager
          .createCache(
              "cache" + i,
              new MutableConfiguration<String, String>()
                  .setCacheLoaderFactory(
                      () ->
                          new FunctionLoader<>(
                              key -> {
                                begun.countDown();
                                try {
                                  release.await();
                                } catch (InterruptedException e) {
                                  interruptions.add(System.nanoTime());
                                }
                                return null;
                              })))
          .loadAll(Set.of("key"), true, null);
    }
    begun.await();

    manager.close();

    Waiting.await("all are interrupted").until(() -> interruptions.size() == caches);
    Duration between = Duration.ofNanos(interruptions.get(caches - 1) - interruptions.get(0));
    assertThat(between).isLessThan(Duration.ofSeconds(8)); // ten for each, one after the other
  }

  /** What closes the cache. */
  enum Way {
    CACHE {
      @Override
      void close(ClosedTogetherTest test, Cache<?, ?> cache) {
        cache.close();
      }
    },
    MANAGER {
      @Override
      void close(ClosedTogetherTest test, Cache<?, ?> cache) {
        test.manager.close();
      }
    },
    PROVIDER_BY_URI {
      @Override
      void close(ClosedTogetherTest test, Cache<?, ?> cache) {
        test.provider.close(test.uri, test.provider.getDefaultClassLoader());
      }
    },
    PROVIDER_BY_CLASS_LOADER {
      @Override
      void close(ClosedTogetherTest test, Cache<?, ?> cache) {
        test.provider.close(test.provider.getDefaultClassLoader());
      }
    },
    PROVIDER {
      @Override
      void close(ClosedTogetherTest test, Cache<?, ?> cache) {
        test.provider.close();
      }
    };

    abstract void close(ClosedTogetherTest test, Cache<?, ?> cache);
  }

  static Stream<Arguments> pairs() {
    return Arrays.stream(Way.values())
        .flatMap(one -> Arrays.stream(Way.values()).map(other -> Arguments.of(one, other)));
  }

  @ParameterizedTest(name = "{0}, then {1}")
  @MethodSource("pairs")
  void secondThread_returnsWhenTheCacheIsClosed(Way first, Way second) throws InterruptedException {
    Cache<String, String> cache =
        open(
            () -> {
              closing.countDown();
              Waiting.awaitLatch(release);
              happened.add("loader closed");
            });
    Thread one = new Thread(() -> first.close(this, cache), "first");
    one.start();
    closing.await();
    Thread other =
        new Thread(
            () -> {
              second.close(this, cache);
              happened.add("second returned");
            },
            "second");
    other.start();
    Waiting.await("it waits, or has returned")
        .until(() -> !happened.isEmpty() || other.getState() == Thread.State.TIMED_WAITING);
    release.countDown();
    one.join();
    other.join();

    assertThat(happened).containsExactly("loader closed", "second returned");
  }

  @ParameterizedTest
  @EnumSource
  void codeOfTheApplication_mayCloseWhatIsBeingClosed(Way way) {
    List<Cache<String, String>> opened = new ArrayList<>();
    opened.add(
        open(
            () -> {
              for (Way again : Way.values()) {
                again.close(this, opened.get(0));
              }
              happened.add("loader closed");
            }));

    way.close(this, opened.get(0));

    assertThat(happened).containsExactly("loader closed");
    assertThat(opened.get(0).isClosed()).isTrue();
  }

  /** Opens a cache whose loader does something when it is closed. */
  private Cache<String, String> open(Runnable whenClosed) {
    class Loader implements CacheLoader<String, String>, AutoCloseable {
      @Override
      public String load(String key) {
        return null;
      }

      @Override
      public Map<String, String> loadAll(Iterable<? extends String> keys) {
        return Map.of();
      }

      @Override
      public void close() {
        whenClosed.run();
      }
    }
    return manager.createCache(
        "cache", TestProvider.strings().setReadThrough(true).setCacheLoaderFactory(Loader::new));
  }
}
