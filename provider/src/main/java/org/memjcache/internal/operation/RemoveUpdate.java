package org.memjcache.internal.operation;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/**
 * Removes an entry: {@code remove} with one and two arguments, {@code getAndRemove}, {@code
 * removeAll}. Without an expected value the writer is told even if there is no entry.
 */
final class RemoveUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> context;
  private final OperationRecorder<K, V> recorder;
  private final @Nullable V expected;
  private final boolean countsAsGet;
  private boolean written;
  private @Nullable Snapshot<V> removed;

  private RemoveUpdate(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryKey encodedKey,
      @Nullable V expected,
      boolean countsAsGet,
      boolean written) {
    super(key, encodedKey);
    this.context = context;
    this.recorder = recorder;
    this.expected = expected;
    this.countsAsGet = countsAsGet;
    this.written = written;
  }

  /**
   * Returns the removal of an entry, whatever its value.
   *
   * @param written whether the writer knows of the removal already
   */
  static <K, V> RemoveUpdate<K, V> ofAny(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryKey encodedKey,
      boolean written) {
    return new RemoveUpdate<>(context, recorder, key, encodedKey, null, false, written);
  }

  /** Returns the removal of an entry that counts as a hit or a miss, too. */
  static <K, V> RemoveUpdate<K, V> countedAsGet(
      CacheContext<K, V> context,
      OperationRecorder<K, V> recorder,
      K key,
      EntryKey encodedKey,
      @Nullable V expected) {
    return new RemoveUpdate<>(context, recorder, key, encodedKey, expected, true, false);
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (expected != null) {
      if (!entry.isLive()) {
        return Change.Simple.KEEP;
      }
      if (!Objects.deepEquals(expected, entry.value())) {
        return context.expiry().touch(entry);
      }
    }
    if (!written) {
      context.writer().delete(key());
      written = true;
    }
    return Change.Simple
        .REMOVE; // also what is dead or can't be read here: other processes may see it
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (countsAsGet) {
      recorder.recordLookup(before);
    }
    if (change == Change.Simple.REMOVE && before.isLive()) {
      removed = before;
      recorder.recordRemoved(before, key());
    }
  }

  boolean isRemoved() {
    return removed != null;
  }

  /** Returns the value that was removed, null if none was. */
  @Nullable V oldValue() {
    return removed == null ? null : removed.value();
  }
}
