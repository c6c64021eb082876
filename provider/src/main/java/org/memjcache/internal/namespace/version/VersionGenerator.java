// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace.version;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import javax.cache.CacheException;
import org.memjcache.internal.common.VersionTime;

/**
 * Makes version numbers that were never in use before.
 *
 * <p>A number is the milliseconds since 1970 in its high bits and 20 random bits below. It has 19
 * digits and stays below 2<sup>63</sup> ({@link VersionTime}): memcached increments it in place,
 * and its responses can be read as a {@code long}. A number that is used a second time would bring
 * back the dead entries stored under it, which is why nothing here falls back to a constant, to a
 * counter that begins again, or to a clock of whole seconds.
 *
 * <p>Thread-safe.
 */
public final class VersionGenerator {

  /**
   * How many random bits a jump past another process's number has. 2<sup>30</sup> is as far as a
   * second of time, half a second on average: the numbers of a level that is lost again and again
   * don't run away from the clock, and one that another process used is hit once in 2<sup>30</sup>.
   */
  private static final int JUMP_BITS = 30;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  public VersionGenerator(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns a number that was never used, above the highest that was seen of the level.
   *
   * @param level its name, for the error
   * @param highest the floor of the server if none was seen, 0 if it has none
   * @throws CacheException if there is no number to be exceeded, and the clock is wrong
   */
  public long above(String level, long highest) {
    Instant now = clock.instant();
    if (VersionTime.isPossible(now)) {
      long fresh = VersionTime.number(now) | random.nextInt(1 << VersionTime.LOW_BITS);
      if (fresh > highest) {
        return fresh;
      }
    } else if (!VersionTime.isPossible(highest)) {
      throw new CacheException(
          String.format(
              "No version can be created for '%s', as %s", level, VersionTime.complaint(now)));
    }
    // The clock that made the highest number is ahead of ours, by minutes or by hours, or ours is
    // wrong. Some numbers above it may have been used by a process that we never heard of: jump to
    // any of very many.
    return highest + (1L << VersionTime.LOW_BITS) + (random.nextLong() >>> (Long.SIZE - JUMP_BITS));
  }

  /**
   * Returns by how much to increment a number, so that the result was never used either: a random
   * step of 1 to 2<sup>20</sup>, as far as one millisecond of time.
   */
  public long step() {
    return 1L + random.nextInt(1 << VersionTime.LOW_BITS);
  }
}
