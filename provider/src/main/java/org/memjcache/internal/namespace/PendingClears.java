package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.DaemonThreads;
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
 *       the whole process, twice a second as soon as its server answers. The thread gives up one
 *       minute after the last manager of the cluster was closed; the level is then still cleared
 *       when this process uses it again.
 *   <li>If very many levels are to be cleared, their applications are cleared instead, so that what
 *       has to be remembered is bounded. Pending clears are forgotten when the process ends.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class PendingClears {

  private static final Logger LOG = LoggerFactory.getLogger(PendingClears.class);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** From so many levels on, the outermost level of a path is cleared instead. */
  static final int MAX_LEVELS = 10_000;

  /** Each change of a value happens in an atomic operation of the map. */
  private final ConcurrentMap<Level, PendingClear> pending = new ConcurrentHashMap<>();

  /** Whether the clearing thread runs. Guarded by this. */
  private boolean running;

  /** Why a level is to be cleared, and how it went so far. */
  private static final class PendingClear {

    final Level level;

    /** One thread clears at a time: a second clear would take what was stored after the first. */
    final ReentrantLock clearing = new ReentrantLock();

    /** How many changes were lost. */
    final AtomicInteger changes = new AtomicInteger();

    /** Guarded by {@link #clearing}. */
    @Nullable Failure lastFailure;

    /**
     * Kept open for the clearing thread; null once it has given up. Guarded by the outer object.
     */
    @Nullable SharedCluster held;

    PendingClear(Level level) {
      this.level = level;
    }
  }

  /**
   * How the server failed when it was last asked. No exception: its stack trace would keep the
   * classes of an application that was undeployed.
   */
  private record Failure(RequestFailedException.Kind kind, @Nullable String message, long at) {}

  /**
   * Notes that a level has to be cleared.
   *
   * @param outermost the first level of its path, which is cleared instead if too many levels are
   *     pending
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

  /** Returns how many lost changes of a level wait for its clear. */
  int changes(Level level) {
    PendingClear clear = pending.get(level);
    return clear == null ? 0 : clear.changes.get();
  }

  /** Returns how many levels are to be cleared. */
  int size() {
    return pending.size();
  }

  /**
   * Clears those of the levels that have to be.
   *
   * @throws RequestFailedException if a server that holds a version is still away
   */
  void clearPending(Level[] levels, SharedCluster cluster) {
    if (pending.isEmpty()) {
      return;
    }
    for (Level level : levels) {
      for (PendingClear clear = pending.get(level); clear != null; clear = pending.get(level)) {
        clear(clear, cluster);
      }
    }
  }

  /** Takes note that a level was cleared after so many changes of it were lost. */
  void cleared(Level level, int changes) {
    if (changes == 0) {
      return;
    }
    @Nullable PendingClear[] done = new PendingClear[1];
    pending.computeIfPresent(
        level,
        (key, clear) -> {
          int left = clear.changes.addAndGet(-Math.min(changes, clear.changes.get()));
          done[0] = left == 0 ? clear : null;
          return left == 0 ? null : clear;
        });
    PendingClear settled = done[0];
    if (settled != null) {
      leave(settled);
    }
  }

  /**
   * Clears a level because a caller asks for it, which settles what was pending. It waits for a
   * thread that is clearing the level, whose increment could otherwise come after what the caller
   * stores next.
   */
  void clearOnRequest(Level level, SharedCluster cluster) {
    PendingClear clear = pending.get(level);
    if (clear == null) {
      cluster.protocol().increment(level);
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
      int changes = clear.changes.get();
      increment(clear, cluster);
      cleared(level, changes);
    } finally {
      clear.clearing.unlock();
    }
  }

  private void clear(PendingClear clear, SharedCluster cluster) {
    lock(clear);
    try {
      int changes = clear.changes.get();
      if (pending.get(clear.level) == clear) { // else another thread has cleared it
        failIfJustFailed(clear);
        increment(clear, cluster);
        cleared(clear.level, changes);
      }
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

  private void increment(PendingClear clear, SharedCluster cluster) {
    try {
      cluster.protocol().increment(clear.level);
    } catch (RequestFailedException e) {
      if (e.isOfServer()) { // and not of the calling thread, which was interrupted, say
        clear.lastFailure = new Failure(e.kind(), e.getMessage(), System.nanoTime());
      }
      attend(clear, cluster); // the cluster that it was marked through may be closed
      throw e;
    }
  }

  /** Keeps threads that want a level from waiting for its server one after the other. */
  private static void failIfJustFailed(PendingClear clear) {
    Failure last = clear.lastFailure;
    if (last != null && System.nanoTime() - last.at < RETRY_NANOS) {
      throw new RequestFailedException(
          last.kind, Duration.ZERO, String.valueOf(last.message), null);
    }
  }

  /** Makes sure that a level is cleared without being used; returns whether that is new. */
  private synchronized boolean attend(PendingClear clear, SharedCluster cluster) {
    boolean isNew = clear.held == null && pending.get(clear.level) == clear;
    if (isNew) {
      clear.held = cluster.hold();
    }
    if (clear.held != null && !running) {
      running = startThread();
    }
    return isNew;
  }

  /** Returns false if there is no memory for a thread: the next pending clear tries again. */
  private boolean startThread() {
    try {
      DaemonThreads.newThread("memjcache-pending-clears", this::clearAll).start();
      return true;
    } catch (Error e) {
      LOG.warn("No thread can be started that makes pending clears", e);
      return false;
    }
  }

  private void leave(PendingClear clear) {
    SharedCluster held;
    synchronized (this) {
      held = clear.held;
      clear.held = null;
    }
    if (held != null) {
      held.endHold();
    }
  }

  private synchronized @Nullable SharedCluster held(PendingClear clear) {
    return clear.held;
  }

  private void clearAll() {
    boolean again = true;
    while (again) {
      try {
        TimeUnit.NANOSECONDS.sleep(RETRY_NANOS);
        for (PendingClear clear : pending.values()) {
          SharedCluster cluster = held(clear);
          if (cluster != null) {
            tryToClear(clear, cluster);
          }
        }
        giveUpOldOnes();
        again = hasAttended();
      } catch (InterruptedException | RuntimeException | Error e) {
        goOn(e);
      }
    }
  }

  /** Nothing may end the thread while it is needed, not even a logger that has no memory. */
  private static void goOn(Throwable e) {
    try {
      LOG.warn("The thread of pending clears goes on after a failure", e);
    } catch (RuntimeException | Error again) {
      // It fails again at its next turn, or it doesn't.
    }
  }

  /** Clears one level if its server answers; the server of the next one may. */
  private void tryToClear(PendingClear clear, SharedCluster cluster) {
    try {
      clear(clear, cluster);
    } catch (CacheException | RequestFailedException e) {
      LOG.debug("Not cleared yet: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // no memory for a moment, say: the thread must not end
      LOG.warn("Clearing '{}' failed; retrying", clear.level.name(), e);
    }
  }

  private void giveUpOldOnes() {
    List<Level> givenUp = new ArrayList<>();
    for (PendingClear clear : pending.values()) {
      SharedCluster cluster = held(clear);
      if (cluster != null && cluster.unusedNanos() > PATIENCE_NANOS) {
        leave(clear);
        givenUp.add(clear.level);
      }
    }
    if (!givenUp.isEmpty()) {
      LOG.warn("Giving up on pending clears until these levels are used again: {}", givenUp);
    }
  }

  private synchronized boolean hasAttended() {
    running = pending.values().stream().anyMatch(clear -> clear.held != null);
    return running;
  }
}
