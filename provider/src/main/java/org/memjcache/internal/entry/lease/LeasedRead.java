// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry.lease;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * The read of an entry, after the request for an item beside it, in one round trip. Used by one
 * thread.
 */
public abstract class LeasedRead {

  private final VersionedBatch batch;
  private final ItemKey entry;
  private final @Nullable StoreRequest take;
  private final GetRequest read;

  /**
   * Adds the requests to a batch.
   *
   * @param mark in the key of the item beside the entry
   * @param take makes the request for that item from its key; null for none
   * @param isLeaseRead whether that item is read, too
   */
  LeasedRead(
      VersionedBatch batch,
      EntryKey key,
      char mark,
      @Nullable Function<String, StoreRequest> take,
      boolean isLeaseRead) {
    this.batch = batch;
    this.entry = batch.prefix().itemKey(key);
    String lease = keyOf(entry, mark);
    this.take = take == null ? null : batch.write(entry, take.apply(lease), /* matters= */ false);
    List<String> keys = isLeaseRead ? List.of(entry.text(), lease) : List.of(entry.text());
    this.read = batch.write(entry, new GetRequest(keys, /* withCas= */ true), /* matters= */ false);
  }

  /** Returns what became of the request for the item beside the entry; null if that isn't known. */
  final StoreRequest.@Nullable Result taken() {
    return take == null || batch.isLost(take) ? null : take.result();
  }

  /** Returns the item beside the entry, null if there is none to be had. */
  final @Nullable Item lease() {
    return batch.isLost(read) ? null : read.item(1);
  }

  /** Returns the key of the entry. */
  public final ItemKey entry() {
    return entry;
  }

  /** Returns what was in force. */
  public final Versions versions() {
    return batch.versions();
  }

  /** Returns the item of the entry, null if there is none to be had. */
  public final @Nullable Item item() {
    return batch.isLost(read) ? null : read.item(0);
  }

  /** Returns why there is no item of the entry. */
  public final MissReason whyMissing() {
    return batch.isLost(read) ? MissReason.SERVER_AWAY : MissReason.COLD;
  }

  /** Returns the key of an item beside that of an entry, by the mark in place of its last colon. */
  static String keyOf(ItemKey entry, char mark) {
    int colon = entry.text().lastIndexOf(':');
    return entry.text().substring(0, colon) + mark + entry.text().substring(colon + 1);
  }
}
