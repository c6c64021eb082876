// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.concurrent.locks.LockSupport;

/** Pauses of the calling thread. Thread-safe. */
public final class Pause {

  private Pause() {}

  /**
   * Pauses for the whole of a time, unless the thread is interrupted, whose flag stays. A single
   * park is no pause: it ends at once if the thread was unparked since, as the end of each round
   * trip may do, and a thread that asks between its pauses would do nothing but ask.
   */
  public static void nanos(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos;
        left > 0 && !Thread.currentThread().isInterrupted();
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
