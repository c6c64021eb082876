package org.memjcache.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.codec.EntryKey;
import org.memjcache.codec.Payload;

/**
 * Stores a value in the place of another one: {@code replace} with two and with three arguments,
 * {@code getAndReplace}.
 */
final class ReplaceStep<K, V> extends Step<K, V> {

  private final CacheParts<K, V> parts;
  private final Report<K, V> report;
  private final @Nullable V expected;
  private final V value;
  private final Payload payload;
  private boolean written;
  private @Nullable Snapshot<V> before;
  private boolean replaced;

  /**
   * Makes the step.
   *
   * @param expected what must be there, null if any value will do
   */
  ReplaceStep(
      CacheParts<K, V> parts,
      Report<K, V> report,
      K key,
      EntryKey encodedKey,
      @Nullable V expected,
      V value,
      Payload payload) {
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
