// SPDX-License-Identifier: Apache-2.0
package org.memjcache.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.near.NearCaches.NAME;

import java.io.Serializable;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** What a near cache serves, what it costs, and who may have one. */
@Memcached
class NearCacheTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final IsolatedProvider there = new IsolatedProvider();
  private final String path = NearCaches.newPath();
  private final URI uri;

  NearCacheTest(MemcachedServer server) {
    this.server = server;
    uri = server.uri(path);
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void reads_ofWhatWasRead_askNobody(boolean counted) {
    try (RecordingProxy proxy = RecordingProxy.start(server)) {
      Cache<String, String> near =
          NearCaches.open(here, proxy.uri(path), "1h", c -> c.setStatisticsEnabled(counted));
      near.put("k", "v");
      near.put("l", "w");
      near.get("k");
      proxy.reset();

      assertThat(near.get("k")).isEqualTo("v");
      assertThat(near.containsKey("k")).isTrue();
      assertThat(near.getAll(Set.of("k"))).containsOnlyKeys("k");
      assertThat(proxy.requests()).isEmpty();

      assertThat(near.getAll(Set.of("k", "l", "m"))).containsOnlyKeys("k", "l");
      assertThat(proxy.requests())
          .singleElement()
          .satisfies(line -> assertThat(line).contains(":Sl", ":Sm").doesNotContain(":Sk"));
    }
  }

  @Test
  void statistics_nearHits_countAsHitsAndApart_withoutRoundTrip() {
    Cache<String, String> near =
        NearCaches.open(here, uri, "1h", c -> c.setStatisticsEnabled(true));
    near.put("k", "v");
    near.get("k");
    MemcachedCache<?, ?> counted = near.unwrap(MemcachedCache.class);
    long trips = counted.getInsight().getRoundTrips();

    near.get("k");
    near.getAll(Set.of("k"));

    assertThat(counted.getInsight().getRoundTrips()).isEqualTo(trips);
    assertThat(NearCaches.nearHits(near)).isEqualTo(2);
    assertThat(counted.getStatistics().getCacheHits()).isEqualTo(3);
    assertThat(counted.getStatistics().getCacheGets()).isEqualTo(3);
  }

  @Test
  void misses_areNotKept() {
    Cache<String, String> near = NearCaches.open(here, uri, "1h");
    Cache<String, String> other = there.cache(uri, NAME);
    assertThat(near.get("k")).isNull();

    other.put("k", "v");

    assertThat(near.get("k")).isEqualTo("v");
  }

  /** Who changes the entry, and when the copy is read: before that, or shortly before the end. */
  private enum Other {
    PUTS,
    CLEARS,
    CLEARS_BEFORE_THE_COPY_IS_READ
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void change_byAnotherProcess_isSeenOnceTheStalenessHasPassed(Other change) {
    Cache<String, String> near = NearCaches.open(here, uri, "20ms");
    Cache<String, String> other = there.cache(uri, NAME);
    for (int i = 0; i < 10; i++) {
      near.put("k", "old");
      if (change != Other.CLEARS_BEFORE_THE_COPY_IS_READ) {
        near.get("k");
      }
      if (change == Other.PUTS) {
        other.put("k", "new");
      } else {
        other.clear();
      }
      long changed = System.nanoTime();

      while (System.nanoTime() - changed < TimeUnit.MILLISECONDS.toNanos(20)) {
        if (System.nanoTime() - changed > TimeUnit.MILLISECONDS.toNanos(15)) {
          near.get("k");
        }
        if (change == Other.PUTS) {
          near.get("absent"); // looks at the versions
        }
      }

      assertThat(near.get("k")).isEqualTo(change == Other.PUTS ? "new" : null);
    }
  }

  /** Else the test above would hold without a near cache, too. */
  @Test
  void change_byAnotherProcess_withinTheStaleness_isNotSeen() {
    Cache<String, String> near = NearCaches.open(here, uri, "1h");
    Cache<String, String> other = there.cache(uri, NAME);
    near.put("k", "old");
    near.get("k");

    other.put("k", "new");

    assertThat(near.get("k")).isEqualTo("old");
  }

  @Tag("slow")
  @Test
  void deadline_isExact() {
    Cache<String, String> near =
        NearCaches.open(
            here,
            uri,
            "1h",
            c ->
                c.setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 100))));
    for (int i = 0; i < 3; i++) {
      near.put("k", "v" + i);
      long put = System.currentTimeMillis();
      while (System.currentTimeMillis() <= put + 100) {
        near.get("k");
      }

      assertThat(near.get("k")).isNull();
    }
  }

  @Test
  void values_thatCanChange_areCopies_othersAreShared() {
    Cache<String, Object> near = objects();
    near.put("text", "v".repeat(100));
    near.put("list", new ArrayList<>(List.of("a")));
    near.put("bytes", new byte[] {1});
    near.getAll(Set.of("text", "list", "bytes"));

    @SuppressWarnings("unchecked")
    List<String> list = (List<String>) near.get("list");
    list.add("b");
    ((byte[]) near.get("bytes"))[0] = 2;

    assertThat(near.get("list")).isEqualTo(List.of("a"));
    assertThat(near.get("bytes")).isEqualTo(new byte[] {1});
    assertThat(near.get("text")).isSameAs(near.get("text"));
  }

  private Cache<String, Object> objects() {
    return here.getCacheManager(
            URI.create(uri + "?consistency=bounded&staleness=1h&timeout=10s"), null)
        .createCache(
            NAME, new MemcachedConfiguration<String, Object>().setNear(NearLimit.ofEntries(100)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"50", "50KB"})
  void limit_isKept(String limit) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.cache.*.near", limit);
    Cache<Integer, String> near =
        here.getCacheManager(
                URI.create(uri + "?consistency=bounded&staleness=1h&timeout=10s"), null, properties)
            .createCache(
                NAME,
                new MemcachedConfiguration<Integer, String>()
                    .setTypes(Integer.class, String.class)
                    .setStatisticsEnabled(true));
    for (int i = 0; i < 1_000; i++) {
      near.put(i, "v");
      near.get(i);
      near.get(i);
    }
    long before = NearCaches.nearHits(near);
    assertThat(before).isPositive();

    for (int i = 0; i < 1_000; i++) {
      assertThat(near.get(i)).isEqualTo("v");
    }

    assertThat(NearCaches.nearHits(near) - before).isLessThan(200);
  }

  @Test
  void readThrough_asksTheLoaderForMissesOnly() {
    AtomicInteger loads = new AtomicInteger();
    FunctionLoader<String, String> loader =
        new FunctionLoader<>(
            key -> {
              loads.incrementAndGet();
              return "loaded";
            });
    Cache<String, String> near =
        NearCaches.open(
            here,
            uri,
            "1h",
            c ->
                c.setReadThrough(true)
                    .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(loader)));

    for (int i = 0; i < 5; i++) {
      assertThat(near.get("k")).isEqualTo("loaded");
    }

    assertThat(loads).hasValue(1);
  }

  @Test
  void nearHits_makeNoEvents() {
    AtomicInteger events = new AtomicInteger();
    CacheEntryCreatedListener<String, String> listener = created -> events.incrementAndGet();
    Cache<String, String> near =
        NearCaches.open(
            here,
            uri,
            "1h",
            c ->
                c.addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener, null, true, true)));
    near.put("k", "v");
    near.get("k");

    near.get("k");

    assertThat(events).hasValue(1);
  }

  /** A class of the application, which only the serializer can copy. */
  private record Hotel(String name) implements Serializable {}

  @Test
  void values_ofTheApplication_areServedNear() {
    Cache<String, Hotel> near =
        here.getCacheManager(
                URI.create(uri + "?consistency=bounded&staleness=1h&timeout=10s"), null)
            .createCache(
                NAME,
                new MemcachedConfiguration<String, Hotel>()
                    .setTypes(String.class, Hotel.class)
                    .setStatisticsEnabled(true)
                    .setNear(NearLimit.ofBytes(1_000_000)));
    near.put("k", new Hotel("Avenida"));
    near.get("k");

    assertThat(near.get("k")).isEqualTo(new Hotel("Avenida"));

    assertThat(NearCaches.nearHits(near)).isEqualTo(1);
  }

  @Test
  void strict_isRefused_andSaysWhy() {
    MemcachedConfiguration<String, String> configuration =
        new MemcachedConfiguration<String, String>().setNear(NearLimit.ofEntries(10));

    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> here.getCacheManager(uri, null).createCache(NAME, configuration))
        .withMessageContaining("consistency of the cache '" + NAME + "' is strict")
        .withMessageContaining("only memcached can say")
        .withMessageContaining("set the cache's consistency to bounded");
  }

  @Test
  void expiryOnAccess_isRefused_andSaysWhy() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(
            () ->
                NearCaches.open(
                    here,
                    uri,
                    "1h",
                    c ->
                        c.setExpiryPolicyFactory(
                            AccessedExpiryPolicy.factoryOf(Duration.ONE_HOUR))))
        .withMessageContaining("may move a deadline with each access")
        .withMessageContaining("near=none");
  }

  @Test
  void libraryThatIsMissing_isNamed_andMissedOnlyForNearCaches() {
    try (IsolatedProvider without = IsolatedProvider.without("com.github.benmanes.")) {
      URI file = URI.create(uri + "?consistency=bounded");
      Properties properties = new Properties();
      properties.setProperty("memjcache.cache.hot.near", "10");
      CacheManager manager = without.provider().getCacheManager(file, null, properties);

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> manager.getCache("hot"))
          .withMessageContaining("add com.github.ben-manes.caffeine:caffeine");

      Cache<String, String> plain = without.cache(file, "plain");
      plain.put("k", "v");
      assertThat(plain.get("k")).isEqualTo("v");
    }
  }
}
