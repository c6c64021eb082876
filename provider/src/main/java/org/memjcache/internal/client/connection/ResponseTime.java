// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.util.concurrent.TimeUnit;

/** How long leaders wait for responses, smoothed. Told by the leader, asked by any thread. */
final class ResponseTime {

  /**
   * A server that responds within this time is so near that the work of a write, here and there, is
   * not little against it.
   */
  private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** What takes longer counts as this, or one long pause would be remembered for long. */
  private static final long MAX_NANOS = 16 * QUICK_NANOS;

  /** How much of a new time counts: an eighth, as TCP does it for its segments. */
  private static final int SMOOTHING = 3;

  /** Slow to begin with. */
  private volatile long nanos = MAX_NANOS;

  boolean isQuick() {
    return nanos < QUICK_NANOS;
  }

  void waited(long waitedNanos) {
    long before = nanos;
    nanos = before + ((Math.min(waitedNanos, MAX_NANOS) - before) >> SMOOTHING);
  }
}
