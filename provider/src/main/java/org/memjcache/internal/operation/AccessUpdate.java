package org.memjcache.internal.operation;

import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;

/** Moves the deadline of an entry that was read. */
final class AccessUpdate<K, V> extends EntryUpdate<K, V> {

  private final Expiry expiry;

  AccessUpdate(Expiry expiry, SeenEntry<K, V> seen) {
    super(seen.key(), seen.encodedKey());
    this.expiry = expiry;
  }

  @Override
  Change decide(Snapshot<V> entry) {
    return entry.isLive() ? expiry.touch(entry) : Change.Simple.KEEP;
  }
}
