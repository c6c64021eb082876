package org.memjcache.internal.entry.lease;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * The item by which a process tells others that it is about to change an entry. It lies on the
 * server of the entry, under the entry's versions, and is empty: that it is there says all.
 *
 * <p>A lease is advice. Whether a change is made is for the cas token to decide, so one that is
 * lost, expired, or deleted by another process costs a conflict and never an update.
 *
 * <p>Its key is the item key with {@code !} in the place of the last {@code :}. So it has one
 * colon, and no entry's key is like it, which has two; a version key ends in {@code :version} and
 * has no {@code !} after its colon. No iteration lists it, because the token in front of it doesn't
 * end in a colon.
 */
public final class Lease {

  /** How long a lease stays if its process dies, in seconds: memcached counts no less than one. */
  private static final int EXPTIME = 2;

  private static final byte[] EMPTY = new byte[0];

  private static final char MARK = '!';

  private final VersionedBatch batch;
  private final ItemKey entry;
  private final StoreRequest take;
  private final GetRequest read;

  /**
   * Adds to a batch the request for a lease on an entry, and then the read of the entry: what the
   * one who has given the lease back did is seen.
   */
  public Lease(VersionedBatch batch, EntryKey key) {
    this.batch = batch;
    entry = batch.prefix().itemKey(key);
    take = StoreRequest.add(keyOf(entry), 0, EXPTIME, EMPTY);
    read = new GetRequest(List.of(entry.text()), /* withCas= */ true);
    batch.write(entry, take, /* matters= */ false);
    batch.write(entry, read, /* matters= */ false);
  }

  /** Returns the key of the entry. */
  public ItemKey entry() {
    return entry;
  }

  /** Returns what was in force. */
  public Versions versions() {
    return batch.versions();
  }

  /** Returns the item of the entry, null if there is none to be had. */
  public @Nullable Item item() {
    return batch.isLost(read) ? null : read.item(0);
  }

  /** Returns why there is no item of the entry. */
  public MissReason whyMissing() {
    return batch.isLost(read) ? MissReason.SERVER_AWAY : MissReason.COLD;
  }

  /** Returns whether another process has it. */
  public boolean isTaken() {
    return !batch.isLost(take) && take.result() == StoreRequest.Result.NOT_STORED;
  }

  static String keyOf(ItemKey entry) {
    return keyOf(entry, MARK);
  }

  /** Returns the key of an item beside that of an entry, by the mark in place of its last colon. */
  static String keyOf(ItemKey entry, char mark) {
    int colon = entry.text().lastIndexOf(':');
    return entry.text().substring(0, colon) + mark + entry.text().substring(colon + 1);
  }

  /** Adds the request that gives a lease back, for others to take. */
  public static void giveBack(VersionedBatch batch, ItemKey entry) {
    batch.write(entry, new DeleteRequest(keyOf(entry)), /* matters= */ false);
  }
}
