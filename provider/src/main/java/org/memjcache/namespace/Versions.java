package org.memjcache.namespace;

import org.memjcache.codec.KeyPrefix;

/**
 * The versions of all levels of a namespace, as known at one moment, and the prefix that they give
 * to item keys.
 */
public final class Versions {

  private final long[] numbers;
  private final KeyPrefix prefix;

  Versions(long[] numbers, KeyPrefix prefix) {
    this.numbers = numbers;
    this.prefix = prefix;
  }

  /** Returns the beginning of all item keys under these versions. */
  public KeyPrefix prefix() {
    return prefix;
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
