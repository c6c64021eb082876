// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Instant;
import java.util.Arrays;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.VersionTime;

/**
 * The versions of all levels of a namespace on one server, as known at one moment, and the prefix
 * that they give to item keys. Immutable.
 */
public final class Versions {

  private final int server;
  private final KeyPrefix prefix;
  private final boolean known;

  private Versions(int server, KeyPrefix prefix, boolean known) {
    this.server = server;
    this.prefix = prefix;
    this.known = known;
  }

  /** Returns versions by number, one for each level of the path. */
  public static Versions of(int server, long[] numbers, PathKey path) {
    return new Versions(server, path.prefix(numbers), true);
  }

  /** Returns the highest versions of {@code levels}, none of which is unknown. */
  static Versions highestOf(int server, Level[] levels, PathKey path) {
    return of(server, Arrays.stream(levels).mapToLong(Level::highest).toArray(), path);
  }

  /** Returns what stands for versions that can't be read. Nothing is read or stored under it. */
  static Versions unknown(int server, PathKey path) {
    long[] numbers = new long[path.levels()];
    Arrays.fill(numbers, 1);
    return new Versions(server, path.prefix(numbers), false);
  }

  /**
   * Returns when a version was created, by the clock of the process that did it. A clear moves this
   * by a millisecond at most.
   *
   * @param number of a version
   */
  public static Instant createdAt(long number) {
    return Instant.ofEpochMilli(number >>> VersionTime.LOW_BITS);
  }

  /** Returns the index of the server in the cluster. */
  public int server() {
    return server;
  }

  public KeyPrefix prefix() {
    return prefix;
  }

  /** Returns false if these only stand for versions that can't be read. */
  public boolean areKnown() {
    return known;
  }

  long number(int level) {
    return prefix.version(level);
  }

  long[] numbers(int levels) {
    long[] numbers = new long[levels];
    Arrays.setAll(numbers, prefix::version);
    return numbers;
  }

  /** Returns whether this process knows no higher version of any level. */
  boolean areHighest(Level[] levels) {
    for (int i = 0; i < levels.length; i++) {
      if (levels[i].highest() != number(i)) {
        return false;
      }
    }
    return true;
  }
}
