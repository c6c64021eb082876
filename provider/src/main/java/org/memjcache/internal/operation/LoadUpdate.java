package org.memjcache.internal.operation;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/**
 * Stores a value that a loader brought. It is stored under the versions of the miss or not at all
 * ({@link OptimisticUpdater#runOnce}): a clear, or another writer, that came in between knows
 * better.
 */
final class LoadUpdate<K, V> extends EntryUpdate<K, V> {

  private final CacheContext<K, V> parts;
  private final OperationRecorder<K, V> report;
  private final V value;
  private final EncodedValue payload;
  private final boolean replace;
  private boolean expiredAtOnce;

  /**
   * Makes the step.
   *
   * @param replace whether an entry that is there is replaced
   */
  LoadUpdate(
      CacheContext<K, V> parts,
      OperationRecorder<K, V> report,
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
