// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

/**
 * Expiry times in memcached's terms.
 *
 * <p>From {@code protocol.txt}, "Expiration times": 0 never expires; up to 30 days (2,592,000) are
 * seconds from now; anything above is an absolute unix time in seconds; a negative value expires at
 * once. The server's clock ticks once a second and an item may go almost a second early, so times
 * are rounded up and get one second more: memcached only frees the memory, the exact moment is
 * judged by the reader.
 */
public final class Exptime {

  /** The item stays until it is removed or evicted. */
  public static final int NEVER = 0;

  /** The item is gone at once. */
  public static final int AT_ONCE = -1;

  private static final int MAX_RELATIVE_SECONDS = 30 * 24 * 60 * 60;

  private Exptime() {}

  /**
   * Returns the expiry to send for an entry that must be kept until the deadline: {@link #NEVER}
   * for an eternal one, {@link #AT_ONCE} if the deadline is not after the present.
   *
   * <p>The largest time memcached takes is 2^31-1, in January 2038. A later deadline gets that, or
   * 30 days where that is longer: the item may then go before its deadline, never after it.
   *
   * @param deadlineMillis milliseconds since 1970, {@link Long#MAX_VALUE} for an eternal entry
   * @param nowMillis the present in milliseconds since 1970, not negative
   * @return seconds, to be sent as they are
   */
  public static int of(long deadlineMillis, long nowMillis) {
    if (deadlineMillis == Long.MAX_VALUE) {
      return NEVER;
    }
    if (deadlineMillis <= nowMillis) {
      return AT_ONCE;
    }
    long relative = secondsRoundedUp(deadlineMillis - nowMillis) + 1;
    if (relative <= MAX_RELATIVE_SECONDS) {
      return (int) relative;
    }
    long absolute = Math.min(secondsRoundedUp(deadlineMillis) + 1, Integer.MAX_VALUE);
    long inThirtyDays = nowMillis / 1000 + MAX_RELATIVE_SECONDS;
    return absolute > inThirtyDays ? (int) absolute : MAX_RELATIVE_SECONDS;
  }

  private static long secondsRoundedUp(long millis) {
    return millis / 1000 + (millis % 1000 == 0 ? 0 : 1);
  }
}
