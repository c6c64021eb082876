package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;

/**
 * Stores a value that a loader brought. It is stored under the versions of the miss or not at all
 * ({@link OptimisticUpdater#runOnce}): a clear, or a write, that came in between is newer.
 */
final class LoadUpdate<K, V> extends EntryUpdate<K, V> {

  private final Snapshot<V> seen;
  private final V value;

  /** Null if the value can't be stored. */
  private final @Nullable NewEntry<K, V> loaded;

  private final boolean replace;
  private boolean expiredAtOnce;
  private @Nullable CacheException whyNotStored;

  LoadUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      SeenEntry<K, V> seen,
      V value,
      boolean replace) {
    super(context, recorder, seen.key(), seen.encodedKey());
    this.seen = seen.snapshot();
    this.value = value;
    this.loaded = storable(value);
    this.replace = replace;
  }

  /**
   * Stores what a loader brought, in one round trip. What can't be stored doesn't stop the others.
   *
   * @param seen what was read before the loader was asked, for all keys of {@code loaded}
   * @param replace whether an entry that is there is replaced
   */
  static <K, V> List<LoadUpdate<K, V>> store(
      Operation operation,
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      List<SeenEntry<K, V>> seen,
      Map<K, V> loaded,
      boolean replace) {
    List<LoadUpdate<K, V>> updates = new ArrayList<>(loaded.size());
    for (SeenEntry<K, V> entry : seen) {
      V value = loaded.get(entry.key());
      if (value != null) {
        updates.add(new LoadUpdate<>(context, recorder, entry, value, replace));
      }
    }
    context.updater().runOnce(operation, updates);
    return updates;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (entry.isLive() && !replace) {
      return Change.Simple.KEEP;
    }
    if (loaded == null) { // what it was to take the place of is older
      return entry.isLive() ? Change.Simple.REMOVE : Change.Simple.KEEP;
    }
    return context.expiry().store(loaded, entry);
  }

  @Override
  void rejected(Snapshot<V> before, CacheException failure) {
    notStored(value, failure);
  }

  @Override
  void notStored(V unstored, CacheException why) {
    whyNotStored = why;
    super.notStored(unstored, why);
  }

  /** Returns why the value is not in the cache; null if nothing kept it out. */
  @Nullable CacheException whyNotStored() {
    return whyNotStored;
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (change instanceof Change.Store store && loaded != null) {
      expiredAtOnce = !store.inTime();
      if (OperationRecorder.isVisible(change, before)) {
        recorder.recordStored(before, loaded);
      }
    }
  }

  /** A value that was loaded for a miss and gets lost leaves nothing wrong behind. */
  @Override
  boolean matters() {
    return replace;
  }

  /** Returns what the value is to take the place of. */
  Snapshot<V> seen() {
    return seen;
  }

  /** Returns the value with its encoding; null if it can't be stored. */
  @Nullable NewEntry<K, V> storable() {
    return loaded;
  }

  V value() {
    return value;
  }

  /** Returns whether the policy gave the loaded entry no time at all. */
  boolean isExpiredAtOnce() {
    return expiredAtOnce;
  }
}
