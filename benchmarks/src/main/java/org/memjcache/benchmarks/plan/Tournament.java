// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Endpoints;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.worker.Measurement;
import org.memjcache.benchmarks.worker.Order;
import org.memjcache.benchmarks.worker.WorkerJvm;

/**
 * Lets contestants take turns: for each row, round by round, each for a fraction of a second. All
 * of them stay connected, each in a warm JVM of its own.
 */
public final class Tournament implements AutoCloseable {

  /** How long a contestant runs in a turn that isn't measured. */
  private static final int WARMUP_MILLIS = 500;

  /** So many of those before something is measured that was not done in this JVM before. */
  private static final int WARMUPS = 3;

  private static final int MANY_THREADS = 16;

  /** From so many entries on, others are cleared once: filling them takes up to a minute. */
  private static final int MANY_ENTRIES = 1_000_000;

  /** How often something is cleared in one turn. A single round trip says little. */
  private static final int CLEARS = 9;

  /** The same where there are so many entries that filling takes seconds. */
  private static final int CLEARS_OF_MANY = 5;

  private final Map<ContestantKind, WorkerJvm> workers = new EnumMap<>(ContestantKind.class);
  private final OtherPrograms others = new OtherPrograms();
  private final Consumer<String> progress;
  private final Set<String> warm = new HashSet<>();

  private Tournament(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Starts a JVM for each contestant.
   *
   * @param contestants who takes part
   * @param endpoints where their servers are
   * @param options further options of their JVMs
   * @param progress receives a line of text after each step
   * @return the tournament, to be closed
   */
  public static Tournament start(
      Collection<ContestantKind> contestants,
      Endpoints endpoints,
      List<String> options,
      Consumer<String> progress) {
    Tournament tournament = new Tournament(progress);
    try {
      for (ContestantKind kind : contestants) {
        tournament.workers.put(kind, WorkerJvm.start(kind, endpoints, options));
      }
      return tournament;
    } catch (RuntimeException | Error e) {
      tournament.close();
      throw e;
    }
  }

  /**
   * Measures rows.
   *
   * @param cells the rows
   * @param rounds how often each contestant has its turn
   * @param extent how long a turn is
   * @param results receives the results
   */
  public void run(List<Cell> cells, int rounds, Extent extent, Results results) {
    for (Cell cell : cells) {
      List<ContestantKind> order = new ArrayList<>(cell.among(workers.keySet()));
      order.forEach(kind -> warmUp(cell, kind, extent));
      results.setBusy(cell, others.share());
      for (int round = 0; round < rounds; round++) {
        for (ContestantKind kind : order) {
          if (isTooMuch(cell, kind, round)) {
            continue;
          }
          results.add(cell, kind, measure(cell, kind, extent));
        }
        // So that no contestant always follows the same other one.
        Collections.rotate(order, 1);
      }
      progress.accept(describe(cell, results));
    }
  }

  /**
   * Lets a contestant do what it hasn't done before, in turns by as many threads as are measured
   * and by many, because clients join the commands of several threads by other code. In between it
   * rests, until its JVM and its server have compiled what they have to: while many threads run,
   * the compiler hardly does.
   */
  private void warmUp(Cell cell, ContestantKind kind, Extent extent) {
    Order order = cell.order(0, WARMUP_MILLIS);
    if (order.isSingleShot()) { // done too rarely for that: what it consists of is compiled
      warmUp(Cell.of(Operation.PUT, 16), kind, extent);
      warmUp(Cell.of(Operation.GET, 16), kind, extent);
      return;
    }
    int turns = warm.add(kind.name()) ? extent.firstWarmups() : 0;
    turns += warm.add(kind + " " + cell.operation() + " " + cell.valueSize()) ? WARMUPS : 0;
    Order byMany =
        new Cell(
                cell.operation(),
                Math.max(cell.threads(), MANY_THREADS),
                cell.valueSize(),
                cell.entries())
            .order(0, WARMUP_MILLIS);
    for (; turns > 0; turns--) {
      worker(kind).measure(turns % 2 == 0 ? byMany : order);
      others.awaitRest();
    }
  }

  private WorkerJvm worker(ContestantKind kind) {
    return Objects.requireNonNull(workers.get(kind));
  }

  private static boolean isTooMuch(Cell cell, ContestantKind kind, int round) {
    return cell.entries() >= MANY_ENTRIES && !kind.isOurs() && round > 0;
  }

  private Measurement measure(Cell cell, ContestantKind kind, Extent extent) {
    WorkerJvm worker = worker(kind);
    Order order = cell.order(extent.warmupMillis(), extent.millis());
    if (order.isSingleShot()) {
      return worker.measure(cell.order(0, shots(cell, kind)));
    }
    return worker.measure(order);
  }

  private static int shots(Cell cell, ContestantKind kind) {
    if (cell.operation() == Operation.ITERATE) {
      return 1;
    }
    if (cell.entries() < MANY_ENTRIES) {
      return CLEARS;
    }
    return kind.isOurs() ? CLEARS_OF_MANY : 1;
  }

  private static String describe(Cell cell, Results results) {
    StringBuilder text = new StringBuilder(cell.toString()).append(':');
    for (ContestantKind kind : ContestantKind.values()) {
      results
          .median(cell, kind, Measurement::score)
          .ifPresent(score -> text.append(' ').append(kind).append(' ').append(Math.round(score)));
    }
    return text.toString();
  }

  @Override
  public void close() {
    workers.values().forEach(WorkerJvm::close);
    workers.clear();
  }
}
