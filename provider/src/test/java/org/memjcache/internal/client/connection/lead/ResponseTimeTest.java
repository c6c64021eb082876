// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ResponseTimeTest {

  private static final long QUICK = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long SLOW = TimeUnit.MICROSECONDS.toNanos(1_000);

  private final ResponseTime time = new ResponseTime();
  private long now = System.nanoTime();

  @Test
  void isQuick_nothingIsKnown_isFalse() {
    assertThat(time.isQuick()).isFalse();
  }

  @Test
  void isQuick_oneQuickResponseAmongSlowOnes_isTrue() {
    took(SLOW);
    took(QUICK);
    took(SLOW);

    assertThat(time.isQuick()).isTrue();
  }

  /** However long nothing was measured, as the server was never idle. */
  @Test
  void isQuick_responsesAreSlowForLessThanASecond_isTrue() {
    took(QUICK);
    pass(3_600_000);
    took(SLOW);
    pass(900);
    took(SLOW);

    assertThat(time.isQuick()).isTrue();
  }

  @Test
  void isQuick_responsesAreSlowForSeconds_isFalse() {
    took(QUICK);
    for (int i = 0; i < 5; i++) {
      pass(600);
      took(SLOW);
    }

    assertThat(time.isQuick()).isFalse();
  }

  @Test
  void isQuick_quickAgain_isTrueAtOnce() {
    took(SLOW);
    pass(5_000);
    took(SLOW);
    took(QUICK);

    assertThat(time.isQuick()).isTrue();
  }

  /** As with so many threads that there is always something under way. */
  @Test
  void isQuick_noRequestWasAloneForLong_goesByTheWaitForAnything() {
    took(SLOW);
    pass(500);
    time.waited(QUICK, now);
    assertThat(time.isQuick()).isFalse();

    pass(600);
    time.waited(QUICK, now);

    assertThat(time.isQuick()).isTrue();
  }

  private void took(long nanos) {
    time.took(nanos, now);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
