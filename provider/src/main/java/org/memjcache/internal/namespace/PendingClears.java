package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Patience;
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
 *   <li>If very many levels are to be cleared, their applications are cleared instead, so that what
 *       has to be remembered is bounded. Pending clears are forgotten when the process ends.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class PendingClears {

  private static final Logger LOG = LoggerFactory.getLogger(PendingClears.class);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** How much time a server gets in a round before it is the turn of others. */
  private static final long TURN_NANOS = RETRY_NANOS;

  /** From so many levels on, the outermost level of a path is cleared instead. */
  static final int MAX_LEVELS = 10_000;

  final ConcurrentMap<Level, PendingClear> pending = new ConcurrentHashMap<>();

  private final ThreadFactory threads;

  /** Whether some level is to be cleared without being used. Changed under the lock of this. */
  private volatile boolean threadNeeded;

  /** Changed under the lock of this. */
  private volatile @Nullable Thread thread;

  /** Guarded by this. */
  private long lastStart = System.nanoTime() - RETRY_NANOS;

  PendingClears(ThreadFactory threads) {
    this.threads = threads;
  }

  private record ServerOfCluster(SharedCluster cluster, int server) {}

  /**
   * Notes that a level has to be cleared.
   *
   * @param outermost what is cleared instead if too many levels are pending
   * @param cluster what the level is cleared through if this process does not use it again
   */
  void markForClear(Level level, Level outermost, SharedCluster cluster) {
    Level marked = pending.size() < MAX_LEVELS ? level : outermost;
    PendingClear clear =
        Objects.requireNonNull(
            pending.compute(
                marked,
                (key, known) -> {
                  PendingClear marking = known == null ? new PendingClear(key) : known;
                  marking.changes.incrementAndGet();
                  return marking;
                }));
    if (attend(clear, cluster)) {
      LOG.warn(
          "'{}' could not be changed; it will be cleared before it is used again", marked.name());
    }
  }

  /**
   * Clears those of the levels that have to be.
   *
   * @throws RequestFailedException if a server that holds a version is still away
   */
  void clearPending(Operation operation, Level[] levels, SharedCluster cluster) {
    if (pending.isEmpty()) {
      return;
    }
    watchThread();
    for (Level level : levels) {
      for (PendingClear clear = pending.get(level); clear != null; clear = pending.get(level)) {
        lock(clear);
        try {
          clear(operation, clear, cluster);
        } finally {
          clear.clearing.unlock();
        }
      }
    }
  }

  /**
   * Clears a level because a caller asks for it, which settles what was pending. It waits for a
   * thread that is clearing the level, whose increment could otherwise come after what the caller
   * stores next.
   */
  void clearOnRequest(Operation operation, Level level, SharedCluster cluster) {
    PendingClear clear = pending.get(level);
    if (clear == null) {
      cluster.protocol().increment(operation, level);
      return;
    }
    boolean waited = !clear.clearing.tryLock();
    if (waited) {
      lock(clear);
    }
    try {
      if (waited) {
        failIfJustFailed(clear);
      }
      increment(operation, clear, cluster);
    } finally {
      clear.clearing.unlock();
    }
  }

  private static void lock(PendingClear clear) {
    try {
      clear.clearing.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RequestFailedException(
          RequestFailedException.Kind.INTERRUPTED,
          Duration.ZERO,
          "the calling thread was interrupted while another one cleared the level",
          null);
    }
  }

  /** To be called with the lock held. */
  private void clear(Operation operation, PendingClear clear, SharedCluster cluster) {
    if (pending.get(clear.level) == clear) { // else another thread has cleared it
      failIfJustFailed(clear);
      increment(operation, clear, cluster);
    }
  }

  private void increment(Operation operation, PendingClear clear, SharedCluster cluster) {
    int changes = clear.changes.get();
    try {
      cluster.protocol().increment(operation, clear.level);
    } catch (RequestFailedException e) {
      if (e.isOfServer()) { // and not of the calling thread, which was interrupted, say
        clear.lastFailure = new PendingClear.Failure(e.kind(), e.getMessage(), System.nanoTime());
      }
      attend(clear, cluster); // the cluster that it was marked through may be closed
      throw e;
    }
    cleared(clear, changes);
  }

  /** Takes note that a level was cleared after so many changes of it were lost. */
  void cleared(PendingClear clear, int changes) {
    boolean[] done = new boolean[1];
    pending.computeIfPresent(
        clear.level,
        (level, known) -> {
          done[0] = known == clear && clear.changes.get() == changes;
          return done[0] ? null : known;
        });
    if (done[0]) {
      synchronized (this) {
        notifyAll(); // those that wait in awaitCleared
      }
    }
  }

  /** Keeps threads that want a level from waiting for its server one after the other. */
  private static void failIfJustFailed(PendingClear clear) {
    PendingClear.Failure last = clear.lastFailure;
    if (last != null && System.nanoTime() - last.at() < RETRY_NANOS) {
      throw new RequestFailedException(
          last.kind(), Duration.ZERO, String.valueOf(last.message()), null);
    }
  }

  /** Makes sure that a level is cleared without being used; returns whether that is new. */
  private synchronized boolean attend(PendingClear clear, SharedCluster cluster) {
    boolean isNew = clear.cluster == null && pending.get(clear.level) == clear;
    clear.cluster = cluster;
    threadNeeded = threadNeeded || cluster.current() != null;
    watchThread();
    return isNew;
  }

  /**
   * To be called when a cluster was opened: some of its levels may have been pending since long.
   */
  void resume() {
    if (!pending.isEmpty()) {
      synchronized (this) {
        threadNeeded = isAnyOpen();
      }
      watchThread();
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
        watchThread();
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, RETRY_NANOS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the names of the levels that are to be cleared through this cluster. */
  List<String> pendingOf(SharedCluster cluster) {
    return pending.values().stream()
        .filter(clear -> isOf(cluster, clear.cluster))
        .map(clear -> clear.level.name())
        .toList();
  }

  private static boolean isOf(SharedCluster cluster, @Nullable SharedCluster markedThrough) {
    return markedThrough != null && markedThrough.settings().equals(cluster.settings());
  }

  /** Ends the clearing thread if no cluster is open that it could clear a level of. */
  void endThreadIfIdle(Patience patience) {
    Thread idle;
    synchronized (this) {
      threadNeeded = isAnyOpen();
      if (threadNeeded) {
        return;
      }
      idle = thread;
      thread = null;
      lastStart = System.nanoTime() - RETRY_NANOS; // the next one may start at once
    }
    if (idle != null) {
      idle.interrupt();
      patience.join(idle);
    }
  }

  private boolean isAnyOpen() {
    return pending.values().stream().anyMatch(clear -> current(clear) != null);
  }

  private static @Nullable SharedCluster current(PendingClear clear) {
    SharedCluster cluster = clear.cluster;
    return cluster == null ? null : cluster.current();
  }

  /** Starts the clearing thread if it is needed and doesn't run, at most twice a second. */
  private void watchThread() {
    if (!threadNeeded || isAlive(thread)) {
      return;
    }
    synchronized (this) {
      long now = System.nanoTime();
      if (!threadNeeded || isAlive(thread) || now - lastStart < RETRY_NANOS) {
        return;
      }
      lastStart = now;
      if (thread != null) {
        warn("The thread of pending clears has ended; starting another one", null);
      }
      try {
        thread = threads.newThread(this::clearAll);
        thread.start();
      } catch (Error e) {
        warn("The thread of pending clears can't be started; retrying", e);
      }
    }
  }

  private static boolean isAlive(@Nullable Thread thread) {
    return thread != null && thread.isAlive();
  }

  private void clearAll() {
    boolean again = true;
    while (again) {
      try {
        TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
        clearOnce();
      } catch (InterruptedException e) {
        LOG.trace("Woken, to end if nothing is left to do", e);
      } catch (RuntimeException | Error e) {
        warn("The thread of pending clears goes on after a failure", e);
      }
      again = isThreadNeeded();
    }
  }

  /** Logs, and lets nothing out: a logger often has no memory when others have none. */
  private static void warn(String message, @Nullable Throwable reason) {
    try {
      LOG.warn(message, reason);
    } catch (RuntimeException | Error e) {
      // It fails again at the next turn, or it doesn't.
    }
  }

  /** Clears the levels whose servers answer. */
  private void clearOnce() {
    Map<ServerOfCluster, Long> spent = new HashMap<>();
    for (PendingClear clear : pending.values()) {
      SharedCluster cluster = current(clear);
      if (cluster == null) {
        continue;
      }
      ServerOfCluster server = new ServerOfCluster(cluster, clear.level.server());
      if (spent.getOrDefault(server, 0L) < TURN_NANOS) {
        long begin = System.nanoTime();
        tryToClear(clear, cluster);
        spent.merge(server, System.nanoTime() - begin, Long::sum);
      }
    }
  }

  private void tryToClear(PendingClear clear, SharedCluster cluster) {
    if (!clear.clearing.tryLock()) {
      return; // another thread is clearing it
    }
    try {
      clear(new Operation("clear"), clear, cluster);
    } catch (CacheException | RequestFailedException e) {
      LOG.debug("Not cleared yet: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // no memory for a moment, say
      warn("Clearing '" + clear.level.name() + "' failed; retrying", e);
    } finally {
      clear.clearing.unlock();
    }
  }

  /** Returns whether the calling thread, which clears, is to go on. */
  private synchronized boolean isThreadNeeded() {
    if (thread != Thread.currentThread()) {
      return false; // it was told to end, and another one may have begun since
    }
    threadNeeded = isAnyOpen();
    if (!threadNeeded) {
      thread = null;
    }
    return threadNeeded;
  }
}
