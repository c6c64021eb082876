package org.memjcache.internal.namespace;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.memjcache.internal.client.ClusterLease;
import org.memjcache.internal.client.RequestFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Levels that have to be cleared because something in them could not be changed while a server was
 * away: a write that didn't arrive, or that nobody knows whether it did, leaves an old value that
 * looks current.
 *
 * <p>Such a level is cleared before this process reads or writes anything in it again; and for the
 * sake of other processes also without being asked, twice a second, as soon as the server that
 * holds its version answers. That goes on for a minute after the last cache was closed; after that
 * the process still knows what it owes, and pays when it uses the level again. What is owed is
 * forgotten when the process ends.
 *
 * <p>If very many levels owe a clear, their applications are cleared instead, so that what has to
 * be remembered is bounded.
 *
 * <p>Thread-safe.
 */
final class PendingClears {

  private static final Logger log = LoggerFactory.getLogger(PendingClears.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** From so many levels on it is the outermost one that is cleared in place of another. */
  private static final int MOST_LEVELS = 10_000;

  private final VersionProtocol keeper;
  private final LevelRegistry registry;
  private final Supplier<ClusterLease> leases;

  /** Those that are collected from here; others may have paid for them. */
  private final Set<Level> debtors = ConcurrentHashMap.newKeySet();

  private final Map<Level, Failed> failed = new ConcurrentHashMap<>();

  private boolean collecting;
  private boolean closed;
  private long closedAt;

  PendingClears(VersionProtocol keeper, LevelRegistry registry, Supplier<ClusterLease> leases) {
    this.keeper = keeper;
    this.registry = registry;
    this.leases = leases;
  }

  /**
   * Notes that {@code level} has to be cleared.
   *
   * @param outermost the first level of its path, which is cleared instead if too many levels owe
   */
  void owe(Level level, Level outermost) {
    Level debtor = registry.indebted() < MOST_LEVELS ? level : outermost;
    debtor.owe();
    if (collect(debtor)) {
      log.warn("'{}' could not be changed; it is cleared before it is used again", debtor.name());
    }
  }

  /**
   * Clears those of the levels that have to be.
   *
   * @throws RequestFailedException if a server that holds a version is still away
   */
  void settle(Level[] levels) {
    for (Level level : levels) {
      if (level.debts() > 0) {
        settle(level);
      }
    }
  }

  private void settle(Level level) {
    synchronized (level) { // once: another clear would take what was stored after the first one
      failIfJustFailed(level);
      int owed = level.debts();
      if (owed > 0) {
        pay(level, owed);
      }
      if (level.debts() == 0) {
        debtors.remove(level);
        failed.remove(level);
        registry.owesNothing(level);
      }
    }
    if (level.debts() > 0) {
      collect(level); // owed again just between the two lines above
    }
  }

  private void pay(Level level, int owed) {
    try {
      keeper.increment(level);
      level.paid(owed);
    } catch (RequestFailedException e) {
      failed.put(level, new Failed(System.nanoTime(), e));
      collect(level); // it may have been owed by a client that is closed
      throw e;
    }
  }

  /** Keeps the threads that want a level from waiting for its server one after the other. */
  private void failIfJustFailed(Level level) {
    Failed last = failed.get(level);
    if (last != null && System.nanoTime() - last.at < PAUSE_NANOS) {
      throw last.failure;
    }
  }

  private record Failed(long at, RequestFailedException failure) {}

  /** Tells that nobody uses these levels here any more. */
  synchronized void close() {
    closed = true;
    closedAt = System.nanoTime();
  }

  /** Sees to it that a level is cleared without being used; true if that is new. */
  private boolean collect(Level level) {
    registry.owes(level);
    boolean added = debtors.add(level);
    if (added) {
      startCollecting();
    }
    return added;
  }

  private synchronized void startCollecting() {
    if (!collecting) {
      collecting = true;
      ClusterLease lease = leases.get();
      Thread thread = new Thread(null, () -> collectAll(lease), "memjcache-debts", 0, false);
      thread.setDaemon(true);
      thread.setContextClassLoader(PendingClears.class.getClassLoader());
      thread.start();
    }
  }

  private void collectAll(ClusterLease lease) {
    try (lease) {
      while (hasDebtors()) {
        TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
        for (Level level : debtors) {
          tryToSettle(level);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Clears one level if its server answers; another one's may, whose turn comes next. */
  private void tryToSettle(Level level) {
    try {
      settle(level);
    } catch (CacheException | RequestFailedException e) {
      log.debug("Not cleared yet: {}", e.getMessage());
    }
  }

  private synchronized boolean hasDebtors() {
    if (closed && System.nanoTime() - closedAt > PATIENCE_NANOS && !debtors.isEmpty()) {
      log.warn("Nobody waits any more until these can be cleared: {}", debtors);
      debtors.clear();
    }
    collecting = !debtors.isEmpty();
    return collecting;
  }
}
