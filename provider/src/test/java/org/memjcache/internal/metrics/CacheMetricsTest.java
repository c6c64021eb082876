// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.internal.metrics.MissReason.CLEARED;
import static org.memjcache.internal.metrics.MissReason.COLD;
import static org.memjcache.internal.metrics.MissReason.DAMAGED;
import static org.memjcache.internal.metrics.MissReason.FORGED;
import static org.memjcache.internal.metrics.MissReason.PAST_DEADLINE;
import static org.memjcache.internal.metrics.MissReason.SERVER_AWAY;
import static org.memjcache.internal.metrics.MissReason.VERSION_LOST;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import javax.cache.management.CacheStatisticsMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.CacheInsightMXBean;

class CacheMetricsTest {
  private final CacheMetrics metrics = new CacheMetrics();
  private final CacheStatisticsMXBean statistics = metrics.statistics();

  /** What JCache's statistics know. */
  static Stream<Arguments> counts() {
    return Stream.of(
        row("hits", m -> m.recordGets(3, 0, 0), CacheStatisticsMXBean::getCacheHits, 3),
        row("hit is a get", m -> m.recordGets(3, 0, 0), CacheStatisticsMXBean::getCacheGets, 3),
        row("misses", m -> m.recordGets(0, 3, 0), CacheStatisticsMXBean::getCacheMisses, 3),
        row("miss is a get", m -> m.recordGets(0, 3, 0), CacheStatisticsMXBean::getCacheGets, 3),
        row("puts", m -> m.recordPuts(2, 0), CacheStatisticsMXBean::getCachePuts, 2),
        row("removals", m -> m.recordRemovals(4, 0), CacheStatisticsMXBean::getCacheRemovals, 4));
  }

  /** What JCache's statistics leave open. */
  static Stream<Arguments> insights() {
    return Stream.of(
        insight("cold", m -> m.recordMiss(COLD), CacheInsightMXBean::getColdMisses),
        insight("expired", m -> m.recordMiss(PAST_DEADLINE), CacheInsightMXBean::getExpiredMisses),
        insight("cleared", m -> m.recordMiss(CLEARED), CacheInsightMXBean::getClearedMisses),
        insight(
            "version lost",
            m -> m.recordMiss(VERSION_LOST),
            CacheInsightMXBean::getVersionLostMisses),
        insight("damaged", m -> m.recordMiss(DAMAGED), CacheInsightMXBean::getDamagedMisses),
        insight("forged", m -> m.recordMiss(FORGED), CacheInsightMXBean::getForgedMisses),
        insight(
            "server away", m -> m.recordMiss(SERVER_AWAY), CacheInsightMXBean::getServerAwayMisses),
        insight("skipped", CacheMetrics::recordSkippedItem, CacheInsightMXBean::getSkippedItems),
        insight("loads", m -> m.recordLoads(1), CacheInsightMXBean::getLoads),
        insight("saved loads", m -> m.recordSavedLoads(1), CacheInsightMXBean::getSavedLoads),
        insight("load waits", m -> m.recordLoadWaits(1), CacheInsightMXBean::getLoadWaits),
        insight("lost leases", m -> m.recordLostLeases(1), CacheInsightMXBean::getLostLeases),
        insight("stale served", m -> m.recordStaleServed(1), CacheInsightMXBean::getStaleServed),
        insight("refreshes", m -> m.recordRefreshes(1), CacheInsightMXBean::getRefreshes),
        insight("dropped", m -> m.recordDroppedEvents(1), CacheInsightMXBean::getDroppedEvents),
        insight("near hit", m -> m.recordNearHits(1), CacheInsightMXBean::getNearHits),
        insight("round trip", CacheMetrics::recordRoundTrip, CacheInsightMXBean::getRoundTrips),
        insight("read", m -> m.recordTransfer(1, 0), CacheInsightMXBean::getBytesRead),
        insight("written", m -> m.recordTransfer(0, 1), CacheInsightMXBean::getBytesWritten),
        insight("error", m -> m.recordFailure(false), CacheInsightMXBean::getErrors),
        insight("timeout", m -> m.recordFailure(true), CacheInsightMXBean::getTimeouts),
        insight("timeout is an error", m -> m.recordFailure(true), CacheInsightMXBean::getErrors),
        insight("rejected", CacheMetrics::recordRejectedValue, CacheInsightMXBean::getErrors),
        insight(
            "version change",
            CacheMetrics::recordVersionChange,
            CacheInsightMXBean::getVersionChanges),
        insight("conflict", CacheMetrics::recordConflict, CacheInsightMXBean::getConflictRetries));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"counts", "insights"})
  void enabled_counts(
      String name,
      Consumer<CacheMetrics> record,
      Function<CacheMetrics, Long> counter,
      long expected) {
    metrics.setEnabled(true);

    record.accept(metrics);

    assertThat(counter.apply(metrics)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"counts", "insights"})
  void disabled_countsNothing(
      String name,
      Consumer<CacheMetrics> record,
      Function<CacheMetrics, Long> counter,
      long ignored) {
    assertThat(metrics.isEnabled()).isFalse();

    record.accept(metrics);

    assertThat(counter.apply(metrics)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counts")
  void clear_zeroes(
      String name,
      Consumer<CacheMetrics> record,
      Function<CacheMetrics, Long> counter,
      long ignored) {
    metrics.setEnabled(true);
    record.accept(metrics);

    metrics.statistics().clear();

    assertThat(counter.apply(metrics)).isZero();
    assertThat(metrics.isEnabled()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0",
    "1, 0, 100, 0",
    "0, 1, 0, 100",
    "1, 1, 50, 50",
    "3, 1, 75, 25",
    "2, 1, 66.666664, 33.333332",
  })
  void percentages(int hits, int misses, float hitPercentage, float missPercentage) {
    metrics.setEnabled(true);

    metrics.recordGets(hits, misses, 0);

    assertThat(statistics.getCacheHitPercentage()).isEqualTo(hitPercentage);
    assertThat(statistics.getCacheMissPercentage()).isEqualTo(missPercentage);
  }

  static Stream<Arguments> averages() {
    return Stream.of(
        average("nothing", m -> {}, 0, 0, 0),
        average("get hit", m -> m.recordGets(1, 0, 1_000), 1, 0, 0),
        average("get miss", m -> m.recordGets(0, 1, 1_000), 1, 0, 0),
        average("four gets", m -> m.recordGets(3, 1, 1_000), 0.25f, 0, 0),
        average("put", m -> m.recordPuts(1, 2_000), 0, 2, 0),
        average("four puts", m -> m.recordPuts(4, 2_000), 0, 0.5f, 0),
        average("removal", m -> m.recordRemovals(1, 4_000), 0, 0, 4),
        average("eight removals", m -> m.recordRemovals(8, 4_000), 0, 0, 0.5f),
        average("no entry", m -> m.recordPuts(0, 1_000), 0, 0, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void averages_areMicrosecondsForEachEntry(
      String name, Consumer<CacheMetrics> record, float get, float put, float remove) {
    metrics.setEnabled(true);

    record.accept(metrics);

    assertThat(statistics.getAverageGetTime()).isEqualTo(get);
    assertThat(statistics.getAveragePutTime()).isEqualTo(put);
    assertThat(statistics.getAverageRemoveTime()).isEqualTo(remove);
  }

  @Test
  void clear_zeroesTimes() {
    metrics.setEnabled(true);
    metrics.recordGets(1, 0, 1_000);
    metrics.recordPuts(1, 1_000);
    metrics.recordRemovals(1, 1_000);

    statistics.clear();
    metrics.recordGets(1, 0, 0);
    metrics.recordPuts(1, 0);
    metrics.recordRemovals(1, 0);

    assertThat(statistics.getAverageGetTime()).isZero();
    assertThat(statistics.getAveragePutTime()).isZero();
    assertThat(statistics.getAverageRemoveTime()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("insights")
  void clear_leavesWhatStatisticsDoNotShow(
      String name,
      Consumer<CacheMetrics> record,
      Function<CacheMetrics, Long> counter,
      long expected) {
    metrics.setEnabled(true);
    record.accept(metrics);

    statistics.clear();

    assertThat(counter.apply(metrics)).isEqualTo(expected);
  }

  @Test
  void evictions_areNotKnown() {
    assertThat(statistics.getCacheEvictions()).isZero();
  }

  @Test
  void clears_areThoseOfTheNamespace() {
    assertThat(
            metrics
                .insight(() -> Map.of("hotels", 7L), () -> new ServerCounts(0, 0, 0, 0, 0))
                .getClears())
        .containsExactly(Map.entry("hotels", 7L));
  }

  @Test
  void disabling_keepsTheCounts() {
    metrics.setEnabled(true);
    metrics.recordGets(1, 0, 0);

    metrics.setEnabled(false);

    assertThat(statistics.getCacheHits()).isEqualTo(1);
  }

  @Test
  void manyThreads_loseNothing() throws InterruptedException {
    metrics.setEnabled(true);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 10_000; j++) {
                  metrics.recordGets(1, 0, 0);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(statistics.getCacheHits()).isEqualTo(40_000);
  }

  private static Arguments row(
      String name,
      Consumer<CacheMetrics> record,
      ToLongFunction<CacheStatisticsMXBean> counter,
      long expected) {
    Function<CacheMetrics, Long> counted = metrics -> counter.applyAsLong(metrics.statistics());
    return Arguments.of(name, record, counted, expected);
  }

  private static Arguments insight(
      String name, Consumer<CacheMetrics> record, ToLongFunction<CacheInsightMXBean> counter) {
    Function<CacheMetrics, Long> counted =
        metrics ->
            counter.applyAsLong(metrics.insight(Map::of, () -> new ServerCounts(0, 0, 0, 0, 0)));
    return Arguments.of(name, record, counted, 1L);
  }

  private static Arguments average(
      String name, Consumer<CacheMetrics> record, float get, float put, float remove) {
    return Arguments.of(name, record, get, put, remove);
  }
}
