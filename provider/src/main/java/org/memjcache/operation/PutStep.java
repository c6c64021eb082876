package org.memjcache.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.codec.EntryKey;
import org.memjcache.codec.Payload;

/** Stores a value, whatever was there: {@code put}, {@code putAll}, {@code getAndPut}. */
final class PutStep<K, V> extends Step<K, V> {

  private final CacheParts<K, V> parts;
  private final Report<K, V> report;
  private final V value;
  private final Payload payload;
  private boolean written;
  private boolean countsAsGet;
  private @Nullable Snapshot<V> before;

  /**
   * Makes the step.
   *
   * @param written whether the writer knows of the value already
   */
  PutStep(
      CacheParts<K, V> parts,
      Report<K, V> report,
      K key,
      EntryKey encodedKey,
      V value,
      Payload payload,
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
      report.looked(before.isLive());
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
