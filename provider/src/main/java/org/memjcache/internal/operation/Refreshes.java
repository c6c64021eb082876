// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Outcome;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads entries anew that are read shortly before they expire, in the background: the cache setting
 * {@code refreshAfter}. Whoever reads gets the value that is there.
 *
 * <ul>
 *   <li>One process loads an entry, which has the lease of its load meanwhile. What it brings is
 *       stored only if the entry is still as it was before the loader was asked. It lives as long
 *       as an entry that is created then.
 *   <li>If the loader fails, the value that is there stays until its deadline, and who reads it a
 *       second later tries again. If it has no value any more, the entry is removed.
 *   <li>While very many refreshes wait, no more are begun: the entry is loaded when it has expired.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Refreshes<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(Refreshes.class);

  /** How long an entry is left alone that could not be refreshed, or is by another process. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How many entries that are left alone are remembered. */
  private static final int MOST_REMEMBERED = 10_000;

  private final CacheContext<K, V> context;
  private final Loads<K, V> loads;

  /** How long before its deadline an entry is loaded anew, in milliseconds. */
  private final long ahead;

  /** When entries may be tried again, by {@link System#nanoTime}, by their keys. */
  private final Map<String, Long> resting = new ConcurrentHashMap<>();

  private volatile boolean hasWarned;

  /**
   * Creates what refreshes the entries of a cache that reads through.
   *
   * @param ahead how long before its deadline an entry is loaded anew
   */
  public Refreshes(CacheContext<K, V> context, Loads<K, V> loads, Duration ahead) {
    this.context = context;
    this.loads = loads;
    this.ahead = ahead.toMillis();
  }

  /** Begins to load an entry anew that was read from memcached, if it is time for that. */
  void refreshIfDue(K key, EntryKey encoded, Snapshot<V> read) {
    if (read.isNear() || !isDue(read)) {
      return;
    }
    Long rest = resting.get(encoded.text());
    long now = System.nanoTime();
    if (rest != null && now - rest < 0) {
      return;
    }
    if (resting.size() >= MOST_REMEMBERED) {
      resting.clear();
    }
    if (rest == null
        ? resting.putIfAbsent(encoded.text(), now + REST_NANOS) == null
        : resting.replace(encoded.text(), rest, now + REST_NANOS)) {
      try {
        loads.runInBackground(() -> refresh(key, encoded));
      } catch (RuntimeException | Error e) { // no memory: who reads has what is there
        failed(e);
      }
    }
  }

  private boolean isDue(Snapshot<V> entry) {
    return !context.expiry().isAhead(entry.deadline() - ahead);
  }

  private void refresh(K key, EntryKey encoded) {
    try {
      if (tryToRefresh(key, encoded)) {
        resting.remove(encoded.text());
        hasWarned = false;
      }
    } catch (RuntimeException | Error e) { // nobody else hears of it
      failed(e);
    }
  }

  private void failed(Throwable why) {
    if (!hasWarned) {
      hasWarned = true;
      LOG.warn(
          "Refreshing entries of '{}' fails; they are served until they expire",
          context.store(),
          why);
    }
  }

  /** Returns whether the entry is as new as its loader has it, and so isn't due any more. */
  private boolean tryToRefresh(K key, EntryKey encoded) {
    Operation operation = new Operation("refresh");
    LeasedLoads<K, V> leases = new LeasedLoads<>(context);
    Snapshot<V> seen =
        context.store().readForLoad(operation, List.of(encoded), leases.lease()).get(0);
    if (!seen.isLoadLeased()) {
      return false; // another process does
    }
    boolean isDone = false;
    try {
      if (!seen.isLive() || !isDue(seen)) {
        return true;
      }
      SeenEntry<K, V> due = new SeenEntry<>(key, encoded, seen);
      boolean isRenewed;
      try (SharedLoad load = SharedLoad.alone(context.store(), due)) {
        context.metrics().recordLoads(1);
        load.asking();
        V loaded = context.loader().load(key);
        context.metrics().recordRefreshes(1);
        isRenewed = store(operation, due, loaded, load);
      }
      isDone = true;
      return isRenewed;
    } finally {
      if (!isDone) {
        leases.giveBack(operation, List.of(seen));
      }
    }
  }

  /**
   * Puts what was loaded in the place of what was seen, unless that has changed; returns whether it
   * is there.
   */
  private boolean store(
      Operation operation, SeenEntry<K, V> seen, @Nullable V loaded, SharedLoad load) {
    OperationRecorder<K, V> recorder = context.recorder();
    LoadUpdate<K, V> update =
        loaded == null
            ? null
            : new LoadUpdate<>(context, recorder, seen, loaded, true, load).asRefresh();
    AtomicBoolean isDone = new AtomicBoolean();
    recorder.awaitListeners();
    context.runOrdered(
        List.of(seen.encodedKey()),
        () ->
            recorder.publishAfter(
                () -> {
                  if (update == null) {
                    isDone.set(isRemoved(operation, seen, recorder));
                  } else {
                    context.updater().runOnce(operation, List.of(update));
                    isDone.set(update.isStored());
                  }
                }));
    return isDone.get();
  }

  private boolean isRemoved(
      Operation operation, SeenEntry<K, V> seen, OperationRecorder<K, V> recorder) {
    PlannedChange<V> removal = new PlannedChange<>(seen.snapshot(), Change.Simple.REMOVE, false);
    Outcome outcome = context.store().change(operation, List.of(removal)).get(0);
    boolean isGone = outcome.isDone() && !outcome.isLost();
    if (isGone) {
      recorder.recordRemoved(seen.snapshot(), seen.key(), seen.encodedKey());
    }
    return isGone;
  }
}
