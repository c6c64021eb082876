// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much time has passed, also while the machine was suspended. {@link System#nanoTime} stands
 * still then on many systems; where the clock of day has gone ahead of it, that counts as time that
 * has passed. So a clock that is set forward only makes things look older than they are, and one
 * that is set back changes nothing.
 *
 * <p>Thread-safe.
 */
public final class ElapsedTime {

  /** Less than this is the clock of day being adjusted, or counted in milliseconds. */
  private static final long TOLERANCE = TimeUnit.MILLISECONDS.toNanos(2);

  /**
   * A look at the clock of day counts for so long by {@link System#nanoTime}, which halves the time
   * of a near hit. A machine that was suspended takes longer than that until its programs go on.
   */
  private static final long LOOK_NANOS = TimeUnit.MICROSECONDS.toNanos(10);

  private static final ElapsedTime OF_PROCESS =
      new ElapsedTime(System::nanoTime, InstantSource.system());

  private final LongSupplier nanoTime;
  private final InstantSource clock;

  /** By how much the clock of day was ahead when it was last noticed to have moved. */
  private final AtomicLong ahead;

  private final AtomicLong suspended = new AtomicLong();

  private volatile long lookedAt;

  ElapsedTime(LongSupplier nanoTime, InstantSource clock) {
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.lookedAt = nanoTime.getAsLong();
    this.ahead = new AtomicLong(ahead(lookedAt));
  }

  private long ahead(long nanos) {
    return TimeUnit.MILLISECONDS.toNanos(clock.millis()) - nanos;
  }

  /** Returns nanoseconds since some moment, for differences only. */
  public static long now() {
    return OF_PROCESS.nanos();
  }

  long nanos() {
    long nanos = nanoTime.getAsLong();
    if (nanos - lookedAt >= LOOK_NANOS) {
      look(nanos);
      lookedAt = nanos;
    }
    return nanos + suspended.get();
  }

  private void look(long nanos) {
    long now = ahead(nanos);
    long before = ahead.get();
    if (Math.abs(now - before) > TOLERANCE && ahead.compareAndSet(before, now) && now > before) {
      suspended.addAndGet(now - before);
    }
  }
}
