// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.TripSize;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.Outcome;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.Contention;

/**
 * Reads entries, lets each update decide, makes the changes conditionally, and repeats those that
 * another process came in between of.
 *
 * <ul>
 *   <li>One round trip if nothing is to be changed, two if there is, however many updates.
 *   <li>A change is made only if the entry is still what its update saw: no update is lost,
 *       whichever process made it.
 *   <li>An update that was repeated has a lease on its entry, if no other process has one: those
 *       that contend for it wait for each other, and none starves ({@link Contention}).
 *   <li>If the namespace was cleared in between, the update decides again, over an empty namespace.
 *   <li>The code of users that updates call is called between round trips.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class OptimisticUpdater<K, V> {

  /** How often updates decide: none loses so often against others that have a purpose. */
  static final int MAX_ATTEMPTS = 1_000;

  private final EntryStore<K, V> store;

  OptimisticUpdater(EntryStore<K, V> store) {
    this.store = store;
  }

  /**
   * Runs updates to their end, or throws if others changed an entry each time. Very many are run
   * one part after the other, each with the time of an operation.
   */
  void run(Operation operation, List<? extends EntryUpdate<K, V>> updates) {
    Failures failures = new Failures();
    int from = 0;
    try {
      while (from < updates.size()) {
        int to = TripSize.end(updates, from, EntryUpdate::storedSize);
        runPart(from == 0 ? operation : operation.nextPart(), updates.subList(from, to), failures);
        from = to;
      }
    } catch (RuntimeException | Error e) {
      removeLater(updates.subList(from, updates.size()));
      throw e;
    }
    failures.throwIfAny();
  }

  /** What is stored of entries that a writer was given is older than that. */
  private void removeLater(List<? extends EntryUpdate<K, V>> failed) {
    List<EntryKey> written = new ArrayList<>(0);
    for (EntryUpdate<K, V> update : failed) {
      if (update.isWritten() && !update.isDone) {
        written.add(update.encodedKey);
      }
    }
    if (!written.isEmpty()) {
      store.removeLaterIfWritten(written);
    }
  }

  private void runPart(
      Operation operation, List<? extends EntryUpdate<K, V>> updates, Failures failures) {
    Contention contention = new Contention(store, updates.get(0).encodedKey);
    List<? extends EntryUpdate<K, V>> pending = updates;
    for (int attempts = 0; !pending.isEmpty(); attempts++) {
      if (attempts == MAX_ATTEMPTS) {
        throw new CacheException(
            String.format(
                "%s on '%s' gave up after %d attempts: the entry was changed each time, perhaps by"
                    + " the entry processor itself, through the cache instead of the entry that it"
                    + " was given",
                operation, store, attempts));
      }
      pending = tryOnce(operation, pending, contention, failures);
    }
  }

  /** Returns the updates that are to be done again. */
  private <U extends EntryUpdate<K, V>> List<U> tryOnce(
      Operation operation, List<U> updates, Contention contention, Failures failures) {
    long start = System.nanoTime();
    List<Snapshot<V>> entries = read(operation, updates, contention);
    long read = System.nanoTime();
    List<PlannedChange<V>> changes = decide(operation, updates, entries);
    contention.decided(read - start, System.nanoTime() - read);
    List<U> again;
    try {
      again = change(operation, updates, changes, failures);
    } catch (RuntimeException | Error e) {
      giveBackLease(operation, entries.get(0), e);
      throw e;
    }
    if (updates.get(0).isUndecided()) {
      return again; // no other process is to blame
    }
    if (!again.isEmpty()) {
      contention.lost();
      if (!entries.get(0).isLeased()) {
        contention.pause(System.nanoTime() - start);
      }
    } else if (changes.get(0).change().outdatesEntry()) {
      contention.won();
    }
    return again;
  }

  /**
   * Lets updates decide on what was read before the loader was asked, and makes their changes in
   * one round trip. Those that another process came in between of are given up. But a value that is
   * to replace others also takes the place of what an older load of this process has stored, and of
   * an entry whose deadline has moved because it was read.
   */
  void runOnce(Operation operation, List<LoadUpdate<K, V>> updates) {
    Failures failures = new Failures();
    List<LoadUpdate<K, V>> pending = updates;
    List<Snapshot<V>> seen = updates.stream().map(LoadUpdate::seen).toList();
    for (int attempts = 0; !pending.isEmpty() && attempts < MAX_ATTEMPTS; attempts++) {
      List<PlannedChange<V>> changes = decide(operation, pending, seen);
      List<LoadUpdate<K, V>> failed = change(operation, pending, changes, failures);
      failed.removeIf(update -> !update.replaces());
      pending = new ArrayList<>(0);
      seen = new ArrayList<>(0);
      if (!failed.isEmpty()) {
        List<Snapshot<V>> now = store.readAll(operation, keys(failed), true);
        for (int i = 0; i < now.size(); i++) {
          if (failed.get(i).goesOn(now.get(i))) {
            pending.add(failed.get(i));
            seen.add(now.get(i));
          }
        }
      }
    }
    failures.throwIfAny();
  }

  private List<Snapshot<V>> read(
      Operation operation, List<? extends EntryUpdate<K, V>> updates, Contention contention) {
    if (updates.size() == 1) {
      return List.of(readOne(operation, updates.get(0), contention));
    }
    return store.readAll(operation, keys(updates), true);
  }

  private static List<EntryKey> keys(List<? extends EntryUpdate<?, ?>> updates) {
    List<EntryKey> keys = new ArrayList<>(updates.size());
    for (EntryUpdate<?, ?> update : updates) {
      keys.add(update.encodedKey);
    }
    return keys;
  }

  private Snapshot<V> readOne(
      Operation operation, EntryUpdate<K, V> update, Contention contention) {
    EntryKey key = update.encodedKey;
    Snapshot<V> entry =
        contention.isExpected()
            ? readLeased(operation, key, contention)
            : store.read(operation, key, true);
    if (entry.isLive() || !update.awaitsLoad()) {
      return entry;
    }
    if (entry.isLeased()) { // nobody has to wait for one that waits
      giveBackLease(operation, entry);
    }
    return update.awaitLoad(operation, entry);
  }

  /** Waits while another process has a lease on the entry, though not for ever. */
  private Snapshot<V> readLeased(Operation operation, EntryKey key, Contention contention) {
    long start = System.nanoTime();
    Snapshot<V> entry = store.readLeased(operation, key);
    while (entry.isLeasedElsewhere() && contention.pause(System.nanoTime() - start)) {
      contention.met();
      start = System.nanoTime();
      entry = store.readLeased(operation, key);
    }
    return entry;
  }

  private List<PlannedChange<V>> decide(
      Operation operation, List<? extends EntryUpdate<K, V>> updates, List<Snapshot<V>> entries) {
    List<PlannedChange<V>> changes = new ArrayList<>(updates.size());
    try {
      for (int i = 0; i < updates.size(); i++) {
        changes.add(updates.get(i).plan(entries.get(i)));
      }
    } catch (RuntimeException e) {
      giveBackLease(operation, entries.get(0), e);
      throw e;
    } catch (Error e) {
      giveBackLease(operation, entries.get(0), e);
      if (!changes.isEmpty()) {
        changeBefore(operation, updates.subList(0, changes.size()), changes, e);
      }
      throw e;
    }
    return changes;
  }

  /**
   * Makes the changes that were decided on before an Error: a writer may have made them already.
   */
  private void changeBefore(
      Operation operation,
      List<? extends EntryUpdate<K, V>> updates,
      List<PlannedChange<V>> changes,
      Error why) {
    try {
      change(operation, updates, changes, new Failures());
    } catch (RuntimeException e) {
      why.addSuppressed(e);
    }
  }

  /** Keeps others from waiting for an operation that has failed. */
  private void giveBackLease(Operation operation, Snapshot<V> entry, Throwable why) {
    if (entry.isLeased() || entry.isLoadLeased()) {
      try {
        giveBackLease(operation, entry);
      } catch (RuntimeException e) {
        why.addSuppressed(e);
      }
    }
  }

  private void giveBackLease(Operation operation, Snapshot<V> entry) {
    store.change(operation, List.of(new PlannedChange<>(entry, Change.Simple.KEEP, false)));
  }

  /** Returns the updates that are to be done again from the reading on. */
  private <U extends EntryUpdate<K, V>> List<U> change(
      Operation operation, List<U> updates, List<PlannedChange<V>> changes, Failures failures) {
    List<Outcome> outcomes = store.change(operation, changes);
    List<U> again = new ArrayList<>(0);
    for (int i = 0; i < updates.size(); i++) {
      U update = updates.get(i);
      PlannedChange<V> change = changes.get(i);
      Outcome outcome = outcomes.get(i);
      CacheException rejection = outcome.rejection();
      if (update.isUndecided() || (rejection == null && !outcome.isDone())) {
        again.add(update);
        continue;
      }
      update.isDone = true;
      update.isLost = outcome.isLost();
      if (rejection == null) {
        update.done(change.before(), change.change());
        continue;
      }
      try {
        update.rejected(change.before(), rejection);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    return again;
  }
}
