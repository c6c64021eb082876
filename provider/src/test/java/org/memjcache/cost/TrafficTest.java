// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.TestProvider;

/**
 * What the operations of a cache cost and what came in their way, as its managed bean counts it.
 */
class TrafficTest {

  private final RecordedServer server = new RecordedServer();
  private final MemcachedCachingProvider elsewhere = new MemcachedCachingProvider();

  @AfterEach
  void close() {
    elsewhere.close();
    server.close();
  }

  @Test
  void roundTrips_areThoseOnTheWire() throws Exception {
    Cache<String, String> cache = open("hotels", true);
    CacheInsightMXBean insight = insight();
    cache.put("a", "1"); // with a connection and versions to be made, which isn't counted
    long before = insight.getRoundTrips();

    int onTheWire =
        server
            .costOf(
                () -> {
                  cache.put("a", "1");
                  cache.get("a");
                  cache.getAll(Set.of("a", "b", "c"));
                  cache.putAll(Map.of("a", "1", "b", "2"));
                  cache.getAndPut("a", "2");
                  cache.invoke("a", (entry, arguments) -> entry.getValue());
                  cache.remove("a");
                  cache.clear();
                  cache.get("a");
                })
            .roundTrips();

    assertThat(insight.getRoundTrips()).isEqualTo(before + onTheWire);
    assertThat(insight.getErrors()).isZero();
    assertThat(insight.getTimeouts()).isZero();
    assertThat(insight.getConflictRetries()).isZero();
    assertThat(insight.getVersionChanges()).isZero();
  }

  @Test
  void bytes_areThoseOfEntriesOnly() throws Exception {
    Cache<String, String> cache = open("hotels", true);
    CacheInsightMXBean insight = insight();

    cache.put("a", "x".repeat(1_000));
    cache.get("a");
    cache.get("a");
    cache.get("b");
    cache.putAll(Map.of("b", "x".repeat(1_000), "c", "x".repeat(1_000)));

    assertThat(insight.getBytesWritten()).isEqualTo(3 * 1_004L);
    assertThat(insight.getBytesRead()).isEqualTo(2 * 1_004L);
  }

  @Test
  void nothingIsCounted_whileStatisticsAreDisabled() throws Exception {
    Cache<String, String> cache = open("hotels", false);

    cache.put("a", "1");
    cache.getCacheManager().enableStatistics("info", true);
    CacheInsightMXBean insight = insight();
    assertThat(insight.getRoundTrips()).isZero();
    cache.get("a");
    assertThat(insight.getRoundTrips()).isEqualTo(1);
    assertThat(insight.getBytesWritten()).isZero();
    assertThat(insight.getBytesRead()).isPositive();
  }

  @Test
  void clearByAnotherProcess_isAVersionChange() throws Exception {
    Cache<String, String> cache = open("hotels", true);
    CacheInsightMXBean insight = insight();
    cache.put("a", "1");
    long before = insight.getRoundTrips();

    elsewhere.clear(elsewhereUri("hotels"));
    cache.get("a");
    cache.get("a");

    assertThat(insight.getVersionChanges()).isEqualTo(1);
    assertThat(insight.getRoundTrips()).isEqualTo(before + 3);
  }

  @Test
  void updateByAnotherProcess_isAConflict() throws Exception {
    Cache<String, String> cache = open("hotels", true);
    CacheInsightMXBean insight = insight();
    Cache<String, String> other =
        elsewhere.getCacheManager(elsewhereUri("hotels"), null).createCache("info", strings());
    AtomicInteger runs = new AtomicInteger();

    cache.invoke(
        "a",
        (entry, arguments) -> {
          if (runs.incrementAndGet() <= 3) {
            other.put("a", "theirs " + runs);
          }
          entry.setValue("mine");
          return null;
        });

    assertThat(runs).hasValue(4);
    assertThat(insight.getConflictRetries()).isEqualTo(3);
    assertThat(other.get("a")).isEqualTo("mine");
  }

  @Test
  void silentServer_isAnErrorAndATimeout() throws Exception {
    open("hotels", true).put("a", "1");
    CacheInsightMXBean patient = insight();
    assertThat(patient.getErrors()).isZero();
    server.provider().close();
    Cache<String, String> hasty =
        elsewhere
            .getCacheManager(server.proxy().uri("hotels?timeout=200ms&connectTimeout=20s"), null)
            .createCache("info", strings().setStatisticsEnabled(true));
    CacheInsightMXBean insight = insight();
    await("an answer in time").until(() -> isAnswered(hasty));
    long errors = insight.getErrors();
    long timeouts = insight.getTimeouts();

    server.proxy().blackhole(true);
    assertThatThrownBy(() -> hasty.get("a")).isInstanceOf(CacheException.class);

    assertThat(insight.getErrors()).isEqualTo(errors + 1);
    assertThat(insight.getTimeouts()).isEqualTo(timeouts + 1);
  }

  @Test
  void deadServer_isAnErrorAndNoTimeout_thoughMissesAreTolerated() throws Exception {
    Cache<String, String> cache =
        server
            .provider()
            .getCacheManager(URI.create(server.uri("hotels") + "&failure=miss"), null)
            .createCache("info", strings().setStatisticsEnabled(true));
    CacheInsightMXBean insight = insight();
    cache.put("a", "1");
    assertThat(insight.getErrors()).isZero();

    server.proxy().refuse(true);
    server.proxy().dropConnections();
    cache.get("a");

    assertThat(insight.getErrors()).isPositive();
    assertThat(insight.getTimeouts()).isZero();
  }

  @Test
  void tooLargeValue_isAnError() throws Exception {
    Cache<String, String> cache = open("hotels", true);
    CacheInsightMXBean insight = insight();

    assertThatThrownBy(() -> cache.put("a", "x".repeat(1_100_000)))
        .isInstanceOf(CacheException.class);

    assertThat(insight.getErrors()).isEqualTo(1);
  }

  private static boolean isAnswered(Cache<String, String> cache) {
    try {
      cache.get("a");
      return true;
    } catch (CacheException e) {
      return false;
    }
  }

  private Cache<String, String> open(String path, boolean statistics) {
    return server.manager(path).createCache("info", strings().setStatisticsEnabled(statistics));
  }

  /** Returns the URI of another process: past the proxy, and with versions of its own. */
  private URI elsewhereUri(String path) {
    return LongTimeoutUri.of(server.server(), path, 1);
  }

  private static MutableConfiguration<String, String> strings() {
    return TestProvider.strings();
  }

  private static CacheInsightMXBean insight() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> names =
        beans.queryNames(new ObjectName("org.memjcache:type=CacheInsight,Cache=info,*"), null);
    assertThat(names).hasSize(1);
    return JMX.newMXBeanProxy(beans, names.iterator().next(), CacheInsightMXBean.class);
  }
}
