package org.memjcache.internal.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/**
 * Removes an entry, whatever its value: {@code remove} with one argument, {@code getAndRemove},
 * {@code removeAll}. The writer hears of it even if there is no entry.
 */
final class RemoveUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private boolean written;
  private boolean countsAsGet;
  private boolean removed;
  private @Nullable Snapshot<V> before;

  /**
   * Makes the step.
   *
   * @param written whether the writer knows of the removal already
   */
  RemoveUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      boolean written) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.written = written;
  }

  /** Lets the statistics count a hit or a miss, too. */
  void countsAsGet() {
    countsAsGet = true;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (!written) {
      parts.writer().delete(key());
      written = true;
    }
    return entry.isLive() || entry.isAway() ? Change.remove() : Change.nothing();
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (countsAsGet) {
      report.looked(before);
    }
    removed = before.isLive();
    if (removed) {
      this.before = before;
      report.removal();
      report.removed(before, key());
    }
  }

  /** Returns true if there was an entry. */
  boolean removed() {
    return removed;
  }

  /** Returns the value that was removed, null if none was. */
  @Nullable V old() {
    return before == null ? null : before.valueOrNull();
  }
}
