package org.memjcache.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CacheStatisticsTest {
  private final CacheStatistics statistics = new CacheStatistics();

  static Stream<Arguments> counts() {
    return Stream.of(
        row("hit", CacheStatistics::recordHit, CacheStatistics::getCacheHits, 1),
        row("hits", s -> s.recordHits(3), CacheStatistics::getCacheHits, 3),
        row("hit is a get", s -> s.recordHits(3), CacheStatistics::getCacheGets, 3),
        row("miss", CacheStatistics::recordMiss, CacheStatistics::getCacheMisses, 1),
        row("misses", s -> s.recordMisses(3), CacheStatistics::getCacheMisses, 3),
        row("miss is a get", s -> s.recordMisses(3), CacheStatistics::getCacheGets, 3),
        row("puts", s -> s.recordPuts(2), CacheStatistics::getCachePuts, 2),
        row("removals", s -> s.recordRemovals(4), CacheStatistics::getCacheRemovals, 4),
        row("evictions", s -> s.recordEvictions(5), CacheStatistics::getCacheEvictions, 5));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counts")
  void enabled_counts(
      String name,
      Consumer<CacheStatistics> record,
      Function<CacheStatistics, Long> counter,
      long expected) {
    statistics.setEnabled(true);

    record.accept(statistics);

    assertThat(counter.apply(statistics)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counts")
  void disabled_countsNothing(
      String name,
      Consumer<CacheStatistics> record,
      Function<CacheStatistics, Long> counter,
      long ignored) {
    assertThat(statistics.isEnabled()).isFalse();

    record.accept(statistics);

    assertThat(counter.apply(statistics)).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counts")
  void clear_zeroes(
      String name,
      Consumer<CacheStatistics> record,
      Function<CacheStatistics, Long> counter,
      long ignored) {
    statistics.setEnabled(true);
    record.accept(statistics);

    statistics.clear();

    assertThat(counter.apply(statistics)).isZero();
    assertThat(statistics.isEnabled()).isTrue();
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
  void percentages(long hits, long misses, float hitPercentage, float missPercentage) {
    statistics.setEnabled(true);

    statistics.recordHits(hits);
    statistics.recordMisses(misses);

    assertThat(statistics.getCacheHitPercentage()).isEqualTo(hitPercentage);
    assertThat(statistics.getCacheMissPercentage()).isEqualTo(missPercentage);
  }

  static Stream<Arguments> averages() {
    return Stream.of(
        average("nothing", s -> {}, 0, 0, 0),
        average("get hit", s -> s.recordHit(), 1, 0, 0),
        average("get miss", s -> s.recordMiss(), 1, 0, 0),
        average("four gets", s -> s.recordHits(4), 0.25f, 0, 0),
        average("put", s -> s.recordPuts(1), 0, 2, 0),
        average("four puts", s -> s.recordPuts(4), 0, 0.5f, 0),
        average("removal", s -> s.recordRemovals(1), 0, 0, 4),
        average("eight removals", s -> s.recordRemovals(8), 0, 0, 0.5f));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("averages")
  void averages_areMicrosecondsForEachEntry(
      String name, Consumer<CacheStatistics> record, float get, float put, float remove) {
    statistics.setEnabled(true);
    statistics.addGetNanos(1_000);
    statistics.addPutNanos(2_000);
    statistics.addRemoveNanos(4_000);

    record.accept(statistics);

    assertThat(statistics.getAverageGetTime()).isEqualTo(get);
    assertThat(statistics.getAveragePutTime()).isEqualTo(put);
    assertThat(statistics.getAverageRemoveTime()).isEqualTo(remove);
  }

  @Test
  void clear_zeroesTimes() {
    statistics.setEnabled(true);
    statistics.addGetNanos(1_000);
    statistics.addPutNanos(1_000);
    statistics.addRemoveNanos(1_000);

    statistics.clear();
    statistics.recordHit();
    statistics.recordPuts(1);
    statistics.recordRemovals(1);

    assertThat(statistics.getAverageGetTime()).isZero();
    assertThat(statistics.getAveragePutTime()).isZero();
    assertThat(statistics.getAverageRemoveTime()).isZero();
  }

  @Test
  void disabling_keepsTheCounts() {
    statistics.setEnabled(true);
    statistics.recordHit();

    statistics.setEnabled(false);

    assertThat(statistics.getCacheHits()).isEqualTo(1);
  }

  @Test
  void manyThreads_loseNothing() throws InterruptedException {
    statistics.setEnabled(true);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int j = 0; j < 10_000; j++) {
                  statistics.recordHit();
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
      Consumer<CacheStatistics> record,
      Function<CacheStatistics, Long> counter,
      long expected) {
    return Arguments.of(name, record, counter, expected);
  }

  private static Arguments average(
      String name, Consumer<CacheStatistics> record, float get, float put, float remove) {
    return Arguments.of(name, record, get, put, remove);
  }
}
