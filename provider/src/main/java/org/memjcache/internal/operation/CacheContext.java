// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.operation.concurrency.KeyLocks;
import org.memjcache.internal.operation.concurrency.SharedLoad;

/**
 * Everything that the operations of one cache work with. Each part is thread-safe.
 *
 * @param loader loads for {@code loadAll}, and for misses if {@code readThrough}
 * @param readThrough whether a miss asks the loader
 * @param loading what happens when several want to load the same entry
 * @param writer is told of changes first; absent unless the cache writes through
 */
public record CacheContext<K, V>(
    EntryStore<K, V> store,
    EntryTypes<K, V> types,
    Expiry<K, V> expiry,
    EventPublisher<K, V> events,
    CacheMetrics metrics,
    Loader<K, V> loader,
    boolean readThrough,
    LoadSettings loading,
    Writer<K, V> writer) {

  OptimisticUpdater<K, V> updater() {
    return new OptimisticUpdater<>(store);
  }

  OperationRecorder<K, V> recorder() {
    return new OperationRecorder<>(events, metrics);
  }

  /** Returns key and value, checked and encoded: what can't be stored fails first. */
  NewEntry<K, V> newEntry(K key, V value) {
    types.requireKey(key);
    types.requireValue(value);
    return newEntry(key, store.encodeKey(key), value);
  }

  /** Returns a key that is checked and encoded already, and a value, checked and encoded now. */
  NewEntry<K, V> newEntry(K key, EntryKey encodedKey, V value) {
    return new NewEntry<>(key, encodedKey, types.requireValue(value), store.encodeValue(value));
  }

  /** Reads the entries of keys that are of the right type. */
  List<SeenEntry<K, V>> readAll(Operation operation, Collection<? extends K> keys) {
    List<EntryKey> encoded = encode(keys);
    return seen(keys, encoded, store.readAll(operation, encoded, true));
  }

  /** Does the same, but for those that need not be read. */
  List<SeenEntry<K, V>> findAll(
      Operation operation, Collection<? extends K> keys, boolean forChange) {
    List<EntryKey> encoded = encode(keys);
    return seen(keys, encoded, store.findAll(operation, encoded, forChange));
  }

  private List<EntryKey> encode(Collection<? extends K> keys) {
    List<EntryKey> encoded = new ArrayList<>(keys.size());
    for (K key : keys) {
      encoded.add(store.encodeKey(key));
    }
    return encoded;
  }

  private List<SeenEntry<K, V>> seen(
      Collection<? extends K> keys, List<EntryKey> encoded, List<Snapshot<V>> snapshots) {
    List<SeenEntry<K, V>> seen = new ArrayList<>(keys.size());
    int i = 0;
    for (K key : keys) {
      seen.add(new SeenEntry<>(key, encoded.get(i), snapshots.get(i)));
      i++;
    }
    return seen;
  }

  /** Moves the deadlines of live entries that were read, where the expiry policy wants it. */
  void touch(Operation operation, List<SeenEntry<K, V>> seen) {
    if (expiry.movesOnAccess() && !seen.isEmpty()) {
      List<PlannedChange<V>> moves = new ArrayList<>(seen.size());
      for (SeenEntry<K, V> entry : seen) {
        moves.add(
            new PlannedChange<>(
                entry.snapshot(), expiry.touch(entry.key(), entry.snapshot()), true));
      }
      store.change(operation, moves);
    }
  }

  /**
   * Runs the updates of one operation, then tells statistics and listeners; in the order of other
   * threads' operations on the same entries if there is a writer or a listener to see it.
   */
  void run(
      Operation operation,
      List<? extends EntryUpdate<K, V>> updates,
      OperationRecorder<K, V> recorder) {
    recorder.awaitListeners();
    outdateLoadsOf(updates);
    try {
      runOrdered(
          updates.stream().map(update -> update.encodedKey).toList(),
          () -> recorder.publishAfter(() -> updater().run(operation, updates)));
    } finally {
      updates.forEach(EntryUpdate::end);
      outdateLoadsOf(updates);
    }
  }

  private void outdateLoadsOf(List<? extends EntryUpdate<K, V>> updates) {
    outdateLoads(
        updates.stream()
            .filter(EntryUpdate::outdatesLoads)
            .map(update -> update.encodedKey)
            .toList());
  }

  /**
   * Runs {@code work}, which {@linkplain #tellWriter tells the writer} and changes entries,
   * {@linkplain #runOrdered in order}, and {@linkplain #outdateLoads outdates} their loads itself
   * before it sends that.
   */
  void runChange(Collection<EntryKey> entries, Runnable work) {
    try {
      runOrdered(entries, () -> tellWriter(entries, work));
    } finally {
      outdateLoads(entries);
    }
  }

  /**
   * Tells the writer of changes of entries, before they are made or along with that. After an Error
   * nobody knows what it has written: then what is stored of them is removed before it is served
   * again.
   */
  void tellWriter(Collection<EntryKey> entries, Runnable telling) {
    try {
      telling.run();
    } catch (Error e) {
      store.removeLaterIfWritten(entries);
      throw e;
    }
  }

  /**
   * To be called before and after a change of entries, as {@link
   * org.memjcache.internal.operation.concurrency.EntryWatch} says: what is being loaded for them is
   * older.
   */
  void outdateLoads(Collection<EntryKey> entries) {
    if (loader.isPresent()) {
      SharedLoad.outdate(store, entries);
    }
  }

  /**
   * Makes a change of entries that the writer was told of. If that fails, what is stored of them is
   * older than what the writer has, and is removed before it is served again.
   */
  <T> T makeWritten(Collection<EntryKey> entries, Supplier<T> change) {
    try {
      outdateLoads(entries);
      return change.get();
    } catch (RuntimeException | Error e) {
      store.removeLaterIfWritten(entries);
      throw e;
    }
  }

  /** Runs {@code work} in the order that writers and listeners must see it in, if there are any. */
  void runOrdered(Collection<EntryKey> entries, Runnable work) {
    if (!writer.isPresent() && !events.isActive()) {
      work.run();
      return;
    }
    KeyLocks.Held held = KeyLocks.SHARED.hold(store, entries);
    try {
      work.run();
    } finally {
      held.close();
    }
  }
}
