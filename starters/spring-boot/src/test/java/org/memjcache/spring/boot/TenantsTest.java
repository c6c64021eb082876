// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.memjcache.spring.boot.Hotels.WithTenants.TENANT;
import static org.memjcache.spring.boot.Hotels.WithTenants.as;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.spring.boot.Hotels.Hotel;
import org.memjcache.spring.boot.Hotels.WithTenants;
import org.memjcache.spring.boot.TenantCaches.CacheUsage;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/** A tenant resolver makes every cache that of the current tenant. */
@Memcached
class TenantsTest {

  private final ApplicationContextRunner runner;
  private final MemcachedCluster cluster;

  TenantsTest(MemcachedCluster cluster) {
    this.cluster = cluster;
    this.runner =
        new ApplicationContextRunner()
            .withUserConfiguration(WithTenants.class)
            .withPropertyValues(
                "memjcache.servers=" + cluster.addresses(),
                "memjcache.namespace=hotels",
                "memjcache.timeout=20s", // a busy machine is no miss
                "memjcache.connect-timeout=20s");
  }

  private void run(
      ApplicationContextRunner with, ThrowingConsumer<AssertableApplicationContext> test) {
    cluster.flushAll();
    with.run(
        context -> {
          assertThat(context).hasNotFailed();
          test.accept(context);
        });
  }

  private void run(ThrowingConsumer<AssertableApplicationContext> test) {
    run(runner, test);
  }

  @Test
  void cacheable_sameKeyOfTwoTenantsAndTheApplication_eachHasItsOwn() {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          Hotel ofLisboa = as("Lisboa", () -> hotels.find(1));
          Hotel ofBarcelona = as("Barcelona", () -> hotels.find(1));
          Hotel own = hotels.find(1);

          assertThat(List.of(ofLisboa, ofBarcelona, own)).doesNotHaveDuplicates();
          assertThat(as("Lisboa", () -> hotels.find(1))).isEqualTo(ofLisboa);
          assertThat(as("Barcelona", () -> hotels.findOnce(1))).isEqualTo(ofBarcelona);
          assertThat(hotels.find(1)).isEqualTo(own);
          assertThat(as("Lisboa", () -> hotels.publish(1).block())).isEqualTo(ofLisboa);
        });
  }

  @Test
  void jcacheAnnotations_sameKeyOfTwoTenants_eachHasItsOwn() {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          Hotel ofLisboa = as("Lisboa", () -> hotels.findByJCache(1, "pt"));
          Hotel ofBarcelona = as("Barcelona", () -> hotels.findByJCache(1, "pt"));

          assertThat(ofBarcelona).isNotEqualTo(ofLisboa);
          assertThat(as("Lisboa", () -> hotels.findByJCache(1, "pt"))).isEqualTo(ofLisboa);
        });
  }

  private static Stream<BiFunction<Hotels, Long, CompletableFuture<Hotel>>> methodsOfFutures() {
    return Stream.of(Hotels::later, Hotels::laterByNamedManager, Hotels::refreshLater);
  }

  @ParameterizedTest
  @MethodSource("methodsOfFutures")
  void future_completedByAThreadOfAnotherTenant_isStoredForItsOwn(
      BiFunction<Hotels, Long, CompletableFuture<Hotel>> method) {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          CompletableFuture<Hotel> found = as("Lisboa", () -> method.apply(hotels, 1L));
          CompletableFuture<Hotel> pending = hotels.directory().pending;
          await().until(() -> pending.getNumberOfDependents() > 0);
          as("Barcelona", () -> pending.complete(new Hotel(1, 100)));
          assertThat(found.join()).isEqualTo(new Hotel(1, 100));

          assertThat(as("Lisboa", () -> hotels.find(1))).isEqualTo(new Hotel(1, 100));
          assertThat(as("Barcelona", () -> hotels.find(1)).lookup()).isLessThan(100);
          assertThat(hotels.find(1).lookup()).isLessThan(100);
        });
  }

  @Test
  void cacheOfTheManager_keptInAField_followsTheTenant() {
    run(
        context -> {
          Cache kept = context.getBean(CacheManager.class).getCache("hotels");
          as("Lisboa", () -> run(() -> kept.put(1L, "Casa Alfama")));

          assertThat(as("Lisboa", () -> kept.get(1L, String.class))).isEqualTo("Casa Alfama");
          assertThat(as("Barcelona", () -> kept.get(1L))).isNull();
          assertThat(kept.get(1L)).isNull();
        });
  }

  private static boolean run(Runnable action) {
    action.run();
    return true;
  }

  @Test
  void clear_aTenant_leavesTheOthers() {
    run(
        context -> {
          TenantCaches caches = context.getBean(TenantCaches.class);
          Cache hotels = context.getBean(CacheManager.class).getCache("hotels");
          Cache prices = context.getBean(CacheManager.class).getCache("prices");
          List<Cache> both = List.of(hotels, prices);
          for (String tenant : new String[] {"Lisboa", "Barcelona", null}) {
            as(tenant, () -> run(() -> both.forEach(cache -> cache.put(1, "a"))));
          }

          caches.clear("Lisboa");
          assertThat(as("Lisboa", () -> both.stream().filter(one -> one.get(1) != null).toList()))
              .isEmpty();
          caches.clear("Barcelona", "prices");
          assertThat(as("Barcelona", () -> hotels.get(1))).isNotNull();
          assertThat(as("Barcelona", () -> prices.get(1))).isNull();
          assertThat(hotels.get(1)).isNotNull();
          caches.clearApplication();
          assertThat(as("Barcelona", () -> hotels.get(1))).isNull();
          assertThat(hotels.get(1)).isNull();
        });
  }

  @Test
  void usage_isThatOfEachTenant() {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          TenantCaches caches = context.getBean(TenantCaches.class);
          assertThat(caches.usage()).isEmpty();

          hotels.find(1);
          for (int i = 0; i < 4; i++) {
            as("Lisboa", () -> hotels.find(1));
          }

          assertThat(caches.usage())
              .containsExactly(
                  new CacheUsage(null, "hotels", 0, 1, 1, 0),
                  new CacheUsage("Lisboa", "hotels", 3, 1, 1, 0));
          assertThat(caches.usage().get(1).hitRatio()).isEqualTo(0.75);
          assertThat(caches.usage().get(0).hitRatio()).isZero();
        });
  }

  @Test
  void moreTenantsThanMaxOpen_thoseIdleLongestAreClosed_andComeBackWithTheirEntries() {
    run(
        runner.withPropertyValues("memjcache.tenants.max-open=2"),
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          TenantCaches caches = context.getBean(TenantCaches.class);
          Hotel first = as("first", () -> hotels.find(1));
          as("second", () -> hotels.find(1));
          as("first", () -> hotels.find(1));
          as("third", () -> hotels.find(1));

          assertThat(caches.usage())
              .extracting(CacheUsage::tenant)
              .containsExactly("first", "third");
          as("second", () -> hotels.find(1));
          assertThat(caches.usage())
              .extracting(CacheUsage::tenant)
              .containsExactly("second", "third");
          assertThat(as("first", () -> hotels.find(1))).isEqualTo(first);
        });
  }

  @Test
  void tenantInUse_isNotClosed() {
    run(
        runner.withPropertyValues("memjcache.tenants.max-open=1"),
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          hotels.directory().inProgress =
              () -> {
                TENANT.set("Barcelona");
                hotels.find(1);
                TENANT.set("Lisboa");
              };

          Hotel found = as("Lisboa", () -> hotels.findOnce(1));

          assertThat(as("Lisboa", () -> hotels.find(1))).isEqualTo(found);
        });
  }

  @Test
  void manyTenantsInTurn_byManyThreads_noneMeetsAClosedCacheNorAnothersEntry() {
    run(
        runner.withPropertyValues("memjcache.tenants.max-open=2"),
        context -> {
          Cache hotels = context.getBean(CacheManager.class).getCache("hotels");
          AtomicReference<Throwable> failure = new AtomicReference<>();
          List<Thread> threads = new ArrayList<>();
          for (int t = 0; t < 4; t++) {
            int seed = t;
            Thread thread =
                new Thread(
                    () -> {
                      for (int i = 0; i < 500 && failure.get() == null; i++) {
                        String tenant = "tenant " + (i * 7 + seed) % 6;
                        try {
                          as(
                              tenant,
                              () -> {
                                hotels.put(1, tenant);
                                assertThat(hotels.get(1, String.class)).isEqualTo(tenant);
                                return null;
                              });
                        } catch (Throwable e) {
                          failure.compareAndSet(null, e);
                        }
                      }
                    });
            thread.start();
            threads.add(thread);
          }
          for (Thread thread : threads) {
            thread.join();
          }
          assertThat(failure.get()).isNull();
        });
  }

  @Test
  void tenantsName_anyText_isANamespaceOfItsOwn() {
    run(
        context -> {
          Cache hotels = context.getBean(CacheManager.class).getCache("hotels");
          List<String> names = List.of("a/b", "a", "%61", "Süd ☀", "?x=y#z", " ");
          for (String name : names) {
            as(name, () -> run(() -> hotels.put(1, name)));
          }
          for (String name : names) {
            assertThat(as(name, () -> hotels.get(1, String.class))).isEqualTo(name);
          }
        });
  }

  @Test
  void tenantsName_empty_isRefused() {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          assertThatThrownBy(() -> as("", () -> hotels.find(1)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("'' can't be the name of a tenant");
        });
  }

  /** They are two levels. */
  @Test
  void tenantsName_thatOfACache_isItsOwn() {
    run(
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          TenantCaches caches = context.getBean(TenantCaches.class);
          hotels.find(1);
          as("hotels", () -> hotels.find(1));
          int before = hotels.directory().lookups.get();

          context.getBean(CacheManager.class).getCache("hotels").clear();

          as("hotels", () -> hotels.find(1));
          assertThat(hotels.directory().lookups.get()).isEqualTo(before);
          hotels.find(1);
          assertThat(hotels.directory().lookups.get()).isEqualTo(before + 1);
          caches.clear("hotels");
          hotels.find(1);
          assertThat(hotels.directory().lookups.get()).isEqualTo(before + 1);
        });
  }

  @Test
  void clearForAllTenants_clearsThatCacheOfEach() {
    run(
        runner.withPropertyValues("memjcache.cache.hotels.clear-across-tenants=true"),
        context -> {
          Hotels hotels = context.getBean(Hotels.class);
          hotels.find(1);
          as("Lisboa", () -> hotels.find(1));
          as("Porto", () -> hotels.find(1));
          int before = hotels.directory().lookups.get();

          context.getBean(TenantCaches.class).clearForAllTenants("hotels");

          hotels.find(1);
          as("Lisboa", () -> hotels.find(1));
          as("Porto", () -> hotels.find(1));
          assertThat(hotels.directory().lookups.get()).isEqualTo(before + 3);
        });
  }

  @Test
  void clearForAllTenants_withoutTheSetting_saysWhatToSet() {
    run(
        context -> {
          as("Lisboa", () -> context.getBean(Hotels.class).find(1));
          assertThatThrownBy(() -> context.getBean(TenantCaches.class).clearForAllTenants("hotels"))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("memjcache.cache.hotels.clear-across-tenants=true");
        });
  }

  @Test
  void notDynamic_unknownCache_isRefusedForTenantsToo() {
    run(
        runner.withPropertyValues(
            "memjcache.caches.dynamic=false", "memjcache.cache.prices.expiry=created:1m"),
        context -> {
          CacheManager manager = context.getBean(CacheManager.class);
          assertThat(manager.getCacheNames()).containsExactly("prices");
          assertThat(manager.getCache("hotels")).isNull();
          assertThatThrownBy(() -> as("Lisboa", () -> context.getBean(Hotels.class).find(1)))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("Cannot find cache named 'hotels'");
          assertThatThrownBy(() -> context.getBean(TenantCaches.class).clear("Lisboa", "hotels"))
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageContaining("'hotels', only [prices]");
        });
  }
}
