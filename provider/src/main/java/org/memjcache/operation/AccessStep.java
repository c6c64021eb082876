package org.memjcache.operation;

import org.memjcache.codec.EntryKey;

/** Moves the deadline of an entry that was read. */
final class AccessStep<K, V> extends Step<K, V> {

  private final Expiry expiry;

  AccessStep(Expiry expiry, K key, EntryKey encodedKey) {
    super(key, encodedKey);
    this.expiry = expiry;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    return entry.isLive()
        ? new Change.Touch(expiry.afterAccess(entry.deadline()))
        : Change.nothing();
  }
}
