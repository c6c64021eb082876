// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.plan.Results.Figure;
import org.memjcache.benchmarks.worker.Measurement;

/**
 * The target of a ratio.
 *
 * @param title what is compared
 * @param upper what is divided
 * @param lower what it is divided by
 * @param factor multiplies the ratio
 * @param bound the target
 * @param atMost whether the ratio should be at most that, not at least
 */
record Target(
    String title, Figure upper, Figure lower, double factor, double bound, boolean atMost) {

  private static final List<ContestantKind> PEERS =
      List.of(ContestantKind.REDISSON, ContestantKind.HAZELCAST);

  /** Returns the ratio that was measured, empty if it wasn't. */
  OptionalDouble measured(Results results) {
    OptionalDouble ratio = results.ratio(upper, lower);
    return ratio.isPresent() ? OptionalDouble.of(ratio.getAsDouble() * factor) : ratio;
  }

  boolean isMetBy(double ratio) {
    return atMost ? ratio <= bound : ratio >= bound;
  }

  /** Returns all targets. */
  static List<Target> all() {
    List<Target> targets = new ArrayList<>();
    for (int threads : List.of(1, 16)) {
      targets.add(overBare("strict get", Operation.GET, threads, ContestantKind.STRICT, 0.95));
    }
    for (int threads : List.of(1, 16)) {
      targets.add(
          overBare("strict get, 3 levels", Operation.GET, threads, ContestantKind.STRICT_3, 0.90));
    }
    for (int threads : List.of(1, 16)) {
      targets.add(overBare("bounded get", Operation.GET, threads, ContestantKind.BOUNDED, 0.98));
    }
    targets.add(overBare("strict put", Operation.PUT, 16, ContestantKind.STRICT, 0.90));
    targets.add(overBare("strict getAll(100)", Operation.GET_ALL, 1, ContestantKind.STRICT, 1.1));
    targets.add(overBare("strict getAll(100)", Operation.GET_ALL, 16, ContestantKind.STRICT, 1));
    targets.add(
        new Target(
            "strict putAll(100) / 100 single puts, 1 thread",
            Figure.score(Cell.of(Operation.PUT_ALL, 1), ContestantKind.STRICT),
            Figure.score(Group.SINGLE_PUTS, ContestantKind.STRICT),
            Operation.BATCH,
            8,
            false));
    targets.add(over("strict get", Operation.GET, 16, ContestantKind.NAIVE, 3));
    for (Operation operation : List.of(Operation.GET, Operation.PUT)) {
      String title = "strict " + operation.title();
      targets.add(over(title, operation, 16, ContestantKind.REDISSON, 4));
      targets.add(over(title, operation, 16, ContestantKind.HAZELCAST, 1.8));
    }
    for (Operation operation : List.of(Operation.GET, Operation.PUT)) {
      for (ContestantKind peer : PEERS) {
        targets.add(over("strict " + operation.title(), operation, 1, peer, 1.0));
      }
    }
    targets.add(
        new Target(
            "strict clear of 1,000,000 entries / of 10, time",
            Figure.score(Cell.ofAll(Operation.CLEAR, 1_000_000), ContestantKind.STRICT),
            Figure.score(Cell.ofAll(Operation.CLEAR, 10), ContestantKind.STRICT),
            1,
            1.2,
            true));
    for (int threads : List.of(1, 16)) {
      targets.add(
          new Target(
              "bytes allocated by a strict get / bare get, " + threads(threads),
              new Figure(
                  Cell.of(Operation.GET, threads),
                  List.of(ContestantKind.STRICT),
                  Measurement::allocated),
              new Figure(
                  Cell.of(Operation.GET, threads),
                  List.of(ContestantKind.XMEMCACHED),
                  Measurement::allocated),
              1,
              1.5,
              true));
    }
    targets.add(over("strict invoke", Operation.INVOKE, 16, ContestantKind.REDISSON, 3));
    targets.add(processorTime("strict get, 3 levels", Cell.of(Operation.GET, 1), 0.75));
    targets.add(processorTime("strict get, 3 levels", Cell.of(Operation.GET, 4), 0.5));
    targets.add(processorTime("strict get, 3 levels", Cell.of(Operation.GET, 16), 0.75));
    targets.add(processorTime("strict get, 3 levels", Cell.of(Operation.GET, 64), 0.75));
    targets.add(overBest("strict get, 3 levels", Cell.of(Operation.GET, 4), 2.5));
    targets.add(overBest("strict get, 3 levels", Cell.of(Operation.GET, 16), 1.2));
    targets.add(overBest("strict get, 3 levels", Cell.of(Operation.GET, 64), 1.2));
    targets.add(
        over(
            "strict get, 3 levels / blocking sockets",
            Operation.GET,
            1,
            ContestantKind.STRICT_3,
            ContestantKind.SOCKETS,
            0.95));
    targets.add(over("strict get", Operation.GET, 16, ContestantKind.SIXHOURS, 2.5));
    targets.add(near("near hit / Caffeine", Group.NEAR_HITS, ContestantKind.CAFFEINE, 0.5));
    targets.add(
        near("get by zipf(0.99), near / without", Group.NEAR_ZIPF, ContestantKind.BOUNDED, 5));
    for (int threads : List.of(1_000, 10_000)) {
      targets.add(
          overBest("strict get by virtual ones, 3 levels", Cell.of(Operation.GET, threads), 1.2));
    }
    for (int threads : List.of(1, 16, 64)) {
      Cell gets = Group.distantGets(threads);
      targets.add(overBest("strict get, 3 levels, 1 ms away", gets, 1));
      targets.add(processorTime("strict get, 3 levels, 1 ms away", gets, 1.1));
    }
    targets.add(overBest("strict put, 3 levels", Cell.of(Operation.PUT, 16), 1.15));
    targets.add(overBest("strict put, 3 levels", Cell.of(Operation.PUT, 64), 1.15));
    return targets;
  }

  private static Target near(String title, Cell cell, ContestantKind peer, double bound) {
    return new Target(
        title + ", " + threads(cell.threads()),
        Figure.score(cell, ContestantKind.NEAR),
        Figure.score(cell, peer),
        1,
        bound,
        false);
  }

  private static Target processorTime(String title, Cell cell, double bound) {
    return new Target(
        "client's processor time, %s / bare xmemcached, %s"
            .formatted(title, threads(cell.threads())),
        new Figure(cell, List.of(ContestantKind.STRICT_3), Measurement::processorMicros),
        new Figure(cell, List.of(ContestantKind.XMEMCACHED), Measurement::processorMicros),
        1,
        bound,
        true);
  }

  private static Target overBest(String title, Cell cell, double bound) {
    return new Target(
        "%s / bare xmemcached, each with one or two connections, %s"
            .formatted(title, threads(cell.threads())),
        Figure.score(cell, ContestantKind.STRICT_3, ContestantKind.STRICT_3_2),
        Figure.score(cell, ContestantKind.XMEMCACHED, ContestantKind.XMEMCACHED_2),
        1,
        bound,
        false);
  }

  private static Target overBare(
      String title, Operation operation, int threads, ContestantKind kind, double bound) {
    return over(
        title + " / bare xmemcached", operation, threads, kind, ContestantKind.XMEMCACHED, bound);
  }

  private static Target over(
      String title, Operation operation, int threads, ContestantKind peer, double bound) {
    return over(
        title + " / " + peer.title(), operation, threads, ContestantKind.STRICT, peer, bound);
  }

  private static Target over(
      String title,
      Operation operation,
      int threads,
      ContestantKind kind,
      ContestantKind peer,
      double bound) {
    Cell cell = Cell.of(operation, threads);
    return new Target(
        title + ", " + threads(threads),
        Figure.score(cell, kind),
        Figure.score(cell, peer),
        1,
        bound,
        false);
  }

  private static String threads(int count) {
    return count == 1 ? "1 thread" : count + " threads";
  }
}
