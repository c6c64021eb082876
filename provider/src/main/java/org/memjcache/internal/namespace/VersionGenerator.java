package org.memjcache.internal.namespace;

import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Makes version numbers that were never in use before.
 *
 * <p>A number is the milliseconds since 1970 in its high bits and 20 random bits below. It has 19
 * digits from 2001 until after 2200, and stays below 2<sup>63</sup>: memcached increments it in
 * place, and its responses can be read as a {@code long}. A number that is used a second time would
 * bring back the dead entries stored under it, which is why nothing here falls back to a constant,
 * to a counter that begins again, or to a clock of whole seconds.
 *
 * <p>Thread-safe.
 */
final class VersionGenerator {

  /** How many random bits stand below the milliseconds. */
  static final int RANDOM_BITS = 20;

  /**
   * How many random bits a jump past another process's number has. 2<sup>30</sup> is as far as a
   * second of time, half a second on average: the numbers of a level that is lost again and again
   * don't run away from the clock, and one that another process used is hit once in 2<sup>30</sup>.
   */
  private static final int JUMP_BITS = 30;

  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();

  VersionGenerator(InstantSource clock) {
    this.clock = clock;
  }

  /** Returns a number that was never used, above the highest that was seen of the level. */
  long above(long highest) {
    long fresh = (clock.millis() << RANDOM_BITS) | random.nextInt(1 << RANDOM_BITS);
    if (fresh > highest) {
      return fresh;
    }
    // The clock that made the highest number is ahead of ours, by minutes or by hours. Some numbers
    // above it may have been used by a process that we never heard of: jump to any of very many.
    return highest + (1L << RANDOM_BITS) + (random.nextLong() >>> (Long.SIZE - JUMP_BITS));
  }

  /**
   * Returns by how much to increment a number, so that the result was never used either: a random
   * step of 1 to 2<sup>20</sup>, as far as one millisecond of time.
   */
  long step() {
    return 1L + random.nextInt(1 << RANDOM_BITS);
  }
}
