package org.memjcache.benchmarks.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One figure that has no contestants.
 *
 * @param group what it belongs to
 * @param title what was measured
 * @param unit of the figure; empty for ratios
 * @param rounds what came out, round by round; not empty
 * @param bound what it should be; null if nothing is promised
 */
public record Finding(
    Group group, String title, String unit, List<Double> rounds, @Nullable Bound bound) {

  /**
   * What a figure should be.
   *
   * @param value the target
   * @param atMost whether the figure should be at most that, not at least
   */
  public record Bound(double value, boolean atMost) {

    /**
     * Tells whether a figure is as it should be.
     *
     * @param figure what came out
     * @return whether the target is met
     */
    public boolean isMetBy(double figure) {
      return atMost ? figure <= value : figure >= value;
    }
  }

  /**
   * Makes a figure.
   *
   * @param group what it belongs to
   * @param title what was measured
   * @param unit of the figure; empty for ratios
   * @param rounds what came out, round by round; not empty
   * @param bound what it should be; null if nothing is promised
   */
  public Finding {
    rounds = List.copyOf(rounds);
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("Nothing was measured of: " + title);
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
