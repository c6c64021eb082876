// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.common.Operation;

/**
 * What a {@link VersionedBatch} writes: the items under its versions, along with the removal of
 * what could still be served under older ones; and which entries have to be removed later, because
 * a write was lost. Used by one thread.
 */
final class BatchWrites {

  private final VersionedBatch batch;
  private List<Write> writes = List.of();

  /** Null until they are asked for. */
  private @Nullable List<Versions> older;

  /**
   * A request that writes or removes an item.
   *
   * @param matters whether an older value would be wrong, if the request is lost
   * @param pendingEntry the entry, if its removal was pending
   */
  private record Write(
      ItemKey key, Request request, boolean matters, @Nullable EntryKey pendingEntry) {

    /**
     * Returns what becomes of a request that may put a value in the place of what is there when it
     * is carried out late; null if it doesn't do that.
     */
    @Nullable LateResponse lateStore() {
      return request instanceof StoreRequest store
              && !store.isConditional()
              && store.key().equals(key.text()) // and not a lease on the entry
          ? store.lateResponse()
          : null;
    }
  }

  BatchWrites(VersionedBatch batch) {
    this.batch = batch;
  }

  /**
   * Adds a request that writes or removes an item, or is about it and goes to its server.
   *
   * @param matters whether an older value would be wrong, if the request is lost
   */
  void add(ItemKey key, Request request, boolean matters) {
    Write write = new Write(key, request, matters, batch.pendingEntry(key));
    if (writes.isEmpty()) {
      writes = List.of(write); // most batches have no other
      return;
    }
    if (writes.size() == 1) {
      writes = new ArrayList<>(writes);
    }
    writes.add(write);
  }

  /**
   * Adds the removal of what is stored of an entry under older versions; returns the requests.
   *
   * @param now in milliseconds since 1970
   * @throws RequestFailedException if the server doesn't answer
   */
  List<DeleteRequest> addRemovalsOfOlder(
      Operation operation, EntryKey entry, long now, boolean matters) {
    if (older == null) {
      older = batch.shard().olderIfAnswered(operation, batch.versions(), now);
    }
    if (older.isEmpty()) {
      return List.of();
    }
    List<DeleteRequest> removals = new ArrayList<>(older.size());
    for (Versions each : older) {
      DeleteRequest removal = new DeleteRequest(each.prefix().itemKey(entry).text());
      add(batch.prefix().itemKey(entry), removal, matters);
      removals.add(removal);
    }
    return removals;
  }

  /** Adds the requests to a trip, those left out whose entry may be outdated. */
  void addTo(RoundTrip trip, int server) {
    for (Write write : writes) {
      if (!batch.isOutdated(write.pendingEntry)) {
        trip.add(server, write.request);
      }
    }
  }

  /** Returns whether a request was left out. */
  boolean isLeftOut(Request request) {
    for (Write write : writes) {
      if (write.request == request) {
        return batch.isOutdated(write.pendingEntry);
      }
    }
    return false;
  }

  /**
   * Returns the first failure; one that isn't of the server goes before those that are.
   *
   * @param ofReads the failure of what was read before, if there is one
   */
  @Nullable RequestFailedException failure(@Nullable RequestFailedException ofReads) {
    Request first = null;
    for (Write write : writes) {
      if (write.request.failsBefore(first)) {
        first = write.request;
      }
    }
    if (first == null || (ofReads != null && !ofReads.isOfServer())) {
      return ofReads;
    }
    RequestFailedException ofWrites = first.failure();
    return ofReads == null || (ofWrites != null && !ofWrites.isOfServer()) ? ofWrites : ofReads;
  }

  /** Returns how many bytes of values are stored. */
  long bytes() {
    long bytes = 0;
    for (Write write : writes) {
      bytes += write.request instanceof StoreRequest store ? store.size() : 0;
    }
    return bytes;
  }

  /**
   * Remembers what has to be removed before this process uses it again.
   *
   * @param olderValues whether that goes for those whose older value would be wrong, or only for
   *     those that may get a late value
   */
  void markLost(boolean olderValues) {
    Shard shard = batch.shard();
    KeyPrefix prefix = batch.prefix();
    for (Write write : writes) {
      if (batch.isLost(write.request)) {
        LateResponse late = write.lateStore();
        if (late != null && !shard.namespace().isTolerant()) {
          // the caller is told that it is unknown
          late = late.orConnectionEnded();
        }
        if (late != null || (olderValues && write.matters)) {
          shard.markForRemoval(prefix.entryKey(write.key), late);
        }
      }
    }
  }
}
