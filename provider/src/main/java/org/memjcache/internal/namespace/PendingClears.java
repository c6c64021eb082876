// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Patience;
import org.memjcache.internal.common.RoundsThread;
import org.memjcache.internal.namespace.VersionProtocol.ClearOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The levels that this process has to clear because something in them could not be changed while a
 * server was away: a write that did not arrive, or whose outcome is unknown, leaves an old value
 * that looks current. This is all that survives an outage.
 *
 * <ul>
 *   <li>Such a level is cleared before this process reads or writes anything in it again. While its
 *       server is away that fails, at most twice a second by asking the server.
 *   <li>For the sake of other processes it is also cleared without being used, by one thread for
 *       the whole process, twice a second as soon as its server answers. A server that is slow or
 *       silent delays the clears of others by little more than one timeout: the rest of its levels
 *       waits for the next round. If the thread ends or can't start, the next operation of a
 *       namespace starts another one.
 *   <li>When the last manager of a cluster is closed, its levels stay pending and the thread leaves
 *       them alone. They are cleared as soon as this process opens a manager of that cluster again,
 *       and in any case before it uses them.
 *   <li>A clear that missed a server because it was away is done to its end when the server is
 *       back: then it is known which servers other processes use, and it goes to those that it has
 *       not reached.
 *   <li>A clear while no server was known, as none had been discovered, is pending on what stands
 *       for them, and cleared on all of them before any is used. Entries that were changed wait in
 *       {@link UndiscoveredRemovals}.
 *   <li>What is pending on a server that discovery has dropped, and that doesn't answer, is
 *       forgotten: other processes are told that the server has left, and all that it has is void
 *       should it be used again.
 *   <li>If very many levels are to be cleared, their applications are cleared instead, so that what
 *       has to be remembered is bounded. Pending clears are forgotten when the process ends.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class PendingClears {

  private static final Logger LOG = LoggerFactory.getLogger(PendingClears.class);

  private static final long RETRY_NANOS = RoundsThread.REST_NANOS;

  /** From so many levels on, the outermost level of a path is cleared instead. */
  static final int MAX_LEVELS = 10_000;

  final ConcurrentMap<Level, PendingClear> pending = new ConcurrentHashMap<>();

  private final PendingRemovals removals = new PendingRemovals();
  private final UndiscoveredRemovals undiscovered = new UndiscoveredRemovals();
  private final RoundsThread thread;

  PendingClears(ThreadFactory threads) {
    PendingRound round = new PendingRound(this, removals, undiscovered);
    this.thread = new RoundsThread("pending clears", threads, round::run, round::isAnythingToDo);
  }

  PendingRemovals removals() {
    return removals;
  }

  /**
   * Notes that the last level of a path has to be cleared, or the first one if too many levels are
   * pending.
   *
   * @param levels those of the path on a server, outermost first
   * @param missed of a clear that has missed the level, else null
   * @param cluster what the level is cleared through if this process does not use it again
   */
  void markForClear(
      Level[] levels, PathKey path, PendingClear.@Nullable Missed missed, SharedCluster cluster) {
    int depth = pending.size() < MAX_LEVELS ? levels.length : 1;
    Level marked = levels[depth - 1];
    List<PendingRemoval> included = removals.within(marked);
    PendingClear clear =
        Objects.requireNonNull(
            pending.compute(
                marked,
                (key, known) -> {
                  PendingClear marking =
                      known == null
                          ? new PendingClear(key, path.toEachLevel().get(depth - 1))
                          : known;
                  if (missed != null) {
                    marking.missed = missed;
                  }
                  marking.changes.incrementAndGet(); // last: who has seen it knows what was missed
                  return marking;
                }));
    included.forEach(removals::forget);
    if (scheduleRetry(clear, cluster)) {
      LOG.warn(
          "'{}' could not be changed; it will be cleared before it is used again", marked.name());
    }
  }

  boolean isPending(Level level) {
    return pending.containsKey(level);
  }

  /** Returns whether a level is to be cleared before it is used through this cluster. */
  boolean isPending(Level level, SharedCluster cluster) {
    return pending(level, cluster) != null;
  }

  /** Notes that an entry has to be removed; returns false if its cache has to be cleared. */
  boolean markForRemoval(PendingRemoval removal) {
    boolean first = removals.isEmpty();
    if (isPending(removal.cache()) || !removals.add(removal)) {
      return false;
    }
    if (first) {
      LOG.warn(
          "A change of an entry of '{}' may be lost; the entry will be removed before it is used"
              + " again, and so will be others",
          removal.cache().name());
    }
    if (removal.cluster.current() != null) {
      thread.need();
    }
    return true;
  }

  /**
   * Notes that an entry could not be changed while no server was known; returns false if its cache
   * has to be cleared.
   */
  boolean markUndiscovered(PathKey path, EntryKey entry, SharedCluster cluster) {
    boolean isNoted = undiscovered.add(path, entry, cluster);
    if (cluster.reference().current() != null) {
      thread.need();
    }
    return isNoted;
  }

  /** Returns whether what is stored of an entry may be outdated. */
  boolean isRemovalPending(Shard shard, EntryKey entry, SharedCluster cluster) {
    return removals.contains(shard.cache(), entry)
        || (!undiscovered.isEmpty()
            && undiscovered.contains(cluster, shard.namespace().path(), entry));
  }

  /**
   * Clears what has to be before a shard is used.
   *
   * @throws RequestFailedException if a server that holds a version is still away
   */
  void clearPending(Operation operation, Shard shard, SharedCluster cluster) {
    undiscovered.makePending(cluster);
    if (pending.isEmpty()) {
      if (!removals.isEmpty()) {
        thread.watch();
      }
      return;
    }
    thread.watch();
    clearPending(operation, shard.pendingLevels(), cluster);
  }

  /**
   * Clears what has to be while no server was known, which a clear of the caller's is to come
   * after.
   *
   * @throws RequestFailedException if another thread is about to, and takes longer than it may
   */
  void clearUndiscovered(Operation operation, PathKey path, SharedCluster cluster) {
    if (!pending.isEmpty()) {
      clearPending(operation, cluster.undiscoveredLevels(path), cluster);
    }
  }

  private void clearPending(Operation operation, Level[] levels, SharedCluster cluster) {
    for (Level level : levels) {
      for (PendingClear clear = pending(level, cluster);
          clear != null;
          clear = pending(level, cluster)) {
        clear.lock(operation, timeoutNanos(cluster));
        try {
          clear(operation, clear, cluster);
        } finally {
          clear.unlock();
        }
      }
    }
  }

  /** Returns null if a level isn't to be cleared through this cluster. */
  private @Nullable PendingClear pending(Level level, SharedCluster cluster) {
    PendingClear clear = pending.get(level);
    return clear == null || !cluster.isUndiscovered(level.server()) || clear.isOf(cluster)
        ? clear
        : null;
  }

  /**
   * Clears a level because a caller asks for it, once no other thread does.
   *
   * @throws RequestFailedException if its server, or the other thread, takes longer than it may
   */
  ClearOutcome incrementInTurn(Operation operation, PendingClear clear, SharedCluster cluster) {
    boolean waited = !clear.tryLock();
    if (waited) {
      clear.lock(operation, timeoutNanos(cluster));
    }
    try {
      if (waited) {
        clear.failIfJustFailed(cluster);
      }
      int changes = clear.changes.get();
      ClearOutcome outcome = increment(operation, clear, cluster);
      cleared(clear, changes);
      return outcome;
    } finally {
      clear.unlock();
    }
  }

  private static long timeoutNanos(SharedCluster cluster) {
    return cluster.settings().operationTimeout().toNanos();
  }

  /** To be called with the lock held. */
  void clear(Operation operation, PendingClear clear, SharedCluster cluster) {
    if (pending(clear.level, cluster) != clear) {
      return; // another thread has cleared it
    }
    clear.failIfJustFailed(cluster);
    int changes = clear.changes.get();
    PendingClear.Missed missed = clear.missed;
    if (cluster.isUndiscovered(clear.level.server())) {
      cluster.open(clear.path).clearAll(operation);
      settle(clear, changes, () -> clear.remove(cluster));
      return;
    }
    Set<String> reached = increment(operation, clear, cluster).reached();
    if (missed != null) {
      missed.reached().addAll(reached);
      cluster.open(clear.path).clearMissed(operation.nextPart(), missed, clear.level.server());
    }
    cleared(clear, changes);
  }

  private ClearOutcome increment(Operation operation, PendingClear clear, SharedCluster cluster) {
    ClearOutcome outcome = increment(operation, List.of(clear.level), Duration.ZERO, cluster);
    for (ClearOutcome.Failed failed : outcome.failed()) {
      RequestFailedException e = failed.failure();
      clear.failed(e, cluster);
      scheduleRetry(clear, cluster); // the cluster that it was marked through may be closed
      throw e;
    }
    for (ClearOutcome.Refused refused : outcome.refused()) {
      throw refused.reason();
    }
    return outcome;
  }

  /** Clears levels, which settles what is to be removed in them. */
  ClearOutcome increment(
      Operation operation, List<Level> levels, Duration grace, SharedCluster cluster) {
    Map<Level, List<PendingRemoval>> included = new HashMap<>();
    if (grace.isZero()) { // else what is to be removed may be served
      levels.forEach(level -> included.put(level, removals.within(level)));
    }
    ClearOutcome outcome = cluster.protocol().clear(operation, levels, grace);
    outcome.uncleared().forEach(included::remove);
    included.values().forEach(settled -> settled.forEach(removals::forget));
    return outcome;
  }

  /** Takes note that a level was cleared after so many changes of it were lost. */
  void cleared(PendingClear clear, int changes) {
    settle(clear, changes, () -> true);
  }

  private void settle(PendingClear clear, int changes, BooleanSupplier isAll) {
    boolean[] done = new boolean[1];
    pending.computeIfPresent(
        clear.level,
        (level, known) -> {
          done[0] = known == clear && clear.changes.get() == changes && isAll.getAsBoolean();
          return done[0] ? null : known;
        });
    if (done[0]) {
      synchronized (this) {
        notifyAll(); // those that wait in awaitCleared
      }
    }
  }

  /** Makes sure that a level is cleared without being used; returns whether that is new. */
  private synchronized boolean scheduleRetry(PendingClear clear, SharedCluster cluster) {
    boolean isNew = clear.add(cluster) && pending.get(clear.level) == clear;
    if (cluster.reference().current() != null) {
      thread.need();
    } else {
      thread.watch();
    }
    return isNew;
  }

  /**
   * To be called when a cluster was opened: some of its levels may have been pending since long.
   */
  void resume() {
    if (!pending.isEmpty() || !removals.isEmpty() || !undiscovered.isEmpty()) {
      thread.lookAgain();
    }
  }

  /**
   * Waits until no level of a cluster is pending any more, or a manager uses the cluster again, or
   * the calling thread is interrupted.
   */
  synchronized void awaitCleared(SharedCluster cluster, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      for (long left = patience.toNanos();
          left > 0 && !cluster.isUsed() && !pendingOf(cluster).isEmpty();
          left = deadline - System.nanoTime()) {
        thread.watch();
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, RETRY_NANOS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the names of the levels that are to be cleared, or changed, through this cluster. */
  List<String> pendingOf(SharedCluster cluster) {
    Stream<Level> cleared =
        pending.values().stream().filter(clear -> clear.isOf(cluster)).map(clear -> clear.level);
    Stream<Level> changed =
        removals.all().stream()
            .filter(removal -> removal.cluster.isTo(cluster))
            .map(PendingRemoval::cache);
    Stream<String> known = Stream.concat(cleared, changed).map(Level::name);
    return Stream.concat(known, undiscovered.paths(cluster)).distinct().toList();
  }

  /** Ends the thread if no cluster is open that it could do something through. */
  void endThreadIfIdle(Patience patience) {
    thread.endIfIdle(patience);
  }
}
