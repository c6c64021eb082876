package org.memjcache.internal.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/**
 * Stores a value in the place of another one: {@code replace} with two and with three arguments,
 * {@code getAndReplace}.
 */
final class ReplaceUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final @Nullable V expected;
  private final V value;
  private final EncodedValue payload;
  private boolean written;
  private @Nullable Snapshot<V> before;
  private boolean replaced;

  /**
   * Makes the step.
   *
   * @param expected what must be there, null if any value will do
   */
  ReplaceUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
      K key,
      EntryKey encodedKey,
      @Nullable V expected,
      V value,
      EncodedValue payload) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.expected = expected;
    this.value = value;
    this.payload = payload;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (!entry.isLive()) {
      return Change.nothing();
    }
    if (expected != null && !Values.equal(expected, entry.value())) {
      return new Change.Touch(parts.expiry().afterAccess(entry.deadline()));
    }
    if (!written) {
      parts.writer().write(key(), value);
      written = true;
    }
    return parts.expiry().write(payload, parts.expiry().afterUpdate(entry.deadline()));
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    report.looked(before);
    replaced = change instanceof Change.Write;
    if (replaced) {
      this.before = before;
      report.put();
      report.stored(before, key(), value);
    }
  }

  /** Returns true if the value was stored. */
  boolean replaced() {
    return replaced;
  }

  /** Returns the value that was replaced, null if none was. */
  @Nullable V old() {
    return before == null ? null : before.valueOrNull();
  }
}
