// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.OlderVersions;
import org.memjcache.internal.namespace.Shard;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * Reads entries that were cleared softly, for as long as they may be served while they are loaded.
 *
 * <p>They are where they were, under older versions. Whoever changes an entry removes what is there
 * ({@link VersionedBatch#removeOlder}), so that only what nobody has touched since the clear is
 * found. Thread-safe.
 */
final class OlderEntries<V> {

  private final Namespace namespace;
  private final ValueReader<V> values;
  private final InstantSource clock;

  OlderEntries(Namespace namespace, ValueReader<V> values, InstantSource clock) {
    this.namespace = namespace;
    this.values = values;
    this.clock = clock;
  }

  /** Returns whether anything may be served in place of any entry. */
  boolean mayBeThere(Operation operation) {
    return namespace.shards().stream().anyMatch(shard -> mayBeThere(operation, shard));
  }

  /** Returns whether anything may be served of what a server has. */
  boolean mayBeThere(Operation operation, Shard shard) {
    return mayBeThere(operation, shard.newest(operation));
  }

  /** Returns whether anything may be served of what a server has, while versions are in force. */
  boolean mayBeThere(Operation operation, Versions present) {
    return !older(operation, present).isEmpty();
  }

  private List<Versions> older(Operation operation, Versions present) {
    return present.areKnown()
        ? namespace.shard(present.server()).older(operation, present, clock.millis())
        : List.of();
  }

  /** The reads of one server, of entries that were missed under the same versions. */
  private static final class Part {
    final VersionedBatch batch;
    final OlderVersions versions;
    final List<Versions> candidates;

    Part(Shard shard, Versions present, Operation operation, List<Versions> candidates) {
      this.batch = shard.newBatchUnder(present, operation, candidates.size());
      this.versions = batch.readOlder();
      this.candidates = candidates;
    }
  }

  /** Does {@link EntryStore#readOlder}. */
  List<@Nullable Snapshot<V>> read(
      Operation operation, List<EntryKey> keys, List<Snapshot<V>> missed) {
    Map<Versions, @Nullable Part> parts = new HashMap<>();
    List<List<VersionedBatch.Read>> reads = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      Versions present = missed.get(i).versions();
      if (!parts.containsKey(present)) {
        parts.put(present, part(operation, present));
      }
      Part part = parts.get(present);
      List<VersionedBatch.Read> ofEntry = new ArrayList<>(1);
      if (part != null) {
        for (Versions older : part.candidates) {
          ofEntry.add(part.batch.read(older.prefix().itemKey(keys.get(i))));
        }
      }
      reads.add(ofEntry);
    }
    List<VersionedBatch> batches = new ArrayList<>(1);
    parts.values().forEach(part -> addBatch(batches, part));
    if (batches.isEmpty()) {
      return Collections.nCopies(keys.size(), null);
    }
    VersionedBatch.runAll(batches);
    List<@Nullable Snapshot<V>> found = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      Part part = parts.get(missed.get(i).versions());
      found.add(part == null || !part.batch.held() ? null : find(part, reads.get(i)));
    }
    return found;
  }

  private static void addBatch(List<VersionedBatch> batches, @Nullable Part part) {
    if (part != null) {
      batches.add(part.batch);
    }
  }

  /** Begins to read what is there beside the present versions; null if there is nothing. */
  private @Nullable Part part(Operation operation, Versions present) {
    List<Versions> candidates = older(operation, present);
    return candidates.isEmpty()
        ? null
        : new Part(namespace.shard(present.server()), present, operation, candidates);
  }

  private @Nullable Snapshot<V> find(Part part, List<VersionedBatch.Read> reads) {
    List<Versions> served = part.versions.all(clock.millis());
    for (int i = 0; i < reads.size(); i++) {
      Versions versions = part.candidates.get(i);
      Item item = part.batch.item(reads.get(i));
      if (item != null && served.stream().anyMatch(one -> isSame(one, versions))) {
        Snapshot<V> seen = snapshot(reads.get(i), item, versions);
        if (seen != null && seen.isLive()) {
          return seen;
        }
      }
    }
    return null;
  }

  private static boolean isSame(Versions one, Versions other) {
    return one.prefix().equals(other.prefix());
  }

  private @Nullable Snapshot<V> snapshot(VersionedBatch.Read read, Item item, Versions versions) {
    return values.envelopes().open(read.key(), item.flags(), item.data())
            instanceof VerifiedEnvelope envelope
        ? Snapshot.older(
            envelope, read.key(), versions, values, Deadline.isAhead(envelope.deadline(), clock))
        : null;
  }
}
