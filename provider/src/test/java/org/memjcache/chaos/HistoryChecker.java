package org.memjcache.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.memjcache.chaos.Operation.Entry;
import org.memjcache.chaos.Violation.Kind;

/**
 * Looks in a history for what must never happen, see {@link Violation.Kind}.
 *
 * <p>It only says what is certain. A write counts as made at any time from its start to its end,
 * whether or not it failed: a request that is still on its way when its operation fails carries the
 * versions of that time. A clear counts if it returned. The clears of a process that goes on
 * without servers count for that process only, because what it owes can't be seen from outside; and
 * its updates don't count, because they may be lost.
 */
final class HistoryChecker {

  /** What the wall clock, which deadlines are made of, may differ from the monotonic one. */
  private static final long CLOCKS_DIFFER_NANOS = Duration.ofMillis(5).toNanos();

  private final Map<String, Guarantee> guarantees;
  private final Map<String, Duration> lifetimes;
  private final Map<String, Writing> writings = new HashMap<>();
  private final ClearHistory certainClears = new ClearHistory();
  private final Map<String, ClearHistory> ownClears = new HashMap<>();
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

  /** When a value was written: at the earliest and at the latest. */
  private record Writing(long start, long end) {

    Writing and(Writing other) {
      return new Writing(Math.min(start, other.start), Math.max(end, other.end));
    }
  }

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
    Writing writing = new Writing(operation.start(), operation.end());
    for (Entry entry : operation.written()) {
      writings.merge(entry.value(), writing, Writing::and);
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
    if (entry.life() != null) {
      long highest = counters.highestBefore(entry.life(), operation.start());
      if (highest > entry.number()) {
        add(Kind.LOST_UPDATE, operation, entry, "had come as far as " + highest);
      }
    }
  }

  private boolean isCleared(Operation read, Writing writing) {
    ClearHistory own = ownClears.get(read.process());
    if (own != null && own.isBetween(writing.end, read.start(), read.place())) {
      return true;
    }
    long known = read.start() - guarantee(read).staleness().toNanos();
    return certainClears.isBetween(writing.end, known, read.place());
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
