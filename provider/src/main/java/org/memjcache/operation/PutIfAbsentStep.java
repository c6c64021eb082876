package org.memjcache.operation;

import org.memjcache.codec.EntryKey;
import org.memjcache.codec.Payload;

/** Stores a value where there is none: {@code putIfAbsent}. */
final class PutIfAbsentStep<K, V> extends Step<K, V> {

  private final CacheParts<K, V> parts;
  private final Report<K, V> report;
  private final V value;
  private final Payload payload;
  private boolean written;
  private boolean stored;

  PutIfAbsentStep(
      CacheParts<K, V> parts,
      Report<K, V> report,
      K key,
      EntryKey encodedKey,
      V value,
      Payload payload) {
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
