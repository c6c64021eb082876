// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry.lease;

import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.StoredKey;
import org.memjcache.internal.namespace.VersionedBatch;

/**
 * The item by which a process tells others that it is about to change an entry. It lies on the
 * server of the entry, under the entry's versions, and is empty: that it is there says all.
 *
 * <p>A lease is advice. Whether a change is made is for the cas token to decide, so one that is
 * lost, expired, or deleted by another process costs a conflict and never an update.
 *
 * <p>Its key is the item key with {@code !} in the place of the last {@code :}. So it has one
 * colon, and no entry's key is like it, which has two; a version key has no {@code !} after its
 * colon. No iteration lists it, because the token in front of it doesn't end in a colon.
 */
public final class Lease extends LeasedRead {

  /** How long a lease stays if its process dies, in seconds: memcached counts no less than one. */
  private static final int EXPTIME = 2;

  private static final byte[] EMPTY = new byte[0];

  private static final char MARK = StoredKey.LEASE_MARK;

  /**
   * Adds to a batch the request for a lease on an entry, and then the read of the entry: what the
   * one who has given the lease back did is seen.
   */
  public Lease(VersionedBatch batch, EntryKey key) {
    super(
        batch,
        key,
        MARK,
        lease -> StoreRequest.add(lease, 0, EXPTIME, EMPTY),
        /* isLeaseRead= */ false);
  }

  /** Returns whether another process has it. */
  public boolean isTaken() {
    return taken() == StoreRequest.Result.NOT_STORED;
  }

  static String keyOf(ItemKey entry) {
    return keyOf(entry, MARK);
  }

  /** Adds the request that gives a lease back, for others to take. */
  public static void giveBack(VersionedBatch batch, ItemKey entry) {
    batch.write(entry, new DeleteRequest(keyOf(entry)), /* matters= */ false);
  }
}
