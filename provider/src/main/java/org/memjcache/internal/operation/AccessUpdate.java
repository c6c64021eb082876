package org.memjcache.internal.operation;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.Snapshot;

/** Moves the deadline of an entry that was read. */
final class AccessUpdate<K, V> extends EntryUpdate<K, V> {

  private final Expiry expiry;

  AccessUpdate(Expiry expiry, K key, EntryKey encodedKey) {
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
