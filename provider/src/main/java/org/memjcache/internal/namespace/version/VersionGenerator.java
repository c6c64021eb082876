// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import javax.cache.CacheException;

/**
 * Makes version numbers that were never in use before.
 *
 * <p>A number is the milliseconds since 1970 in its high bits and 20 random bits below. It has 19
 * digits from 2001 until after 2200, and stays below 2<sup>63</sup>: memcached increments it in
 * place, and its responses can be read as a {@code long}. A clock that says anything else than
 * these hundred years makes none, as other processes would refuse it ({@link VersionNumber}). A
 * number that is used a second time would bring back the dead entries stored under it, which is why
 * nothing here falls back to a constant, to a counter that begins again, or to a clock of whole
 * seconds.
 *
 * <p>Thread-safe.
 */
public final class VersionGenerator {

  /** How many random bits stand below the milliseconds. */
  public static final int RANDOM_BITS = 20;

  /**
   * How many random bits a jump past another process's number has. 2<sup>30</sup> is as far as a
   * second of time, half a second on average: the numbers of a level that is lost again and again
   * don't run away from the clock, and one that another process used is hit once in 2<sup>30</sup>.
   */
  private static final int JUMP_BITS = 30;

  /** Before, numbers have fewer than 19 digits. */
  private static final Instant EARLIEST = Instant.parse("2001-01-01T00:00:00Z");

  /** From then on, a process whose clock is right may take a number for none. */
  private static final Instant LATEST = Instant.parse("2126-01-01T00:00:00Z");

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  public VersionGenerator(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns a number that was never used, above the highest that was seen of the level.
   *
   * @param level its name, for the error
   * @param highest 0 if none was seen
   * @throws CacheException if none was seen, and the clock is wrong
   */
  public long above(String level, long highest) {
    Instant now = clock.instant();
    if (!now.isBefore(EARLIEST) && now.isBefore(LATEST)) {
      long fresh = (now.toEpochMilli() << RANDOM_BITS) | random.nextInt(1 << RANDOM_BITS);
      if (fresh > highest) {
        return fresh;
      }
    } else if (highest == 0) {
      throw new CacheException(
          String.format(
              "No version can be created for '%s', as the clock of this process says %s: expected"
                  + " is a time from %s until %s. Set the clock; other processes would refuse such"
                  + " a version",
              level, now, EARLIEST, LATEST));
    }
    // The clock that made the highest number is ahead of ours, by minutes or by hours, or ours is
    // wrong. Some numbers
    // above it may have been used by a process that we never heard of: jump to any of very many.
    return highest + (1L << RANDOM_BITS) + (random.nextLong() >>> (Long.SIZE - JUMP_BITS));
  }

  /**
   * Returns by how much to increment a number, so that the result was never used either: a random
   * step of 1 to 2<sup>20</sup>, as far as one millisecond of time.
   */
  public long step() {
    return 1L + random.nextInt(1 << RANDOM_BITS);
  }
}
