package org.memjcache.internal.operation;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

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

  EntryUpdate(
      CacheContext<K, V> context, OperationRecorder<K, V> recorder, K key, EntryKey encodedKey) {
    this.context = context;
    this.recorder = recorder;
    this.key = key;
    this.encodedKey = encodedKey;
  }

  /**
   * Decides what to do to the entry. Called again when another process changed the entry, or
   * cleared its namespace, after it was read. If it throws, nothing is changed.
   */
  abstract Change decide(Snapshot<V> entry);

  /** Called once, when the last {@link #decide}'s change of what it saw is in force. */
  void done(Snapshot<V> before, Change change) {}

  /** Returns whether the older value would be wrong if the change gets lost with its server. */
  boolean matters() {
    return true;
  }

  /**
   * Called when a server would not take the value. The other updates of the operation go on, which
   * ends with what this throws: {@code failure}, unless overridden.
   */
  void rejected(RuntimeException failure) {
    throw failure;
  }
}
