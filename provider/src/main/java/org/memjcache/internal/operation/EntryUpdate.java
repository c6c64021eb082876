// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.List;
import java.util.Objects;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.entry.UnstoredValues;
import org.memjcache.internal.operation.concurrency.ToldChange;

/**
 * What one operation does to one entry, as {@link OptimisticUpdater} runs it.
 *
 * <p>Used by one thread, for one operation.
 */
abstract class EntryUpdate<K, V> {

  final CacheContext<K, V> context;
  final OperationRecorder<K, V> recorder;
  final K key;
  final EntryKey encodedKey;

  /** Whether its last decision is in force. Set by {@link OptimisticUpdater}. */
  boolean isDone;

  /** Whether that has got lost, which is tolerated. Set by {@link OptimisticUpdater}. */
  boolean isLost;

  /** Null before the writer is told, and if there is none. */
  private @Nullable ToldChange told;

  /** What was decided on last. */
  private @Nullable PlannedChange<V> planned;

  EntryUpdate(
      CacheContext<K, V> context, OperationRecorder<K, V> recorder, K key, EntryKey encodedKey) {
    this.context = context;
    this.recorder = recorder;
    this.key = key;
    this.encodedKey = encodedKey;
  }

  /** Returns what the last decision was about. */
  final Snapshot<V> lastSeen() {
    return Objects.requireNonNull(planned).before();
  }

  /** Returns whether it waits, if the entry isn't there, while another process loads it. */
  boolean awaitsLoad() {
    return false;
  }

  /**
   * Called if it waits for loads, when the entry was read and isn't there, before {@link #decide};
   * returns what to decide on: the entry that was read, or what is read after a wait.
   */
  Snapshot<V> awaitLoad(Operation operation, Snapshot<V> absent) {
    return absent;
  }

  /**
   * Decides what to do to the entry. Called again when another process changed the entry, or
   * cleared its namespace, after it was read. If it throws, nothing is changed.
   */
  abstract Change decide(Snapshot<V> entry);

  /**
   * Called in place of {@link #decide} if the entry has the same value as then: perhaps others have
   * only read it since, which has moved its deadline.
   *
   * @param decided what it was decided to do, which could not be done
   */
  Change repeat(PlannedChange<V> decided, Snapshot<V> entry) {
    return decide(entry);
  }

  /** Decides, or repeats what was decided. */
  final PlannedChange<V> plan(Snapshot<V> entry) {
    PlannedChange<V> before = planned;
    planned = null; // should this throw
    Change change =
        before != null && !isUndecided() && entry.isSameButForDeadline(before.before())
            ? repeat(before, entry)
            : decide(entry);
    PlannedChange<V> plan = new PlannedChange<>(entry, change, matters());
    planned = plan;
    return plan;
  }

  /**
   * Returns whether {@link #decide} has to be called again, on what is there then, though nothing
   * was changed by others.
   */
  boolean isUndecided() {
    return false;
  }

  /**
   * Tells the writer of a change of the entry before it is made. From then on, no load of this
   * cache is stored until this has {@linkplain #end ended}.
   */
  final void tellWriter(Runnable telling) {
    if (told == null && isLoadedWhileWritten()) {
      told = new ToldChange(context.store(), encodedKey);
    }
    context.tellWriter(List.of(encodedKey), telling);
  }

  /** To be called once it will not be run again, however it has gone. */
  final void end() {
    if (told != null) {
      told.close();
      told = null;
    }
  }

  /**
   * Returns whether an entry that was missing, and that the writer has deleted since, may be there
   * now: loaded before the writer was done.
   */
  final boolean isLoadedWhileWritten() {
    return context.writer().isPresent() && context.loader().isPresent();
  }

  /**
   * Returns a value of the application's, ready to be stored; null if it can't be, which is counted
   * and logged: the caller gets it all the same.
   */
  final @Nullable NewEntry<K, V> storable(V value) {
    V checked = context.types().requireValue(value);
    try {
      return context.newEntry(key, encodedKey, checked);
    } catch (CacheException e) {
      context.metrics().recordRejectedValue();
      notStored(checked, e);
      return null;
    }
  }

  /** Called when a value can't be stored, and the operation goes on without. */
  void notStored(V value, CacheException why) {
    UnstoredValues.log(context.store(), value.getClass().getName(), why);
  }

  /** Called once, when the last {@link #decide}'s change of what it saw is in force. */
  void done(Snapshot<V> before, Change change) {}

  /** Returns whether the writer, if there is one, was told of the change. */
  boolean isWritten() {
    return false;
  }

  /** Returns how many bytes of values it is known to store. */
  int storedSize() {
    return 0;
  }

  /** Returns whether what a loader brought before may be older than what this did. */
  boolean outdatesLoads() {
    return true;
  }

  /** Returns whether the older value would be wrong if the change gets lost with its server. */
  boolean matters() {
    return true;
  }

  /**
   * Called when a server would not take the value. The other updates of the operation go on, which
   * ends with what this throws: {@code failure}, unless overridden.
   */
  void rejected(Snapshot<V> before, CacheException failure) {
    throw failure;
  }
}
