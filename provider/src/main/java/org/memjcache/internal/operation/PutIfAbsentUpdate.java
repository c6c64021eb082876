package org.memjcache.internal.operation;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/** Stores a value where there is none: {@code putIfAbsent}. */
final class PutIfAbsentUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final V value;
  private final EncodedValue payload;
  private boolean written;
  private boolean stored;

  PutIfAbsentUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      V value,
      EncodedValue payload) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.value = value;
    this.payload = payload;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (entry.isLive()) {
      return Change.nothing();
    }
    if (!written) {
      parts.writer().write(key(), value);
      written = true;
    }
    return parts.expiry().write(payload, parts.expiry().afterCreation());
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    report.looked(before);
    stored = change instanceof Change.Write write && write.inTime();
    if (stored) {
      report.put();
      report.created(key(), value);
    }
  }

  /** Returns true if the value was stored. */
  boolean stored() {
    return stored;
  }
}
