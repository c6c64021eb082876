// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.util.List;

/** How much is measured. */
public enum Extent {
  /** Enough to see that everything works and where things are: a few minutes. */
  QUICK(2, 100, 200, 4),
  /** What docs/performance.md shows. */
  FULL(5, 200, 500, 40);

  private final int rounds;
  private final int warmupMillis;
  private final int millis;
  private final int firstWarmups;

  Extent(int rounds, int warmupMillis, int millis, int firstWarmups) {
    this.rounds = rounds;
    this.warmupMillis = warmupMillis;
    this.millis = millis;
    this.firstWarmups = firstWarmups;
  }

  /**
   * Returns how often each contestant has its turn.
   *
   * @return rounds
   */
  public int rounds() {
    return rounds;
  }

  /**
   * Returns how long each turn runs before it counts.
   *
   * @return milliseconds
   */
  public int warmupMillis() {
    return warmupMillis;
  }

  /**
   * Returns how long each turn is measured.
   *
   * @return milliseconds
   */
  public int millis() {
    return millis;
  }

  /**
   * Returns how often a contestant runs, half a second each time, before anything is measured.
   * Where system calls are slow, what isn't compiled takes three times as long, and the last of it
   * is compiled after some ten seconds.
   *
   * @return a number of turns
   */
  int firstWarmups() {
    return firstWarmups;
  }

  /**
   * Returns the numbers of threads for single operations.
   *
   * @return numbers of threads, rising
   */
  public List<Integer> threads() {
    return this == QUICK ? List.of(1, 16) : List.of(1, 4, 16, 64);
  }
}
