// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ZipfTest {

  @Test
  void rank_uniformNumbers_fallInProportion() {
    Zipf zipf = Zipf.of(3); // 1, 1/2^0.99 and 1/3^0.99 are 0.543, 0.274 and 0.183 of the sum
    int[] counts = new int[3];
    for (int i = 0; i < 10_000; i++) {
      counts[zipf.rank(i / 10_000.0)]++;
    }
    assertThat(counts[0]).isCloseTo(5_433, within(2));
    assertThat(counts[1]).isCloseTo(2_736, within(2));
    assertThat(counts[2]).isCloseTo(1_831, within(2));
  }

  @Test
  void rank_ends_areTheFirstAndTheLast() {
    Zipf zipf = Zipf.of(100_000);
    assertThat(zipf.rank(0)).isZero();
    assertThat(zipf.rank(Math.nextDown(1.0))).isEqualTo(99_999);
  }
}
