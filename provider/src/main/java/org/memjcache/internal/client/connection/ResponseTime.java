// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How near the server is: the least time that a response took of late, from before its message was
 * written. The least, because all others say how busy this machine is: whoever judged by these
 * would have threads write more often when that makes them wait longer still.
 *
 * <p>One message at a time is timed. {@link #writing} is called by the thread that writes, {@link
 * #answered} by the one that reads, {@link #isQuick} by any.
 */
final class ResponseTime {

  /**
   * A server that responds within this time is so near that the work of a write, here and there, is
   * not little against it.
   */
  private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** For how long the least time counts at least, and at most twice. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;

  private volatile @Nullable Message timed;
  private long writtenAt; // written before timed, read after

  // Touched by the thread that reads.
  private long windowBegan;
  private long least = Long.MAX_VALUE;
  private long leastBefore = Long.MAX_VALUE;

  private volatile boolean quick;

  ResponseTime(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowBegan = nanoTime.getAsLong();
  }

  boolean isQuick() {
    return quick;
  }

  /** Tells that a message is about to be written. */
  void writing(Message message) {
    if (timed == null) {
      writtenAt = nanoTime.getAsLong();
      timed = message;
    }
  }

  /** Tells that a message has its responses. */
  void answered(Message message) {
    if (timed != message) {
      return;
    }
    long now = nanoTime.getAsLong();
    long taken = now - writtenAt;
    timed = null;
    if (now - windowBegan >= WINDOW_NANOS) {
      windowBegan = now;
      leastBefore = least;
      least = taken;
    } else {
      least = Math.min(least, taken);
    }
    quick = Math.min(least, leastBefore) < QUICK_NANOS;
  }
}
