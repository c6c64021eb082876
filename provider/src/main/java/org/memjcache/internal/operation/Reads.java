// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;

/**
 * {@code get}, {@code getAll} and {@code containsKey}.
 *
 * <p>One round trip, or none if this process knows the entry well enough ({@link
 * org.memjcache.internal.entry.EntryStore#find}). A second one moves deadlines where the expiry
 * policy wants it, or stores what a loader brought for the misses. Thread-safe.
 */
public final class Reads<K, V> {

  private final CacheContext<K, V> context;
  private final @Nullable Refreshes<K, V> refreshes;

  /**
   * Creates the operations.
   *
   * @param refreshes null if entries are loaded when they have expired
   */
  public Reads(CacheContext<K, V> context, @Nullable Refreshes<K, V> refreshes) {
    this.context = context;
    this.refreshes = refreshes;
  }

  /** Does {@link javax.cache.Cache#get}. */
  public @Nullable V get(K key) {
    K checked = context.types().requireKey(key);
    long begin = context.metrics().begin();
    V near = context.store().near(checked);
    if (near != null) {
      context.metrics().recordNearGet(begin);
      return near;
    }
    OperationRecorder<K, V> recorder = context.recorder();
    EntryKey encoded = context.store().encodeKey(checked);
    Operation get = new Operation("get");
    Snapshot<V> entry = context.store().find(get, encoded, changesWhatItReads());
    entry.requireReadable();
    recorder.recordLookup(entry);
    if (entry.isLive()) {
      V value = entry.value();
      if (context.expiry().movesOnAccess()) {
        context.touch(get, List.of(new SeenEntry<>(checked, encoded, entry)));
      }
      if (refreshes != null) {
        refreshes.refreshIfDue(checked, encoded, entry);
      }
      recorder.publish();
      return value;
    }
    if (!context.readThrough()) {
      recorder.publish();
      return context.loading().servesPlainReads()
          ? new LeasedLoads<>(context)
              .olderUnlessFirst(get, List.of(new SeenEntry<>(checked, encoded, entry)))
              .get(checked)
          : null;
    }
    AtomicReference<@Nullable V> loaded = new AtomicReference<>();
    recorder.awaitListeners();
    recorder.publishAfter(
        () ->
            loaded.set(
                new ReadThrough<>(context)
                    .load(get, new SeenEntry<>(checked, encoded, entry), recorder)));
    return loaded.get();
  }

  /** Does {@link javax.cache.Cache#containsKey}. */
  public boolean containsKey(K key) {
    EntryKey encoded = context.store().encodeKey(context.types().requireKey(key));
    Snapshot<V> entry = context.store().find(new Operation("containsKey"), encoded, false);
    entry.requireReadable();
    return entry.isLive();
  }

  /** Does {@link javax.cache.Cache#getAll}. */
  public Map<K, V> getAll(Set<? extends K> keys) {
    Objects.requireNonNull(keys, "The set of keys is null");
    List<K> checked = new ArrayList<>(keys.size());
    for (K key : keys) {
      checked.add(context.types().requireKey(key));
    }
    if (checked.isEmpty()) {
      return new HashMap<>();
    }
    OperationRecorder<K, V> recorder = context.recorder();
    Map<K, V> values = new HashMap<>(checked.size() * 4 / 3 + 1);
    List<SeenEntry<K, V>> found = new ArrayList<>(checked.size());
    List<SeenEntry<K, V>> missing = new ArrayList<>();
    Operation getAll = new Operation("getAll");
    for (SeenEntry<K, V> seen : context.findAll(getAll, checked, changesWhatItReads())) {
      seen.snapshot().requireReadable();
      recorder.recordLookup(seen.snapshot());
      if (seen.snapshot().isLive()) {
        values.put(seen.key(), seen.snapshot().value());
        found.add(seen);
        if (refreshes != null) {
          refreshes.refreshIfDue(seen.key(), seen.encodedKey(), seen.snapshot());
        }
      } else {
        missing.add(seen);
      }
    }
    context.touch(getAll, found);
    if (!context.readThrough() && context.loading().servesPlainReads() && !missing.isEmpty()) {
      values.putAll(new LeasedLoads<>(context).olderUnlessFirst(getAll, missing));
    }
    recorder.publishAfter(
        () -> {
          if (context.readThrough() && !missing.isEmpty()) {
            BulkLoad<K, V> load =
                new BulkLoad<>(
                    context, getAll, recorder, /* replace= */ false, /* servesOlder= */ true);
            load.run(missing);
            values.putAll(load.values());
          }
        });
    return values;
  }

  /** Returns whether what is found may be touched, or what is missing may be stored, at once. */
  private boolean changesWhatItReads() {
    return context.expiry().movesOnAccess() || context.readThrough();
  }
}
