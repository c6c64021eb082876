// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.plan.Results.Figure;
import org.memjcache.benchmarks.worker.Measurement;

class ResultsTest {

  private static final Cell GET = Cell.of(Operation.GET, 16);

  private final Results results = new Results();

  @Test
  void ratio_threeRounds_isTheMedianOfEachRoundsRatio() {
    add(ContestantKind.STRICT, 90, 10, 400);
    add(ContestantKind.XMEMCACHED, 100, 100, 500);
    assertThat(ratio(ContestantKind.STRICT, ContestantKind.XMEMCACHED)).hasValue(0.8);
  }

  @Test
  void ratio_severalContestants_theBestOfEachRoundCounts() {
    add(ContestantKind.STRICT_3, 90, 10, 30);
    add(ContestantKind.STRICT_3_2, 10, 40, 30);
    add(ContestantKind.XMEMCACHED, 100, 100, 100);
    assertThat(
            results.ratio(
                Figure.score(GET, ContestantKind.STRICT_3, ContestantKind.STRICT_3_2),
                Figure.score(GET, ContestantKind.XMEMCACHED)))
        .hasValue(0.4);
  }

  @Test
  void ratio_oneNotMeasured_isEmpty() {
    add(ContestantKind.STRICT, 90);
    assertThat(ratio(ContestantKind.STRICT, ContestantKind.XMEMCACHED)).isEmpty();
  }

  @Test
  void median_evenNumberOfRounds_isBetweenTheMiddleOnes() {
    add(ContestantKind.STRICT, 4, 1, 3, 2);
    assertThat(results.median(GET, ContestantKind.STRICT, Measurement::score)).hasValue(2.5);
  }

  private void add(ContestantKind kind, double... scores) {
    for (double score : scores) {
      results.add(GET, kind, new Measurement(score, 0, 0));
    }
  }

  private OptionalDouble ratio(ContestantKind upper, ContestantKind lower) {
    return results.ratio(Figure.score(GET, upper), Figure.score(GET, lower));
  }
}
