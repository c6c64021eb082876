package org.memjcache.internal.namespace;

import java.util.Arrays;

/**
 * The versions of all levels of a namespace, as known at one moment, and the prefix that they give
 * to item keys.
 */
public final class Versions {

  private final long[] numbers;
  private final KeyPrefix prefix;
  private final boolean known;

  private Versions(long[] numbers, KeyPrefix prefix, boolean known) {
    this.numbers = numbers;
    this.prefix = prefix;
    this.known = known;
  }

  /** Returns the highest versions of {@code levels}, none of which is unknown. */
  static Versions of(Level[] levels, PathKey path) {
    long[] numbers = new long[levels.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = levels[i].highest();
    }
    return new Versions(numbers, path.prefix(numbers), true);
  }

  /** Returns what stands for versions that can't be read. Nothing is read or stored under it. */
  static Versions unknown(PathKey path) {
    long[] numbers = new long[path.levels()];
    Arrays.fill(numbers, 1);
    return new Versions(numbers, path.prefix(numbers), false);
  }

  /**
   * Returns the beginning of all item keys under these versions.
   *
   * @return the prefix
   */
  public KeyPrefix prefix() {
    return prefix;
  }

  /** Returns false if these only stand for versions that can't be read. */
  boolean areKnown() {
    return known;
  }

  long number(int level) {
    return numbers[level];
  }

  /** Returns true while this process knows no higher version of any level. */
  boolean areHighest(Level[] levels) {
    for (int i = 0; i < numbers.length; i++) {
      if (levels[i].highest() != numbers[i]) {
        return false;
      }
    }
    return true;
  }
}
