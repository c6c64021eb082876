// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import java.util.concurrent.TimeUnit;

/**
 * The least time in which the server responds, lately, to a request that is alone: while others are
 * under way, there is always something to read soon, and what takes long here waits for a processor
 * as often as for the server.
 *
 * <p>Told by the leader, asked by any thread.
 */
public final class ResponseTime {

  /**
   * A server that responds within this time is so near that the work of a write, here and there, is
   * not little against it.
   */
  private static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** For how long the least time counts at least. */
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** In the present window, which ends with the first response after that time. */
  private long least = Long.MAX_VALUE;

  private long windowStart = System.nanoTime();
  private long lastAlone = windowStart;

  /** In this window and the one before. Slow to begin with. */
  private volatile long nanos = Long.MAX_VALUE;

  public boolean isQuick() {
    return nanos < QUICK_NANOS;
  }

  /**
   * Takes note of the response to a request that was alone.
   *
   * @param now by {@link System#nanoTime}
   */
  public void took(long tookNanos, long now) {
    lastAlone = now;
    add(tookNanos, now);
  }

  /**
   * Takes note how long it was until there was something to read. That counts while no request is
   * alone for long: to wait for others costs little where responses come all the time.
   */
  public void waited(long waitedNanos, long now) {
    if (now - lastAlone > WINDOW_NANOS) {
      add(waitedNanos, now);
    }
  }

  private void add(long tookNanos, long now) {
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      nanos = least;
      least = Long.MAX_VALUE;
    }
    least = Math.min(least, tookNanos);
    nanos = Math.min(nanos, tookNanos);
  }
}
