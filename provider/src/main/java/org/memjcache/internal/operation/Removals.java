// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.integration.Writer.BatchResult;
import org.memjcache.internal.operation.concurrency.SharedLoad;

/**
 * {@code remove}, {@code getAndRemove}, {@code removeAll} and {@code clear}.
 *
 * <p>To remove everything is one increment of the namespace's version, unless a writer, a listener
 * of removals or the statistics want to know each entry. Thread-safe.
 */
public final class Removals<K, V> {

  /** How many entries are removed at a time when all are. */
  private static final int BATCH = 1_000;

  private final CacheContext<K, V> context;
  private final boolean removeAllCounted;

  /** If {@code removeAllCounted}, {@link #removeAll()} counts each entry for the statistics. */
  public Removals(CacheContext<K, V> context, boolean removeAllCounted) {
    this.context = context;
    this.removeAllCounted = removeAllCounted;
  }

  /** Does {@link javax.cache.Cache#remove(Object)}. */
  public boolean remove(K key) {
    Operation remove = new Operation("remove");
    K checked = context.types().requireKey(key);
    EntryKey encoded = context.store().encodeKey(checked);
    OperationRecorder<K, V> recorder = context.recorder();
    if (needsOldEntry()) {
      ConditionalUpdate<K, V> update =
          ConditionalUpdate.remove(context, recorder, checked, encoded, null).asPlain(false);
      context.run(remove, List.of(update), recorder);
      return update.isMade();
    }
    int[] removed = new int[1];
    List<EntryKey> keys = List.of(encoded);
    context.runChange(
        keys,
        () -> {
          context.writer().delete(checked);
          removed[0] = context.makeWritten(keys, () -> context.store().delete(remove, keys));
        });
    recorder.recordRemovals(removed[0]);
    recorder.publish();
    return removed[0] > 0;
  }

  /** Does {@link javax.cache.Cache#remove(Object, Object)}. */
  public boolean remove(K key, V expected) {
    K checked = context.types().requireKey(key);
    return remove(new Operation("remove"), checked, context.types().requireValue(expected))
        .isMade();
  }

  /** Does {@link javax.cache.Cache#getAndRemove}. */
  public @Nullable V getAndRemove(K key) {
    return remove(new Operation("getAndRemove"), context.types().requireKey(key), null).oldValue();
  }

  private ConditionalUpdate<K, V> remove(Operation operation, K key, @Nullable V expected) {
    OperationRecorder<K, V> recorder = context.recorder();
    ConditionalUpdate<K, V> update =
        ConditionalUpdate.remove(context, recorder, key, context.store().encodeKey(key), expected);
    context.run(operation, List.of(update), recorder);
    return update;
  }

  /** Does {@link javax.cache.Cache#removeAll(Set)}. */
  public void removeAll(Set<? extends K> keys) {
    Objects.requireNonNull(keys, "The set of keys is null");
    Map<K, EntryKey> encoded = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
    for (K key : keys) {
      K checked = context.types().requireKey(key);
      encoded.put(checked, context.store().encodeKey(checked));
    }
    removeAll(encoded);
  }

  /** Does {@link javax.cache.Cache#removeAll()}. */
  public void removeAll() {
    boolean entriesAsked =
        context.writer().isPresent()
            || context.events().hears(EventType.REMOVED)
            || (removeAllCounted && context.metrics().isEnabled());
    if (!entriesAsked) {
      clear();
      return;
    }
    SharedLoad.outdateAll(context.store());
    try {
      removeEach();
    } finally {
      SharedLoad.outdateAll(context.store()); // what is being loaded is not among the entries
    }
  }

  private void removeEach() {
    Map<K, EntryKey> batch = new LinkedHashMap<>();
    Iterator<SeenEntry<K, V>> entries = context.store().scanForRemoval(new Operation("removeAll"));
    while (entries.hasNext()) {
      SeenEntry<K, V> found = entries.next();
      batch.put(found.key(), found.encodedKey());
      if (batch.size() == BATCH) {
        removeAll(batch);
        batch.clear();
      }
    }
    removeAll(batch);
    context.store().endGrace(new Operation("removeAll"));
  }

  /** Does {@link javax.cache.Cache#clear}. */
  public void clear() {
    clear(context.loading().grace());
  }

  /**
   * Does {@link org.memjcache.MemcachedCache#clear(Duration)}.
   *
   * @param grace for how long loads may serve what was there; zero for not at all
   */
  public void clear(Duration grace) {
    context.store().clear(grace);
  }

  private void removeAll(Map<K, EntryKey> keys) {
    if (!keys.isEmpty()) {
      OperationRecorder<K, V> recorder = context.recorder();
      recorder.awaitListeners();
      context.runChange(keys.values(), () -> removeInOrder(keys, recorder));
    }
  }

  private void removeInOrder(Map<K, EntryKey> keys, OperationRecorder<K, V> recorder) {
    Operation removeAll = new Operation("removeAll");
    BatchResult<K> written = context.writer().deleteAll(keys.keySet());
    Map<K, EntryKey> accepted = new LinkedHashMap<>(keys);
    accepted.keySet().retainAll(written.succeeded());
    List<Runnable> both =
        List.of(written::throwIfFailed, () -> remove(removeAll, accepted, recorder));
    Failures.forEach(both, Runnable::run);
  }

  private void remove(
      Operation removeAll, Map<K, EntryKey> accepted, OperationRecorder<K, V> recorder) {
    if (needsOldEntry()) {
      List<ConditionalUpdate<K, V>> updates = new ArrayList<>(accepted.size());
      accepted.forEach(
          (key, encoded) ->
              updates.add(
                  ConditionalUpdate.remove(context, recorder, key, encoded, null).asPlain(true)));
      context.run(removeAll, updates, recorder);
    } else {
      if (!accepted.isEmpty()) {
        recorder.recordRemovals(
            context.makeWritten(
                accepted.values(), () -> context.store().delete(removeAll, accepted.values())));
      }
      recorder.publish();
    }
  }

  /** Returns false if an item that is there is surely a live entry, and nobody asks for it. */
  private boolean needsOldEntry() {
    return !context.expiry().isEternal() || context.events().needsOldEntry();
  }
}
