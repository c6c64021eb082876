// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.SharedLoad;

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
  private final SharedLoad load;
  private boolean renews;

  /** Whether the entry is to be removed, to be loaded by who needs it next. */
  private boolean isDropped;

  /** How the value is to take the place of what was seen; null until the policy was asked. */
  private Change.@Nullable Store first;

  private boolean expiredAtOnce;
  private boolean stored;

  LoadUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      SeenEntry<K, V> seen,
      V value,
      boolean replace,
      SharedLoad load) {
    super(context, recorder, seen.key(), seen.encodedKey());
    this.seen = seen.snapshot();
    this.value = value;
    this.replace = replace;
    this.load = load;
    this.loaded = storable(value);
  }

  /** Makes this the refresh of an entry, which lives from now on as if it were created. */
  LoadUpdate<K, V> asRefresh() {
    renews = true;
    return this;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (isOutdated() || (entry.isLive() && !replace)) {
      return Change.Simple.KEEP;
    }
    if (isDropped) {
      return Change.Simple.REMOVE;
    }
    if (loaded == null) { // what it was to take the place of is older
      return replace ? Change.Simple.REMOVE : Change.Simple.KEEP;
    }
    Change.Store decided = first;
    return entry == seen && decided != null ? decided : storing(loaded, entry);
  }

  private Change.Store storing(NewEntry<K, V> value, Snapshot<V> entry) {
    Change.Store storing =
        renews
            ? context.expiry().storeAnew(value)
            : context.expiry().storeWhateverIsThere(value, entry);
    expiredAtOnce = !storing.inTime();
    return storing;
  }

  /**
   * Gives those who wait for the load the value, or nothing if it has no time at all. That is for
   * the policy to say, which is asked once, and so before the load ends.
   */
  void share() {
    if (loaded != null) {
      Change.Store storing = storing(loaded, seen);
      first = storing;
      load.share(storing.inTime() ? storing.value() : null);
    }
  }

  /** Returns whether the value is to take the place of others. */
  boolean replaces() {
    return replace;
  }

  /**
   * Returns whether this is to be decided once more on what is there now, though it isn't what was
   * seen: because an older load of this process has stored it; or perhaps somebody has only read
   * the entry, which moves its deadline. But not after a clear, which is newer.
   */
  boolean goesOn(Snapshot<V> now) {
    if (!now.isUnderSameVersions(seen)) {
      return false;
    }
    SharedLoad.Order order = load.orderTo(now);
    boolean isRead =
        order == SharedLoad.Order.UNKNOWN
            && !renews
            && context.expiry().movesOnAccess()
            && now.isSameButForDeadline(lastSeen());
    // Or somebody has put the same value again, later than the loader was asked.
    isDropped |= isRead && context.readThrough();
    return order == SharedLoad.Order.NEWER || isRead;
  }

  @Override
  void rejected(Snapshot<V> before, CacheException failure) {
    notStored(value, failure);
  }

  @Override
  void notStored(V unstored, CacheException why) {
    load.notStored(why);
    super.notStored(unstored, why);
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (change instanceof Change.Store store && loaded != null) {
      stored = store.inTime();
      if (stored && !isLost) {
        load.stored(loaded.encodedValue());
      }
      if (OperationRecorder.isVisible(change, before)) {
        recorder.recordStored(before, loaded);
      }
    }
  }

  /** A value that was loaded for a miss and gets lost leaves nothing wrong behind. */
  @Override
  boolean matters() {
    return replaces();
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

  /** Returns what the value came by. */
  SharedLoad load() {
    return load;
  }

  /** Returns whether this cache has changed the entry since the loader was asked. */
  boolean isOutdated() {
    return load.isOutdated();
  }

  boolean isStored() {
    return stored;
  }

  /** Returns whether the policy gave the loaded entry no time at all. */
  boolean isExpiredAtOnce() {
    return expiredAtOnce;
  }
}
