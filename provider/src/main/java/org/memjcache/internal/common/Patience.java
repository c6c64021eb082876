// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long closing waits in all for threads to end. An interrupt doesn't end the waiting, which is
 * short: threads that were left behind would need the class loader of an application that is gone.
 * It is kept for the caller.
 *
 * <p>For one thread.
 */
public final class Patience {

  private final long deadline;

  private Patience(long deadline) {
    this.deadline = deadline;
  }

  /** Returns a patience that begins now. */
  public static Patience of(Duration time) {
    return new Patience(System.nanoTime() + time.toNanos());
  }

  /** Waits for a thread to end and returns whether it has; doesn't wait for the calling thread. */
  public boolean join(Thread thread) {
    boolean interrupted = false;
    while (thread != Thread.currentThread() && thread.isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedJoin(thread, left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }
}
