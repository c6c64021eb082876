package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.Outcome;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.Snapshot;

/**
 * Reads entries, lets each update decide, makes the changes conditionally, and repeats those that
 * another process came in between of.
 *
 * <ul>
 *   <li>One round trip if nothing is to be changed, two if there is, however many updates.
 *   <li>A change is made only if the entry is still what its update saw: no update is lost,
 *       whichever process made it.
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

  /** Runs updates to their end, or throws if others changed an entry each time. */
  void run(Operation operation, List<? extends EntryUpdate<K, V>> updates) {
    Failures failures = new Failures();
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
      pending = apply(operation, pending, read(operation, pending), failures);
    }
    failures.throwIfAny();
  }

  /**
   * Lets updates decide on what was read before the loader was asked, and makes their changes in
   * one round trip. Those that another process came in between of are given up.
   */
  void runOnce(Operation operation, List<LoadUpdate<K, V>> updates) {
    if (!updates.isEmpty()) {
      Failures failures = new Failures();
      apply(operation, updates, updates.stream().map(LoadUpdate::seen).toList(), failures);
      failures.throwIfAny();
    }
  }

  private List<Snapshot<V>> read(Operation operation, List<? extends EntryUpdate<K, V>> updates) {
    if (updates.size() == 1) {
      return List.of(store.read(operation, updates.get(0).encodedKey, true));
    }
    List<EntryKey> keys = new ArrayList<>(updates.size());
    for (EntryUpdate<K, V> update : updates) {
      keys.add(update.encodedKey);
    }
    return store.readAll(operation, keys, true);
  }

  /** Returns the updates that are to be done again from the reading on. */
  private List<EntryUpdate<K, V>> apply(
      Operation operation,
      List<? extends EntryUpdate<K, V>> updates,
      List<Snapshot<V>> entries,
      Failures failures) {
    List<PlannedChange<V>> changes = new ArrayList<>(updates.size());
    for (int i = 0; i < updates.size(); i++) {
      EntryUpdate<K, V> update = updates.get(i);
      Change change = update.decide(entries.get(i));
      changes.add(new PlannedChange<>(entries.get(i), change, update.matters()));
    }
    List<Outcome> outcomes = store.change(operation, changes);
    List<EntryUpdate<K, V>> again = new ArrayList<>(0);
    for (int i = 0; i < updates.size(); i++) {
      EntryUpdate<K, V> update = updates.get(i);
      Outcome outcome = outcomes.get(i);
      if (outcome.isDone()) {
        update.done(entries.get(i), changes.get(i).change());
      } else if (outcome.rejection() == null) {
        again.add(update);
      } else {
        try {
          update.rejected(entries.get(i), outcome.rejection());
        } catch (RuntimeException e) {
          failures.add(e);
        }
      }
    }
    return again;
  }
}
