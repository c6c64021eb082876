package org.memjcache.internal.client.connection.xmemcached;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import net.rubyeye.xmemcached.command.Command;
import org.jspecify.annotations.Nullable;

/**
 * How long a server takes to answer over one connection, the way there and back included: the
 * smoothed time of one command after the other, as TCP does it for its segments.
 *
 * <p>For one thread at a time that writes and one that reads; anybody may ask.
 */
final class LatencyEstimate {

  /**
   * A server that answers within this time is so near that the work of a write, here and there, is
   * not little against it.
   */
  static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

  /** What takes longer counts as this, or one long pause would be remembered for long. */
  private static final long MOST_NANOS = 16 * QUICK_NANOS;

  /** How much of a new time counts: an eighth. */
  private static final int SMOOTHING = 3;

  private final LongSupplier clock;
  private volatile @Nullable Command timed;
  private long since; // written before timed, read after

  /** Slow until it has shown to be quick. */
  private volatile long smoothed = MOST_NANOS;

  /**
   * Makes one that knows nothing yet.
   *
   * @param clock as {@link System#nanoTime}
   */
  LatencyEstimate(LongSupplier clock) {
    this.clock = clock;
  }

  /** Notes that a command is about to be written. */
  void writing(Command command) {
    if (timed == null) {
      since = clock.getAsLong();
      timed = command;
    }
  }

  /**
   * Notes that a command was answered.
   *
   * @param now by the clock, when the answer was read
   */
  void answered(Command command, long now) {
    if (command == timed) {
      long time = Math.min(now - since, MOST_NANOS);
      long before = smoothed;
      smoothed = before + ((time - before) >> SMOOTHING);
      timed = null;
    }
  }

  /** Returns whether answers come quickly. */
  boolean isShort() {
    return smoothed < QUICK_NANOS;
  }
}
