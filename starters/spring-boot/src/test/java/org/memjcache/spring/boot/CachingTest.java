// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import javax.cache.Cache;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.spring.boot.Hotels.Application;
import org.memjcache.spring.boot.Hotels.Hotel;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;

/** The annotations of Spring and JCache with nothing configured but the servers. */
@Memcached(servers = 2)
class CachingTest {

  private final ApplicationContextRunner runner;
  private final MemcachedCluster cluster;

  CachingTest(MemcachedCluster cluster) {
    this.cluster = cluster;
    this.runner =
        new ApplicationContextRunner()
            .withUserConfiguration(Application.class)
            .withPropertyValues(
                "memjcache.servers=" + cluster.addresses(),
                "spring.application.name=hotels",
                "memjcache.timeout=20s", // a busy machine is no miss
                "memjcache.connect-timeout=20s");
  }

  private void run(BiConsumer<ApplicationContext, Hotels> test) {
    cluster.flushAll();
    runner.run(context -> test.accept(context, context.getBean(Hotels.class)));
  }

  @Test
  void cacheable_valueOfTheApplication_secondTimeFromTheCacheAlsoOfAnotherProcess() {
    run(
        (context, hotels) -> {
          Hotel found = hotels.find(1);
          assertThat(hotels.find(1)).isEqualTo(found);
          runner.run(other -> assertThat(other.getBean(Hotels.class).find(1)).isEqualTo(found));
          assertThat(hotels.directory().lookups).hasValue(1);
        });
  }

  @Test
  void cacheable_null_isCached() {
    run(
        (context, hotels) -> {
          assertThat(hotels.findNothing(1)).isNull();
          assertThat(hotels.findNothing(1)).isNull();
          assertThat(hotels.directory().lookups).hasValue(1);
        });
  }

  @Test
  void cacheableSync_manyThreads_oneLooksUp() {
    run(
        (context, hotels) -> {
          int threads = 8;
          CountDownLatch begun = new CountDownLatch(threads);
          hotels.directory().inProgress = () -> begun.await(20, TimeUnit.SECONDS);
          List<CompletableFuture<Hotel>> found =
              IntStream.range(0, threads)
                  .mapToObj(
                      i -> {
                        CompletableFuture<Hotel> result = new CompletableFuture<>();
                        new Thread(
                                () -> {
                                  begun.countDown();
                                  complete(result, () -> hotels.findOnce(1));
                                })
                            .start();
                        return result;
                      })
                  .toList();

          assertThat(found.stream().map(CompletableFuture::join).distinct()).hasSize(1);
          assertThat(hotels.directory().lookups).hasValue(1);
        });
  }

  @Test
  void cacheableSync_withALease_oneOfTwoProcessesLooksUp() {
    cluster.flushAll();
    ApplicationContextRunner leasing = runner.withPropertyValues("memjcache.load.lease=60s");
    leasing.run(
        one ->
            leasing.run(
                two -> {
                  Hotels first = one.getBean(Hotels.class);
                  Hotels second = two.getBean(Hotels.class);
                  first.findOnce(8); // from here on, both know the servers, which were flushed
                  second.findOnce(9);
                  second.directory().lookups.set(0);
                  CountDownLatch begun = new CountDownLatch(1);
                  CountDownLatch go = new CountDownLatch(1);
                  first.directory().inProgress =
                      () -> {
                        begun.countDown();
                        go.await(20, TimeUnit.SECONDS);
                      };
                  CompletableFuture<Hotel> found = new CompletableFuture<>();
                  new Thread(() -> complete(found, () -> first.findOnce(1))).start();
                  begun.await(20, TimeUnit.SECONDS);
                  CompletableFuture<Hotel> waited = new CompletableFuture<>();
                  Thread waiting = new Thread(() -> complete(waited, () -> second.findOnce(1)));
                  waiting.start();
                  await()
                      .untilAsserted(
                          () ->
                              assertThat(waiting.getState())
                                  .as(() -> Arrays.toString(waiting.getStackTrace()) + waited)
                                  .isEqualTo(Thread.State.TIMED_WAITING));
                  go.countDown();

                  assertThat(waited.join()).isEqualTo(found.join());
                  assertThat(second.directory().lookups).hasValue(0);
                }));
  }

  private static void complete(CompletableFuture<Hotel> result, Callable<Hotel> action) {
    try {
      result.complete(action.call());
    } catch (Throwable e) {
      result.completeExceptionally(e);
    }
  }

  @Test
  void cacheEvictAllEntries_eachWay_isOneIncrement() {
    run(
        (context, hotels) -> {
          List<Runnable> ways =
              List.of(
                  hotels::forget,
                  hotels::forgetBefore,
                  hotels::forgetByJCache,
                  () -> context.getBean(CacheManager.class).getCache("hotels").clear());
          for (Runnable way : ways) {
            for (long id = 0; id < 20; id++) {
              hotels.find(id);
            }
            Hotel found = hotels.find(1);
            long before = roundTrips(context);

            way.run();

            assertThat(roundTrips(context) - before).isEqualTo(1);
            assertThat(hotels.find(1)).isNotEqualTo(found);
          }
        });
  }

  private static long roundTrips(ApplicationContext context) {
    return hotelsCache(context).getInsight().getRoundTrips();
  }

  private static MemcachedCache<?, ?> hotelsCache(ApplicationContext context) {
    return context
        .getBean(MemcachedCacheManager.class)
        .getCache("hotels")
        .unwrap(MemcachedCache.class);
  }

  @Test
  void cacheableFuture_secondTime_fromTheCache() {
    run(
        (context, hotels) -> {
          CompletableFuture<Hotel> first = hotels.later(1);
          hotels.directory().pending.complete(new Hotel(1, 100));
          assertThat(first.join()).isEqualTo(new Hotel(1, 100));
          hotels.directory().pending = CompletableFuture.completedFuture(new Hotel(1, 101));

          assertThat(hotels.later(1).join()).isEqualTo(new Hotel(1, 100));
          assertThat(hotels.find(1)).isEqualTo(new Hotel(1, 100));
        });
  }

  @Test
  void cacheableFutureSync_secondTime_fromTheCache() {
    run(
        (context, hotels) -> {
          Hotel first = hotels.laterOnce(1).join();
          assertThat(hotels.laterOnce(1).join()).isEqualTo(first);
          assertThat(hotels.directory().lookups).hasValue(1);
        });
  }

  @Test
  void cacheableMono_secondTime_fromTheCache() {
    run(
        (context, hotels) -> {
          Hotel first = hotels.publish(1).block();
          assertThat(hotels.publish(1).block()).isEqualTo(first);
          assertThat(hotels.directory().lookups).hasValue(1);
        });
  }

  @Test
  void cacheResult_severalParameters_areTheKey() {
    run(
        (context, hotels) -> {
          Hotel first = hotels.findByJCache(1, "pt");
          assertThat(hotels.findByJCache(1, "pt")).isEqualTo(first);
          assertThat(hotels.findByJCache(1, "es")).isNotEqualTo(first);
        });
  }

  @Test
  void defaults_areThoseThatUsersOfSpringExpect() {
    run(
        (context, hotels) -> {
          hotels.find(1);
          MemcachedCacheManager manager = context.getBean(MemcachedCacheManager.class);
          MemcachedConfiguration<?, ?> configuration = configuration(manager.getCache("hotels"));

          assertThat(manager.getURI()).hasPath("/hotels");
          assertThat(configuration.getFailureMode()).hasToString("MISS");
          assertThat(configuration.isStatisticsEnabled()).isTrue();
        });
  }

  @SuppressWarnings("unchecked") // a class literal has no type arguments
  private static <K, V> MemcachedConfiguration<K, V> configuration(Cache<K, V> cache) {
    return cache.getConfiguration(MemcachedConfiguration.class);
  }
}
