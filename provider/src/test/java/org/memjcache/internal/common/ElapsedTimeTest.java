// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ElapsedTimeTest {

  private long nanos;
  private long millis = 1_700_000_000_000L;
  private final ElapsedTime time = new ElapsedTime(() -> nanos, () -> Instant.ofEpochMilli(millis));

  private long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(time.nanos() - start);
  }

  private void pass(long ofNanoTime, long ofTheClock) {
    nanos += TimeUnit.MILLISECONDS.toNanos(ofNanoTime);
    millis += ofTheClock;
  }

  @Test
  void bothGoOn_isTheTimeThatPassed() {
    long start = time.nanos();

    pass(1_000, 1_000);
    assertThat(millisSince(start)).isEqualTo(1_000);
    pass(1_000, 1_001); // counted in milliseconds
    assertThat(millisSince(start)).isEqualTo(2_000);
  }

  @Test
  void machineSuspended_counts() {
    long start = time.nanos();

    pass(10, 3_600_010);
    assertThat(millisSince(start)).isEqualTo(3_600_010);
    pass(10, 10);
    assertThat(millisSince(start)).isEqualTo(3_600_020);
    pass(1, 501);
    assertThat(millisSince(start)).isEqualTo(3_600_521);
  }

  @Test
  void machineSuspended_justAfterALookAtTheClock_countsFromTenMicrosecondsOn() {
    pass(10, 10);
    long start = time.nanos();

    millis += 500;
    nanos += TimeUnit.MICROSECONDS.toNanos(9);
    assertThat(millisSince(start)).isZero();
    nanos += TimeUnit.MICROSECONDS.toNanos(1);
    assertThat(millisSince(start)).isEqualTo(500);
  }

  @Test
  void clockSetBack_changesNothing_andALaterSuspensionCounts() {
    long start = time.nanos();

    pass(10, -3_600_000);
    assertThat(millisSince(start)).isEqualTo(10);
    pass(10, 1_010);
    assertThat(millisSince(start)).isEqualTo(1_020);
  }
}
