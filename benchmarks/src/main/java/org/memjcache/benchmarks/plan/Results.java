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
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.worker.Measurement;

/** All that was measured, round by round. Not thread-safe. */
public final class Results {

  private final Map<Cell, Map<ContestantKind, List<Measurement>>> cells = new LinkedHashMap<>();

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
    List<Measurement> above = rounds(upper.cell, upper.kind);
    List<Measurement> below = rounds(lower.cell, lower.kind);
    double[] ratios = new double[Math.min(above.size(), below.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = upper.value.applyAsDouble(above.get(i)) / lower.value.applyAsDouble(below.get(i));
    }
    Arrays.sort(ratios);
    return median(ratios);
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
   * @param kind the contestant
   * @param value what of its measurements
   */
  public record Figure(Cell cell, ContestantKind kind, ToDoubleFunction<Measurement> value) {

    /**
     * Returns the score of a contestant.
     *
     * @param cell the row
     * @param kind the contestant
     * @return its score
     */
    public static Figure score(Cell cell, ContestantKind kind) {
      return new Figure(cell, kind, Measurement::score);
    }
  }
}
