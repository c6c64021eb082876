// SPDX-License-Identifier: Apache-2.0
package org.memjcache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.net.URI;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.Log;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

@Memcached(servers = 2)
class MemcachedCacheMetricsTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    provider.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/hotels/Lisboa",
        "/hotels/Lisboa?timeout=5s&connections=2",
        "/hotels/a%2Cb%3Dc%3A%2A%3F%22"
      })
  void monitor_anyUri_showsWhatCachesHave(String path, MemcachedCluster memcached) {
    Cache<String, String> cache = cache(memcached.uri(path));
    MemcachedCacheMetrics.monitor(registry, cache, "tenant", "Lisboa");

    cache.get("absent");
    cache.put("a", "1");
    cache.put("b", "1");
    cache.get("a");
    cache.get("a");
    cache.get("a");
    cache.remove("b");

    assertThat(count("cache.gets", "result", "hit")).isEqualTo(3);
    assertThat(count("cache.gets", "result", "miss")).isEqualTo(1);
    assertThat(count("cache.puts")).isEqualTo(2);
    assertThat(count("cache.removals")).isEqualTo(1);
    assertThat(registry.find("cache.size").meters()).isEmpty();
    assertThat(registry.find("cache.evictions").meters()).isEmpty();
  }

  @Test
  void providerWithoutMicrometer_works(MemcachedCluster memcached) {
    try (IsolatedProvider bare = IsolatedProvider.without("io.micrometer.")) {
      Cache<String, String> cache =
          bare.manager(memcached.uri("/hotels/Lisboa"))
              .createCache(
                  "info",
                  new MutableConfiguration<String, String>()
                      .setStatisticsEnabled(true)
                      .setManagementEnabled(true));

      cache.put("a", "1");
      assertThat(cache.get("a")).isEqualTo("1");
    }
  }

  @Test
  void monitor_missesAndClears_showsReasonsAndLevels(MemcachedCluster memcached) {
    Cache<String, String> cache = cache(memcached.uri("/hotels/Lisboa"));
    MemcachedCacheMetrics.monitor(registry, cache, Tags.of("tenant", "Lisboa"));

    cache.get("absent");
    cache.put("a", "1");
    cache.clear();
    cache.get("a");

    assertThat(count("memjcache.misses", "reason", "cold")).isPositive();
    assertThat(registry.get("memjcache.misses").functionCounters())
        .extracting(counter -> counter.getId().getTag("reason"))
        .containsExactlyInAnyOrder(
            "cold",
            "expired",
            "cleared",
            "version_lost",
            "damaged",
            "unreadable",
            "foreign_type",
            "forged",
            "server_away");
    assertThat(registry.get("memjcache.misses").functionCounters())
        .extracting(counter -> (long) counter.count())
        .satisfies(
            counts -> assertThat(counts.stream().mapToLong(Long::longValue).sum()).isEqualTo(2));
    assertThat(registry.get("memjcache.clears").functionCounters()).hasSize(3);
    assertThat(count("memjcache.clears", "level", "hotels/Lisboa/info")).isEqualTo(1);
    assertThat(count("memjcache.clears", "level", "hotels/Lisboa")).isZero();
  }

  @Test
  void monitor_traffic_showsWhatTheInsightCounts() {
    MemcachedServer server = MemcachedServer.start();
    Cache<String, String> cache = cache(server.uri("/hotels"));
    MemcachedCacheMetrics.monitor(registry, cache);

    cache.put("a", "1");
    cache.get("a");
    server.close();
    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> cache.get("a"));

    CacheInsightMXBean insight = cache.unwrap(MemcachedCache.class).getInsight();
    assertThat(count("memjcache.round.trips"))
        .isEqualTo(insight.getRoundTrips())
        .isGreaterThanOrEqualTo(2);
    assertThat(count("memjcache.bytes", "direction", "written"))
        .isEqualTo(insight.getBytesWritten())
        .isPositive();
    assertThat(count("memjcache.bytes", "direction", "read"))
        .isEqualTo(insight.getBytesRead())
        .isPositive();
    assertThat(count("memjcache.near.hits")).isEqualTo(insight.getNearHits());
    assertThat(count("memjcache.skipped")).isEqualTo(insight.getSkippedItems());
    assertThat(count("memjcache.dropped.events")).isEqualTo(insight.getDroppedEvents());
    assertThat(count("memjcache.loads")).isEqualTo(insight.getLoads());
    assertThat(count("memjcache.loads.saved")).isEqualTo(insight.getSavedLoads());
    assertThat(count("memjcache.load.waits")).isEqualTo(insight.getLoadWaits());
    assertThat(count("memjcache.load.leases.lost")).isEqualTo(insight.getLostLeases());
    assertThat(count("memjcache.stale.served")).isEqualTo(insight.getStaleServed());
    assertThat(count("memjcache.refreshes")).isEqualTo(insight.getRefreshes());
    assertThat(count("memjcache.errors")).isEqualTo(insight.getErrors()).isPositive();
    assertThat(count("memjcache.timeouts")).isEqualTo(insight.getTimeouts());
    assertThat(count("memjcache.version.changes")).isEqualTo(insight.getVersionChanges());
    assertThat(registry.get("memjcache.servers").gauge().value()).isEqualTo(1);
    assertThat(registry.get("memjcache.servers.of.others").gauge().value()).isZero();
    assertThat(count("memjcache.discovery.lookups", "result", "success")).isZero();
    assertThat(count("memjcache.discovery.lookups", "result", "failure")).isZero();
    assertThat(count("memjcache.discovery.changes")).isZero();
    assertThat(count("memjcache.conflicts")).isEqualTo(insight.getConflictRetries());
  }

  @Test
  void monitor_twoTenants_areApart(MemcachedCluster memcached) {
    Cache<String, String> lisboa = cache(memcached.uri("/hotels/Lisboa"));
    Cache<String, String> barcelona = cache(memcached.uri("/hotels/Barcelona"));
    MemcachedCacheMetrics.monitor(registry, lisboa, "tenant", "Lisboa");
    MemcachedCacheMetrics.monitor(registry, barcelona, "tenant", "Barcelona");

    lisboa.put("a", "1");

    assertThat(registry.get("cache.puts").tag("tenant", "Lisboa").functionCounter().count())
        .isEqualTo(1);
    assertThat(registry.get("cache.puts").tag("tenant", "Barcelona").functionCounter().count())
        .isZero();
  }

  @Test
  void monitor_twoCachesWithTheSameTags_isLogged(MemcachedCluster memcached) {
    Cache<String, String> lisboa = cache(memcached.uri("/hotels/Lisboa"));
    Cache<String, String> barcelona = cache(memcached.uri("/hotels/Barcelona"));

    assertThat(Log.of(() -> MemcachedCacheMetrics.monitor(registry, lisboa, "a", "b"))).isEmpty();
    assertThat(Log.of(() -> MemcachedCacheMetrics.monitor(registry, lisboa))).isEmpty();
    assertThat(Log.of(() -> MemcachedCacheMetrics.monitor(registry, barcelona, "a", "b")))
        .contains("WARN", "the counts of another cache", "info", "hotels/Barcelona/info");
  }

  /** What is filtered out has no meters, so that another cache has none either. */
  @Test
  void monitor_metersAreDenied_isNotLogged(MemcachedCluster memcached) {
    registry.config().meterFilter(MeterFilter.deny());
    Cache<String, String> lisboa = cache(memcached.uri("/hotels/Lisboa"));

    assertThat(
            Log.of(
                () -> {
                  MemcachedCacheMetrics.monitor(registry, lisboa);
                  MemcachedCacheMetrics.monitor(registry, lisboa);
                }))
        .isEmpty();
  }

  @Test
  void monitor_statisticsEnabledLater_countsFromThen(MemcachedCluster memcached) {
    MemcachedCacheManager manager = provider.getCacheManager(memcached.uri("/hotels"), null);
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());
    MemcachedCacheMetrics.monitor(registry, cache);
    cache.put("a", "1");

    manager.enableStatistics("info", true);
    cache.put("a", "2");

    assertThat(count("cache.puts")).isEqualTo(1);
  }

  @Test
  void monitor_closedCache_showsTheLastCounts(MemcachedCluster memcached) {
    Cache<String, String> cache = cache(memcached.uri("/hotels"));
    MemcachedCacheMetrics.monitor(registry, cache);
    cache.put("a", "1");

    cache.close();

    assertThat(count("cache.puts")).isEqualTo(1);
  }

  @Test
  void monitor_cacheOfAnotherProvider_isRefused() {
    Cache<?, ?> other =
        (Cache<?, ?>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Cache.class},
                (proxy, method, arguments) -> {
                  throw new IllegalArgumentException("no " + arguments[0]);
                });

    assertThatIllegalArgumentException()
        .isThrownBy(() -> MemcachedCacheMetrics.monitor(registry, other))
        .withMessageContaining("MemcachedCache");
  }

  private Cache<String, String> cache(URI uri) {
    return provider
        .getCacheManager(uri, null)
        .createCache("info", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
  }

  private double count(String meter, String... tags) {
    return registry.get(meter).tags(tags).functionCounter().count();
  }
}
