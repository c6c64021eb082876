// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.worker.Measurement;

/** All that was measured, round by round. Not thread-safe. */
public final class Results {

  /** From this share of the processors' time on, others count as busy. */
  public static final double BUSY = 0.1;

  private final Map<Cell, Map<ContestantKind, List<Measurement>>> cells = new LinkedHashMap<>();

  private final Map<Cell, Double> busy = new LinkedHashMap<>();

  private final List<Finding> findings = new ArrayList<>();

  /** Creates results without any. */
  public Results() {}

  /**
   * Adds the result of one round. The rounds of all contestants of a cell must be added in the same
   * order.
   *
   * @param cell the row
   * @param kind the contestant
   * @param measurement the result
   */
  public void add(Cell cell, ContestantKind kind, Measurement measurement) {
    cells
        .computeIfAbsent(cell, key -> new EnumMap<>(ContestantKind.class))
        .computeIfAbsent(kind, key -> new ArrayList<>())
        .add(measurement);
  }

  /**
   * Takes note of how busy the machine was with other things, just before a row was measured.
   *
   * @param cell the row
   * @param share of the time of all processors, from 0 to 1
   */
  public void setBusy(Cell cell, double share) {
    busy.put(cell, share);
  }

  /**
   * Returns how busy the machine was with other things, just before a row was measured.
   *
   * @param cell the row
   * @return a share of the time of all processors, from 0 to 1; 0 if it wasn't looked at
   */
  public double busy(Cell cell) {
    return busy.getOrDefault(cell, 0.0);
  }

  /**
   * Adds a figure without contestants.
   *
   * @param finding the figure
   */
  public void add(Finding finding) {
    findings.add(finding);
  }

  /**
   * Returns the figures without contestants.
   *
   * @return in the order they were measured
   */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /**
   * Returns the rows that were measured.
   *
   * @return in the order they were
   */
  public Set<Cell> cells() {
    return cells.keySet();
  }

  /**
   * Returns the results of one contestant.
   *
   * @param cell the row
   * @param kind the contestant
   * @return one for each round; none if it wasn't measured
   */
  public List<Measurement> rounds(Cell cell, ContestantKind kind) {
    return cells.getOrDefault(cell, Map.of()).getOrDefault(kind, List.of());
  }

  /**
   * Returns the median over the rounds.
   *
   * @param cell the row
   * @param kind the contestant
   * @param value what of each measurement
   * @return the median; empty if it wasn't measured
   */
  public OptionalDouble median(
      Cell cell, ContestantKind kind, ToDoubleFunction<Measurement> value) {
    return median(rounds(cell, kind).stream().mapToDouble(value).sorted().toArray());
  }

  /**
   * Compares two figures round by round, so that a temporary disturbance of the machine affects
   * both.
   *
   * @param upper what is divided
   * @param lower what it is divided by
   * @return the median of the rounds' ratios; empty if one wasn't measured
   */
  public OptionalDouble ratio(Figure upper, Figure lower) {
    double[] above = largest(upper);
    double[] below = largest(lower);
    double[] ratios = new double[Math.min(above.length, below.length)];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = above[i] / below[i];
    }
    Arrays.sort(ratios);
    return median(ratios);
  }

  private double[] largest(Figure figure) {
    List<List<Measurement>> all =
        figure.kinds.stream().map(kind -> rounds(figure.cell, kind)).toList();
    int rounds = all.stream().mapToInt(List::size).min().orElse(0);
    return IntStream.range(0, rounds)
        .mapToDouble(
            round ->
                all.stream()
                    .mapToDouble(each -> figure.value.applyAsDouble(each.get(round)))
                    .max()
                    .orElse(Double.NaN))
        .toArray();
  }

  static OptionalDouble median(double[] sorted) {
    if (sorted.length == 0) {
      return OptionalDouble.empty();
    }
    int middle = sorted.length / 2;
    return OptionalDouble.of(
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
  }

  /**
   * One figure of the results.
   *
   * @param cell the row
   * @param kinds the contestant, or several of which the largest value of each round counts
   * @param value what of their measurements
   */
  public record Figure(Cell cell, List<ContestantKind> kinds, ToDoubleFunction<Measurement> value) {

    /**
     * Returns the score of a contestant.
     *
     * @param cell the row
     * @param kinds the contestant, or several of which the best counts
     * @return its score
     */
    public static Figure score(Cell cell, ContestantKind... kinds) {
      return new Figure(cell, List.of(kinds), Measurement::score);
    }
  }
}
