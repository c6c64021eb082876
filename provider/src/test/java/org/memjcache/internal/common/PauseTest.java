// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pause is one, whatever unparked the thread before. */
class PauseTest {

  @Test
  void nanos_unparkedBefore_pausesAllTheSame() {
    long nanos = TimeUnit.MILLISECONDS.toNanos(20);
    LockSupport.unpark(Thread.currentThread());
    long start = System.nanoTime();

    Pause.nanos(nanos);

    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(nanos);
  }

  @Test
  @Timeout(60)
  void nanos_interrupted_endsAndKeepsTheFlag() {
    Thread.currentThread().interrupt();

    Pause.nanos(TimeUnit.HOURS.toNanos(1));

    assertThat(Thread.interrupted()).isTrue();
  }
}
