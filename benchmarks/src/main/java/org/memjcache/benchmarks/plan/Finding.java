// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure without contestants.
 *
 * @param group what it belongs to
 * @param title what was measured
 * @param unit of the figure; empty for ratios
 * @param rounds the results, round by round; not empty
 * @param bound the target; null if there is none
 */
public record Finding(
    Group group, String title, String unit, List<Double> rounds, @Nullable Bound bound) {

  /**
   * The target of a figure.
   *
   * @param value the target
   * @param atMost whether the figure should be at most that, not at least
   */
  public record Bound(double value, boolean atMost) {

    /**
     * Returns whether a figure meets the target.
     *
     * @param figure the result
     * @return whether the target is met
     */
    public boolean isMetBy(double figure) {
      return atMost ? figure <= value : figure >= value;
    }
  }

  /**
   * Creates a figure.
   *
   * @param group what it belongs to
   * @param title what was measured
   * @param unit of the figure; empty for ratios
   * @param rounds the results, round by round; not empty
   * @param bound the target; null if there is none
   */
  public Finding {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("Nothing was measured for: " + title);
    }
  }

  /**
   * Returns the figure.
   *
   * @return the median of the rounds
   */
  public double median() {
    return Results.median(rounds.stream().mapToDouble(each -> each).sorted().toArray())
        .getAsDouble();
  }
}
