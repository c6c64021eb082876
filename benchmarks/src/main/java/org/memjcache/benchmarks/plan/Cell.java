// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.util.Collection;
import java.util.List;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.worker.Order;

/**
 * One row of a table: an operation under certain conditions.
 *
 * @param operation what is done
 * @param threads how many threads do it
 * @param valueSize length of the values in bytes
 * @param entries how many entries there are
 */
public record Cell(Operation operation, int threads, int valueSize, int entries) {

  /** The length of values where nothing else is said. */
  public static final int SMALL_VALUE = 100;

  /** The number of entries where nothing else is said. */
  public static final int ENTRIES = 10_000;

  /**
   * Returns a row with small values.
   *
   * @param operation what is done
   * @param threads how many threads do it
   * @return the row
   */
  public static Cell of(Operation operation, int threads) {
    return new Cell(operation, threads, SMALL_VALUE, ENTRIES);
  }

  /**
   * Returns a row for an operation on everything, by one thread.
   *
   * @param operation what is done
   * @param entries how many entries there are
   * @return the row
   */
  public static Cell ofAll(Operation operation, int entries) {
    return new Cell(operation, 1, SMALL_VALUE, entries);
  }

  /**
   * Returns the contestants that can do this.
   *
   * @param contestants who takes part
   * @return a part of them
   */
  public List<ContestantKind> among(Collection<ContestantKind> contestants) {
    return contestants.stream().filter(kind -> kind.can(operation)).toList();
  }

  Order order(int warmupMillis, int millis) {
    return new Order(operation, threads, valueSize, entries, warmupMillis, millis);
  }
}
