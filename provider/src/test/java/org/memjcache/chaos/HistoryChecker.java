// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.memjcache.chaos.Operation.Entry;
import org.memjcache.chaos.Violation.Kind;

/**
 * Looks in a history for what must never happen, see {@link Violation.Kind}.
 *
 * <p>It only says what is certain. A write counts as made at any time from its start to its end,
 * whether or not it failed: a request that is still on its way when its operation fails carries the
 * versions of that time. A clear counts if it returned. The clears of a process that goes on
 * without servers count for that process only, because what it owes can't be seen from outside; and
 * its updates don't count, because they may be lost. The same goes for its other changes, and for
 * those of a process that may not have noticed a clear: they may be lost with that. Then its own
 * changes replace for sure only what it knew by then. If somebody else wrote that, it is not enough
 * that it was seen: what is written while a level is cleared is first stored under the version from
 * before, where such a process finds it, and replaces it, and then under the next one, where it
 * stays. A value that was not surely stored when its operation ended may come later, and is never
 * outdated.
 */
final class HistoryChecker {

  /** What the wall clock, which deadlines are made of, may differ from the monotonic one. */
  private static final long CLOCKS_DIFFER_NANOS = Duration.ofMillis(5).toNanos();

  private final Map<String, Guarantee> guarantees;
  private final Map<String, Duration> lifetimes;
  private final Map<String, Writing> writings = new HashMap<>();
  private final ClearHistory certainClears = new ClearHistory();
  private final Map<String, ClearHistory> ownClears = new HashMap<>();

  /** What replaced or removed an entry, by its place and key. */
  private final ClearHistory certainChanges = new ClearHistory();

  private final Map<String, ClearHistory> ownChanges = new HashMap<>();

  /** When a process surely knew of a value, which it had seen or written. */
  private final Map<Knowledge, Long> known = new HashMap<>();

  private final CounterUpdates counters = new CounterUpdates();
  private final List<Violation> violations = new ArrayList<>();

  /**
   * Makes a checker for one history.
   *
   * @param guarantees what each process was promised, by its name
   * @param lifetimes how long entries live from their creation on, by the name of the cache
   */
  HistoryChecker(Map<String, Guarantee> guarantees, Map<String, Duration> lifetimes) {
    this.guarantees = guarantees;
    this.lifetimes = lifetimes;
  }

  /**
   * When a value was written: at the earliest and at the latest.
   *
   * @param processes who wrote it
   * @param certain whether it was surely stored by the end
   */
  private record Writing(Set<String> processes, long start, long end, boolean certain) {

    Writing and(Writing other) {
      Set<String> both = new HashSet<>(processes);
      both.addAll(other.processes);
      return new Writing(
          both, Math.min(start, other.start), Math.max(end, other.end), certain && other.certain);
    }
  }

  private record Knowledge(String process, String value) {}

  /** Returns what is wrong with a history, which is gone through twice, in any order. */
  List<Violation> check(Iterable<Operation> history) {
    history.forEach(this::learn);
    counters.finish();
    history.forEach(this::judge);
    return violations;
  }

  private void learn(Operation operation) {
    Guarantee guarantee = guarantee(operation);
    if (operation.isClear() && operation.done()) {
      ownClears.computeIfAbsent(operation.process(), any -> new ClearHistory()).add(operation);
      if (guarantee.strict()) {
        certainClears.add(operation);
      }
    }
    boolean certain = operation.done() && guarantee.strict();
    Writing writing =
        new Writing(Set.of(operation.process()), operation.start(), operation.end(), certain);
    for (Entry entry : operation.written()) {
      writings.merge(entry.value(), writing, Writing::and);
      if (operation.outdatesEntries()) {
        String place = placeOf(operation, entry);
        ownChanges
            .computeIfAbsent(operation.process(), any -> new ClearHistory())
            .add(place, operation);
        if (certain && guarantee.staleness().isZero()) {
          certainChanges.add(place, operation);
        }
      }
    }
    if (!guarantee.staleness().isZero()) {
      learnOf(operation, operation.seen());
      learnOf(operation, operation.written());
    }
    boolean updated = operation.name().equals(Operation.INVOKE) && operation.done();
    if (updated && guarantee.strict() && !operation.written().isEmpty()) {
      Entry made = operation.written().get(operation.written().size() - 1);
      Operation other = counters.add(made, operation);
      if (other != null) {
        add(Kind.LOST_UPDATE, operation, made, "made by this operation, too: " + other.line());
      }
    }
  }

  private void learnOf(Operation operation, List<Entry> entries) {
    for (Entry entry : entries) {
      known.merge(new Knowledge(operation.process(), entry.value()), operation.end(), Math::min);
    }
  }

  private static String placeOf(Operation operation, Entry entry) {
    return operation.place() + "/" + entry.key();
  }

  private void judge(Operation operation) {
    for (Entry entry : operation.seen()) {
      String home = operation.place() + "/" + entry.key() + "#";
      Writing writing = writings.get(entry.value());
      if (!entry.value().startsWith(home)) {
        add(Kind.FOREIGN, operation, entry, "is not of " + home);
      } else if (writing == null || writing.start > operation.end()) {
        add(Kind.UNWRITTEN, operation, entry, "was not written before: " + writing);
      } else {
        judge(operation, entry, writing);
      }
    }
  }

  private void judge(Operation operation, Entry entry, Writing writing) {
    if (isCleared(operation, writing)) {
      add(Kind.CLEARED, operation, entry, "was cleared after " + writing);
    }
    String cache = operation.place().substring(operation.place().lastIndexOf('/') + 1);
    Duration lifetime = lifetimes.get(cache);
    if (lifetime != null
        && operation.start() > writing.end + lifetime.toNanos() + CLOCKS_DIFFER_NANOS) {
      add(Kind.EXPIRED, operation, entry, "had its deadline " + lifetime + " after " + writing);
    }
    if (isOutdated(operation, entry, writing)) {
      add(Kind.OUTDATED, operation, entry, "was replaced or removed after " + writing);
    }
    if (entry.life() != null) {
      boolean isNear = guarantee(operation).near() && !operation.name().equals(Operation.INVOKE);
      long staleness = isNear ? guarantee(operation).staleness().toNanos() : 0;
      long highest = counters.highestBefore(entry.life(), operation.start() - staleness);
      if (highest > entry.number()) {
        add(Kind.LOST_UPDATE, operation, entry, "had come as far as " + highest);
      }
    }
  }

  private boolean isOutdated(Operation read, Entry entry, Writing writing) {
    if (!writing.certain) {
      return false;
    }
    String place = placeOf(read, entry);
    Duration staleness = guarantee(read).staleness();
    ClearHistory own = ownChanges.get(read.process());
    if (own != null && own.isBetween(replacedFrom(read, entry, writing), read.start(), place)) {
      return true;
    }
    return certainChanges.isBetween(writing.end, read.start() - staleness.toNanos(), place);
  }

  /** Returns from when on a change by the process that has seen a value surely replaces it. */
  private long replacedFrom(Operation read, Entry entry, Writing writing) {
    Duration staleness = guarantee(read).staleness();
    if (staleness.isZero() || writing.processes.equals(Set.of(read.process()))) {
      return writing.end;
    }
    long known = this.known.get(new Knowledge(read.process(), entry.value()));
    return Math.max(known, writing.end + staleness.toNanos());
  }

  private boolean isCleared(Operation read, Writing writing) {
    ClearHistory own = ownClears.get(read.process());
    long served = read.start() - graceOf(read);
    if (own != null && own.isBetween(writing.end, served, read.place())) {
      return true;
    }
    long known = served - guarantee(read).staleness().toNanos();
    return certainClears.isBetween(writing.end, known, read.place());
  }

  /**
   * Returns for how long, in nanoseconds, an operation may be served what was cleared. A processor
   * may see it, but what it makes of that isn't done.
   */
  private long graceOf(Operation read) {
    long grace = guarantee(read).grace().toNanos();
    boolean isServed =
        read.name().startsWith(Operation.GET)
            || (read.name().equals(Operation.INVOKE) && !read.done());
    return grace > 0 && isServed ? grace + CLOCKS_DIFFER_NANOS : 0;
  }

  private Guarantee guarantee(Operation operation) {
    Guarantee guarantee = guarantees.get(operation.process());
    if (guarantee == null) {
      throw new IllegalArgumentException("A process of no guarantees: " + operation.process());
    }
    return guarantee;
  }

  private void add(Kind kind, Operation operation, Entry entry, String why) {
    violations.add(
        new Violation(
            kind, entry.key() + "=" + entry.value() + " " + why + ", seen by " + operation.line()));
  }
}
