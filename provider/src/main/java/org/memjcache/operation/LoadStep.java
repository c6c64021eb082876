package org.memjcache.operation;

import org.memjcache.codec.EntryKey;
import org.memjcache.codec.Payload;

/**
 * Stores a value that a loader brought. It is stored under the versions of the miss or not at all
 * ({@link Machine#runOnce}): a clear, or another writer, that came in between knows better.
 */
final class LoadStep<K, V> extends Step<K, V> {

  private final CacheParts<K, V> parts;
  private final Report<K, V> report;
  private final V value;
  private final Payload payload;
  private final boolean replace;
  private boolean expiredAtOnce;

  /**
   * Makes the step.
   *
   * @param replace whether an entry that is there is replaced
   */
  LoadStep(
      CacheParts<K, V> parts,
      Report<K, V> report,
      K key,
      EntryKey encodedKey,
      V value,
      boolean replace) {
    super(key, encodedKey);
    this.parts = parts;
    this.report = report;
    this.value = value;
    this.payload = parts.envelopes().encode(value);
    this.replace = replace;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    if (entry.isLive()) {
      return replace
          ? parts.expiry().write(payload, parts.expiry().afterUpdate(entry.deadline()))
          : Change.nothing();
    }
    return parts.expiry().write(payload, parts.expiry().afterCreation());
  }

  @Override
  void done(Snapshot<V> before, Change change) {
    if (change instanceof Change.Write write) {
      expiredAtOnce = !write.inTime();
      if (before.isLive() || !expiredAtOnce) {
        report.stored(before, key(), value);
      }
    }
  }

  @Override
  boolean matters() {
    return replace;
  }

  /** Returns the loaded value. */
  V value() {
    return value;
  }

  /** Returns true if the policy gave the loaded entry no time at all. */
  boolean expiredAtOnce() {
    return expiredAtOnce;
  }
}
