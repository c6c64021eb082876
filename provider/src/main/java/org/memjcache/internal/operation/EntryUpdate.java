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

  private final K key;
  private final EntryKey encodedKey;

  EntryUpdate(K key, EntryKey encodedKey) {
    this.key = key;
    this.encodedKey = encodedKey;
  }

  final K key() {
    return key;
  }

  final EntryKey encodedKey() {
    return encodedKey;
  }

  /**
   * Decides what to do to the entry. Called again when another process changed the entry, or
   * cleared its namespace, after it was read.
   *
   * @throws RuntimeException if the operation can't be done; nothing is changed then
   */
  abstract Change decide(Snapshot<V> entry);

  /**
   * Called once, when the change is in force.
   *
   * @param before what the last {@link #decide} saw
   * @param change what it decided
   */
  void done(Snapshot<V> before, Change change) {}

  /** Returns whether the older value would be wrong if the change gets lost with its server. */
  boolean matters() {
    return true;
  }

  /**
   * Called when a server would not take the value. The other updates of the operation go on.
   *
   * @throws RuntimeException what the operation ends with; by default {@code failure}
   */
  void rejected(RuntimeException failure) {
    throw failure;
  }
}
