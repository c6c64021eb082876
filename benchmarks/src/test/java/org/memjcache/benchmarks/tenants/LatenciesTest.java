// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.tenants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {

  @Test
  void micros_ofThousand_areAtMostThreePercentTooLow() {
    Latencies half = new Latencies();
    Latencies latencies = new Latencies();
    for (int micros = 1; micros <= 1_000; micros++) {
      (micros % 2 == 0 ? half : latencies).add(TimeUnit.MICROSECONDS.toNanos(micros));
    }
    latencies.add(half);

    assertThat(latencies.count()).isEqualTo(1_000);
    assertThat(latencies.micros(0.5)).isBetween(500 * 0.968, 500.0);
    assertThat(latencies.micros(0.99)).isBetween(990 * 0.968, 990.0);
    assertThat(latencies.micros(1)).isBetween(1_000 * 0.968, 1_000.0);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 31, 32, 33, 63, 64, 1_000_000, Long.MAX_VALUE})
  void micros_ofOne_isItself(long nanos) {
    Latencies latencies = new Latencies();
    latencies.add(nanos);

    assertThat(latencies.micros(0.5)).isCloseTo(nanos / 1_000.0, within(nanos * 0.032 / 1_000));
  }
}
