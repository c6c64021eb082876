// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;

/** What is measured together, on the same servers. */
public enum Group {
  /** Operations on one entry with small values, by 1 to 64 threads. */
  SINGLE("One entry at a time, values of 100 bytes") {
    @Override
    public List<Cell> cells(Extent extent) {
      List<Cell> cells = new ArrayList<>();
      for (Operation operation :
          List.of(
              Operation.GET,
              Operation.GET_MISS,
              Operation.PUT,
              Operation.MIXED,
              Operation.PUT_IF_ABSENT,
              Operation.INVOKE)) {
        for (int threads : extent.threads()) {
          cells.add(Cell.of(operation, threads));
        }
      }
      return cells;
    }
  },
  /** Gets and puts of larger values. */
  SIZES("Larger values, 16 threads") {
    @Override
    public List<Cell> cells(Extent extent) {
      List<Cell> cells = new ArrayList<>();
      for (Operation operation : List.of(Operation.GET, Operation.PUT)) {
        cells.add(new Cell(operation, 16, 1_000, 10_000));
        cells.add(new Cell(operation, 16, 10_000, 1_000));
        cells.add(new Cell(operation, 16, 100_000, 100));
      }
      return cells;
    }
  },
  /** Operations on many entries. */
  BATCHES("100 entries at a time, values of 100 bytes") {
    @Override
    public List<Cell> cells(Extent extent) {
      List<Cell> cells = new ArrayList<>();
      for (int threads : List.of(1, 16)) {
        cells.add(Cell.of(Operation.GET_ALL, threads));
        cells.add(Cell.of(Operation.PUT_ALL, threads));
      }
      // For comparison, within the same minutes.
      cells.add(SINGLE_PUTS);
      return cells;
    }
  },
  /** What encryption costs. */
  TLS("TLS") {
    @Override
    public List<Cell> cells(Extent extent) {
      List<Cell> cells = new ArrayList<>();
      for (Operation operation : List.of(Operation.GET, Operation.PUT)) {
        for (int threads : extent.threads()) {
          cells.add(new Cell(operation, threads, Cell.SMALL_VALUE, 2_000));
        }
        // Other numbers of entries than above: the rows are others, by other contestants.
        cells.add(new Cell(operation, 16, 10_000, 500));
        cells.add(new Cell(operation, 16, 100_000, 50));
      }
      return cells;
    }

    @Override
    public Set<ContestantKind> contestants() {
      return EnumSet.of(
          ContestantKind.SOCKETS,
          ContestantKind.SOCKETS_TLS,
          ContestantKind.STRICT_3,
          ContestantKind.STRICT_3_TLS);
    }
  },
  /** What a network between client and server changes. */
  DISTANT("A server 1 ms away, values of 100 bytes") {
    @Override
    public List<Cell> cells(Extent extent) {
      return extent.threads().stream().map(Group::distantGets).toList();
    }

    @Override
    public Set<ContestantKind> contestants() {
      return EnumSet.of(
          ContestantKind.XMEMCACHED,
          ContestantKind.XMEMCACHED_2,
          ContestantKind.SOCKETS,
          ContestantKind.STRICT_3,
          ContestantKind.STRICT_3_2);
    }

    @Override
    public Duration distance() {
      return Duration.ofMillis(1);
    }
  },
  /** What the memory of the process saves. */
  NEAR("Near caches, values of 100 bytes, 16 threads") {
    @Override
    public List<Cell> cells(Extent extent) {
      return List.of(NEAR_ZIPF, NEAR_HITS); // in this order, what asks the servers is warm, too
    }

    @Override
    public Set<ContestantKind> contestants() {
      return EnumSet.of(
          ContestantKind.BOUNDED,
          ContestantKind.NEAR,
          ContestantKind.REDISSON_NEAR,
          ContestantKind.HAZELCAST_NEAR,
          ContestantKind.CAFFEINE);
    }
  },
  /** Many virtual threads: only where the JVM has them. */
  VIRTUAL("Virtual threads, values of 100 bytes") {
    @Override
    public List<Cell> cells(Extent extent) {
      return Runtime.version().feature() < 21
          ? List.of()
          : List.of(Cell.of(Operation.GET, 1_000), Cell.of(Operation.GET, 10_000));
    }

    @Override
    public Set<ContestantKind> contestants() {
      return EnumSet.of(
          ContestantKind.XMEMCACHED,
          ContestantKind.XMEMCACHED_2,
          ContestantKind.STRICT,
          ContestantKind.STRICT_3,
          ContestantKind.STRICT_3_2);
    }

    @Override
    public List<String> jvmOptions() {
      return List.of("-Djmh.executor=VIRTUAL");
    }
  },
  /** Operations on everything. */
  EVERYTHING("Everything at once, values of 100 bytes, microseconds") {
    @Override
    public List<Cell> cells(Extent extent) {
      List<Cell> cells = new ArrayList<>();
      cells.add(Cell.ofAll(Operation.ITERATE, extent == Extent.FULL ? 100_000 : 1_000));
      cells.add(Cell.ofAll(Operation.CLEAR, 10));
      cells.add(Cell.ofAll(Operation.CLEAR, 10_000));
      cells.add(Cell.ofAll(Operation.REMOVE_ALL, 10_000));
      if (extent == Extent.FULL) {
        cells.add(Cell.ofAll(Operation.CLEAR, 1_000_000));
      }
      return cells;
    }
  },
  /** Sizes and times with and without compression: figures of this provider only. */
  COMPRESSION("Compression") {
    @Override
    public List<Cell> cells(Extent extent) {
      return List.of();
    }
  },
  /** Many tenants in one JVM: figures of this provider only. */
  TENANTS("Many tenants in one JVM") {
    @Override
    public List<Cell> cells(Extent extent) {
      return List.of();
    }
  },
  /** What a database sees of a clear: figures of this provider only. */
  STAMPEDE("A tenant is cleared that four JVMs read, with a database behind the cache") {
    @Override
    public List<Cell> cells(Extent extent) {
      return List.of();
    }
  };

  /** So few that what is checked again after {@code staleness} doesn't count. */
  public static final Cell NEAR_HITS = new Cell(Operation.GET, 16, Cell.SMALL_VALUE, 100);

  /** What doesn't fit, with some entries in use more than others. */
  public static final Cell NEAR_ZIPF = new Cell(Operation.GET_ZIPF, 16, Cell.SMALL_VALUE, 100_000);

  /** What {@code putAll} is compared with. */
  public static final Cell SINGLE_PUTS = new Cell(Operation.PUT, 1, Cell.SMALL_VALUE, 1_000);

  private final String title;

  Group(String title) {
    this.title = title;
  }

  /**
   * Returns the row of gets from a server that is a network away: with fewer entries than the gets
   * from a near one, which are another row.
   *
   * @param threads how many threads do it
   * @return the row
   */
  public static Cell distantGets(int threads) {
    return new Cell(Operation.GET, threads, Cell.SMALL_VALUE, 1_000);
  }

  /**
   * Returns its name in reports.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * Returns who takes part, if nothing else is said.
   *
   * @return the contestants
   */
  public Set<ContestantKind> contestants() {
    return EnumSet.complementOf(
        EnumSet.of(
            ContestantKind.SOCKETS_TLS,
            ContestantKind.STRICT_3_TLS,
            ContestantKind.NEAR,
            ContestantKind.REDISSON_NEAR,
            ContestantKind.HAZELCAST_NEAR,
            ContestantKind.CAFFEINE));
  }

  /**
   * Returns how much longer each response takes from memcached to the contestants than on one
   * machine.
   *
   * @return zero or more
   */
  public Duration distance() {
    return Duration.ZERO;
  }

  /**
   * Returns what the JVMs of the contestants need for it.
   *
   * @return options
   */
  public List<String> jvmOptions() {
    return List.of();
  }

  /**
   * Returns what is measured.
   *
   * @param extent how much
   * @return the rows
   */
  public abstract List<Cell> cells(Extent extent);
}
