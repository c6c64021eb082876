package org.memjcache.internal.namespace;

import java.util.Arrays;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;

/**
 * The versions of all levels of a namespace on one server, as known at one moment, and the prefix
 * that they give to item keys. Immutable.
 */
public final class Versions {

  private final int server;
  private final long[] numbers;
  private final KeyPrefix prefix;
  private final boolean known;

  private Versions(int server, long[] numbers, KeyPrefix prefix, boolean known) {
    this.server = server;
    this.numbers = numbers;
    this.prefix = prefix;
    this.known = known;
  }

  /** Returns versions by number, one for each level of the path. */
  public static Versions of(int server, long[] numbers, PathKey path) {
    return new Versions(server, numbers, path.prefix(numbers), true);
  }

  /** Returns the highest versions of {@code levels}, none of which is unknown. */
  static Versions highestOf(int server, Level[] levels, PathKey path) {
    return of(server, Arrays.stream(levels).mapToLong(Level::highest).toArray(), path);
  }

  /** Returns what stands for versions that can't be read. Nothing is read or stored under it. */
  static Versions unknown(int server, PathKey path) {
    long[] numbers = new long[path.levels()];
    Arrays.fill(numbers, 1);
    return new Versions(server, numbers, path.prefix(numbers), false);
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
    return numbers[level];
  }

  /** Returns whether this process knows no higher version of any level. */
  boolean areHighest(Level[] levels) {
    for (int i = 0; i < numbers.length; i++) {
      if (levels[i].highest() != numbers[i]) {
        return false;
      }
    }
    return true;
  }
}
