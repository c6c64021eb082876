package org.memjcache.internal.operation;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/** Removes an entry that has a certain value: {@code remove} with two arguments. */
final class RemoveIfUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final V expected;
  private boolean written;
  private boolean removed;

  RemoveIfUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      V expected) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.expected = expected;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (!entry.isLive()) {
      return Change.nothing();
    }
    if (!Values.equal(expected, entry.value())) {
      return new Change.Touch(parts.expiry().afterAccess(entry.deadline()));
    }
    if (!written) {
      parts.writer().delete(key());
      written = true;
    }
    return Change.remove();
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    report.looked(before);
    removed = change instanceof Change.Remove;
    if (removed) {
      report.removal();
      report.removed(before, key());
    }
  }

  /** Returns true if the entry was removed. */
  boolean removed() {
    return removed;
  }
}
