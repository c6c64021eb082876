// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.LineRequest;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Interrupts;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.lease.Lease;
import org.memjcache.internal.entry.lease.LoadLease;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * Makes changes of entries in one round trip, each only if the entry is still what was seen, and
 * along with them ends leases and what could still be served of the entries.
 *
 * <p>Used once, by one thread.
 */
final class ConditionalChanges<V> {

  private final Namespace namespace;
  private final @Nullable OlderEntries<V> older;
  private final InstantSource clock;
  private final Operation operation;
  private final List<PlannedChange<V>> changes;

  /** What is sent for each change; null if nothing is. */
  private final List<@Nullable LineRequest> requests;

  /** By server. */
  private final Map<Integer, VersionedBatch> batches = new HashMap<>();

  /**
   * Plans the changes.
   *
   * @param older what could be served of entries that were cleared softly; null if processes don't
   *     tell each other of their loads
   */
  ConditionalChanges(
      Namespace namespace,
      EntryRequests entryRequests,
      @Nullable OlderEntries<V> older,
      InstantSource clock,
      Operation operation,
      List<PlannedChange<V>> changes) {
    this.namespace = namespace;
    this.older = older;
    this.clock = clock;
    this.operation = operation;
    this.changes = changes;
    this.requests = new ArrayList<>(changes.size());
    changes.forEach(change -> requests.add(entryRequests.change(change)));
  }

  /** Makes them; returns what became of each, in the same order. */
  List<Outcome> run() {
    for (PlannedChange<V> change : changes) {
      if (change.before().isAway() && change.outdatesEntry()) {
        Versions versions = change.before().versions();
        namespace.shard(versions.server()).markForRemoval(versions, change.before().itemKey());
      }
    }
    for (int i = 0; i < requests.size(); i++) {
      add(changes.get(i), requests.get(i));
    }
    Runnable trip = () -> VersionedBatch.runAll(List.copyOf(batches.values()));
    if (changes.stream().allMatch(planned -> planned.change() == Change.Simple.KEEP)) {
      Interrupts.putAside(trip); // it gives back leases, if anything, which others wait for
    } else {
      trip.run();
    }
    List<Outcome> outcomes = new ArrayList<>(changes.size());
    for (int i = 0; i < requests.size(); i++) {
      PlannedChange<V> change = changes.get(i);
      VersionedBatch batch = batches.get(change.before().versions().server());
      outcomes.add(outcome(batch, change, requests.get(i)));
    }
    return outcomes;
  }

  private void add(PlannedChange<V> change, @Nullable LineRequest request) {
    Snapshot<V> before = change.before();
    boolean endsLoad =
        before.isLoadLeased() || (older != null && request != null && change.outdatesEntry());
    EntryKey changed = changedEntry(change);
    if (request == null && !before.isLeased() && !endsLoad && changed == null) {
      return; // nothing is to be sent for it
    }
    VersionedBatch batch = namespace.batchUnder(before.versions(), operation, batches);
    if (request != null) {
      batch.write(before.itemKey(), request, change.outdatesEntry());
    }
    if (before.isLeased()) {
      Lease.giveBack(batch, before.itemKey());
    }
    if (endsLoad) {
      LoadLease.end(batch, before.itemKey());
    }
    if (changed != null) {
      batch.removeOlder(changed, clock.millis(), change.outdatesEntry());
    }
  }

  /**
   * Returns the entry of a change after which nothing older may be served; null if there is none.
   */
  private @Nullable EntryKey changedEntry(PlannedChange<?> change) {
    Snapshot<?> before = change.before();
    return older != null && change.change().outdatesEntry() && !before.isAway()
        ? before.versions().prefix().entryKey(before.itemKey())
        : null;
  }

  private Outcome outcome(
      @Nullable VersionedBatch batch, PlannedChange<V> change, @Nullable LineRequest request) {
    if (change.before().isAway() && change.change() != Change.Simple.KEEP) {
      return Outcome.LOST;
    }
    if (request == null) {
      return isOlderLeft(batch, change) ? Outcome.CONFLICT : Outcome.DONE;
    }
    if (batch == null || change.change() instanceof Change.Touch) {
      return Outcome.DONE;
    }
    if (batch.held() && batch.isLost(request)) {
      return Outcome.LOST;
    }
    if (!batch.held()) {
      return Outcome.CONFLICT;
    }
    if (request instanceof StoreRequest store && UnstoredValues.isRejected(store)) {
      // No newer item is removed that another process stored meanwhile.
      CacheException rejection =
          UnstoredValues.discard(
              batch,
              operation,
              change.before().itemKey(),
              store,
              EntryRequests.removal(change.before()));
      return UnstoredValues.isTolerated(namespace, rejection)
          ? Outcome.LOST
          : Outcome.rejected(rejection);
    }
    if (isMade(request)) {
      return Outcome.DONE;
    }
    namespace.metrics().recordConflict();
    return Outcome.CONFLICT;
  }

  /** Returns whether the entry is gone, but not what could be served of it after a soft clear. */
  private boolean isOlderLeft(@Nullable VersionedBatch batch, PlannedChange<?> change) {
    return older != null
        && batch != null
        && !batch.held()
        && changedEntry(change) != null
        && older.mayBeThere(operation, batch.shard());
  }

  private static boolean isMade(LineRequest request) {
    return request instanceof StoreRequest store
        ? store.result() == StoreRequest.Result.STORED
        : request instanceof CompareAndDeleteRequest deletion
            && deletion.result() == CompareAndDeleteRequest.Result.DELETED;
  }
}
