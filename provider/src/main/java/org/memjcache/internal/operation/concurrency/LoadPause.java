// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.memjcache.internal.common.Pause;

/**
 * The pauses between the looks of one thread for what another process loads: a loader takes from a
 * millisecond to seconds, so each may be twice as long as the one before, up to a limit. Used by
 * one thread.
 */
public final class LoadPause {

  private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final LongSupplier deadline;
  private long next = FIRST_NANOS;

  /**
   * Begins to wait.
   *
   * @param deadline until when, by {@link System#nanoTime}
   */
  public LoadPause(LongSupplier deadline) {
    this.deadline = deadline;
  }

  /** Pauses; returns false at once if it is time to go on, or the thread is interrupted. */
  public boolean pause() {
    long left = deadline.getAsLong() - System.nanoTime();
    if (left <= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    long most = Math.min(left, next);
    Pause.nanos(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    next = Math.min(LONGEST_NANOS, 2 * next);
    return true;
  }
}
