// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Waits by Awaitility for something that another thread, process or server brings about: for at
 * most 20 seconds, and with a look every 5 milliseconds.
 */
public final class Waiting {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final int LATCH_SECONDS = 60;
  private static final Duration POLL_INTERVAL = Duration.ofMillis(5);

  private Waiting() {}

  /**
   * Returns what waits for a condition.
   *
   * @param what is waited for; failures name it
   */
  public static ConditionFactory await(String what) {
    return Awaitility.await(what)
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .pollInSameThread(); // conditions use caches, whose threads and class loaders matter
  }

  /** Waits for a latch, in code that can't throw what an interrupt brings. */
  public static void awaitLatch(CountDownLatch latch) {
    try {
      assertThat(latch.await(LATCH_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until a thread sleeps for another one, or for a server. */
  public static void awaitWaiting(Thread thread) {
    await(thread.getName() + " waits").until(() -> isWaiting(thread));
  }

  private static boolean isWaiting(Thread thread) {
    return thread.getState() == Thread.State.WAITING
        || thread.getState() == Thread.State.TIMED_WAITING
        || Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getMethodName().equals("select")); // runnable, Java says
  }
}
