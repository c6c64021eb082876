package org.memjcache.internal.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/** Stores a value, whatever was there: {@code put}, {@code putAll}, {@code getAndPut}. */
final class PutUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final V value;
  private final EncodedValue payload;
  private boolean written;
  private boolean countsAsGet;
  private @Nullable Snapshot<V> before;

  /**
   * Makes the step.
   *
   * @param written whether the writer knows of the value already
   */
  PutUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      V value,
      EncodedValue payload,
      boolean written) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.value = value;
    this.payload = payload;
    this.written = written;
  }

  /** Lets the statistics count a hit or a miss, too. */
  void countsAsGet() {
    countsAsGet = true;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (!written) {
      parts.writer().write(key(), value);
      written = true;
    }
    Expiry expiry = parts.expiry();
    return expiry.write(
        payload, entry.isLive() ? expiry.afterUpdate(entry.deadline()) : expiry.afterCreation());
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (countsAsGet) {
      report.looked(before);
    }
    this.before = before;
    // A created entry that has expired at once was never there.
    if (before.isLive() || (change instanceof Change.Write write && write.inTime())) {
      report.put();
      report.stored(before, key(), value);
    }
  }

  /** Returns the value that was there before, null if none. */
  @Nullable V old() {
    return before == null ? null : before.valueOrNull();
  }
}
