package org.memjcache.namespace;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.memjcache.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Levels that have to be cleared because something in them could not be changed while a server was
 * away: a write that didn't arrive, or that nobody knows whether it did, leaves an old value that
 * looks current.
 *
 * <p>Such a level is cleared before this process reads or writes anything in it again; and for the
 * sake of other processes also without being asked, twice a second, as soon as the server that
 * holds its version answers. What is owed is forgotten when the process ends.
 *
 * <p>Thread-safe.
 */
final class Debts {

  private static final Logger log = LoggerFactory.getLogger(Debts.class);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final VersionKeeper keeper;

  /** Held here, so that a level isn't forgotten with the last cache that uses it. */
  private final Set<Level> debtors = ConcurrentHashMap.newKeySet();

  private final Map<Level, Failed> failed = new ConcurrentHashMap<>();

  private boolean collecting;

  Debts(VersionKeeper keeper) {
    this.keeper = keeper;
  }

  /** Notes that {@code level} has to be cleared. */
  void owe(Level level) {
    level.owe();
    if (debtors.add(level)) {
      log.warn("'{}' could not be changed; it is cleared before it is used again", level.name());
      startCollecting();
    }
  }

  /**
   * Clears those of the levels that have to be.
   *
   * @throws StoreException if a server that holds a version is still away
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
        if (level.debts() == 0) {
          debtors.remove(level);
        }
      }
    }
    if (level.debts() > 0) {
      debtors.add(level); // owed again just between the two lines above
    }
  }

  private void pay(Level level, int owed) {
    try {
      keeper.increment(level);
      level.paid(owed);
      failed.remove(level);
    } catch (StoreException e) {
      failed.put(level, new Failed(System.nanoTime(), e));
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

  private record Failed(long at, StoreException failure) {}

  private synchronized void startCollecting() {
    if (!collecting) {
      collecting = true;
      Thread thread = new Thread(null, this::collectAll, "memjcache-debts", 0, false);
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void collectAll() {
    try {
      while (hasDebtors()) {
        TimeUnit.NANOSECONDS.sleep(PAUSE_NANOS);
        for (Level level : debtors) {
          collect(level);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (StoreException closed) {
      log.warn("The client was closed before these could be cleared: {}", debtors);
    }
  }

  /** Clears one level if its server answers; another one's may, whose turn comes next. */
  private void collect(Level level) {
    try {
      settle(level);
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.CLOSED) {
        throw e;
      }
      log.debug("Still away: {}", e.getMessage());
    } catch (CacheException e) {
      log.debug("Not cleared yet: {}", e.getMessage());
    }
  }

  private synchronized boolean hasDebtors() {
    collecting = !debtors.isEmpty();
    return collecting;
  }
}
