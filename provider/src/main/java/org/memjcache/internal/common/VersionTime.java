// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.time.Instant;

/**
 * The times that stand in versions, and in the floors below which versions are void: a number has
 * the milliseconds since 1970 in its high bits, and others below.
 *
 * <p>All processes go by such numbers, so they agree on which ones there are, whatever their clocks
 * say, and a clock that says anything else than the time from 2001 until 2125 makes none. All have
 * 19 digits, and there is much room above them below 2<sup>63</sup>.
 */
public final class VersionTime {

  /** How many bits stand below the milliseconds. */
  public static final int LOW_BITS = 20;

  /** The smallest number with 19 digits, from March 2000. */
  public static final long SMALLEST = 1_000_000_000_000_000_000L;

  private static final Instant EARLIEST = Instant.parse("2001-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2126-01-01T00:00:00Z");

  private VersionTime() {}

  /** Returns whether numbers may be made at a time: the clock that says it may be right. */
  public static boolean isPossible(Instant time) {
    return !time.isBefore(EARLIEST) && time.isBefore(LATEST);
  }

  /** Returns whether a number can have been made by a clock that may have been right. */
  public static boolean isPossible(long number) {
    return number >= SMALLEST && number < number(LATEST);
  }

  /** Returns the smallest number of a time. */
  public static long number(Instant time) {
    return time.toEpochMilli() << LOW_BITS;
  }

  /** Returns what is wrong with a clock that says a time at which no numbers are made. */
  public static String complaint(Instant time) {
    return String.format(
        "the clock of this process says %s: expected is a time from %s until %s. Set the clock",
        time, EARLIEST, LATEST);
  }
}
