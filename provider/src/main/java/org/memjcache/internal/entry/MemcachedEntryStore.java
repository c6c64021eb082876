// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.TripSize;
import org.memjcache.internal.entry.ParallelBatches.Ran;
import org.memjcache.internal.entry.lease.Lease;
import org.memjcache.internal.entry.lease.LeasedRead;
import org.memjcache.internal.entry.lease.LoadLease;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * The entries of a cache in memcached, each in an envelope under an item key that holds the
 * versions in force.
 *
 * <p>Conditional changes use cas tokens: no update is lost, whichever process made it. Thread-safe.
 */
public final class MemcachedEntryStore<K, V> implements EntryStore<K, V> {

  private final Namespace namespace;
  private final EntryKeyCodec keys;
  private final EnvelopeCodec envelopes;
  private final EntryRequests entryRequests;
  private final ValueReader<V> values;
  private final Class<K> keyType;
  private final InstantSource clock;

  /** Whether it may be noted of an entry that there is nothing to be loaded, or somebody does. */
  private final boolean notesLoads;

  private final OlderEntries<V> older;

  /**
   * Creates a store.
   *
   * @param notesLoads whether processes tell each other of their loads
   */
  public MemcachedEntryStore(
      Namespace namespace,
      EntryKeyCodec keys,
      ValueReader<V> values,
      Class<K> keyType,
      InstantSource clock,
      boolean notesLoads) {
    this.namespace = namespace;
    this.keys = keys;
    this.envelopes = values.envelopes();
    this.entryRequests = new EntryRequests(envelopes, clock);
    this.values = values;
    this.keyType = keyType;
    this.clock = clock;
    this.notesLoads = notesLoads;
    this.older = new OlderEntries<>(namespace, values, clock);
  }

  @Override
  public EntryKey encodeKey(Object key) {
    return keys.encode(key);
  }

  @Override
  public EncodedValue encodeValue(V value) {
    return envelopes.encode(value);
  }

  @Override
  public V decodeValue(EncodedValue value) {
    return values.decode(value);
  }

  /** Runs a batch for an entry under the newest versions, again and again until they held. */
  private <T> Ran<T> run(
      Operation operation, EntryKey entry, int reads, Function<VersionedBatch, T> request) {
    VersionedBatch batch = namespace.shardOf(entry).newBatch(operation, reads);
    T added = request.apply(batch);
    while (!batch.run()) {
      batch = batch.retry();
      added = request.apply(batch);
    }
    return new Ran<>(batch, added);
  }

  @Override
  public Snapshot<V> read(Operation operation, EntryKey key, boolean forChange) {
    Ran<VersionedBatch.Read> ran = run(operation, key, 1, batch -> addRead(batch, key, forChange));
    return snapshot(ran.batch(), ran.added());
  }

  @Override
  public Snapshot<V> readLeased(Operation operation, EntryKey key) {
    Lease lease = run(operation, key, 0, batch -> new Lease(batch, key)).added();
    return snapshot(lease).askedForLease(lease.isTaken());
  }

  @Override
  public List<Snapshot<V>> readForLoad(
      Operation operation, List<EntryKey> keys, @Nullable Duration life) {
    return map(
        ParallelBatches.run(
            namespace,
            operation,
            keys,
            key -> key,
            /* reads= */ false,
            (batch, key) -> new LoadLease(batch, key, life, clock)),
        ran -> snapshot(ran.added()).loadedBy(ran.added().state()));
  }

  @Override
  public void noteNothing(Operation operation, List<Snapshot<V>> seen, Duration life) {
    Map<Integer, VersionedBatch> batches = new HashMap<>();
    for (Snapshot<V> snapshot : seen) {
      CasToken token = snapshot.loading().token();
      if (token != null) {
        VersionedBatch batch = namespace.batchUnder(snapshot.versions(), operation, batches);
        LoadLease.noteNothing(batch, snapshot.itemKey(), token, life, clock);
        EntryKey entry = snapshot.versions().prefix().entryKey(snapshot.itemKey());
        if (entry != null) { // what was there before a soft clear is there no more
          batch.removeOlder(entry, clock.millis(), /* matters= */ false);
        }
      }
    }
    VersionedBatch.runAll(List.copyOf(batches.values()));
    seen.forEach(snapshot -> snapshot.loadedBy(LoadLease.State.NOTHING));
  }

  @Override
  public List<Snapshot<V>> readAll(Operation operation, List<EntryKey> keys, boolean forChange) {
    return map(
        ParallelBatches.run(
            namespace,
            operation,
            keys,
            key -> key,
            /* reads= */ true,
            (batch, key) -> addRead(batch, key, forChange)),
        ran -> snapshot(ran.batch(), ran.added()));
  }

  private static VersionedBatch.Read addRead(
      VersionedBatch batch, EntryKey key, boolean forChange) {
    if (forChange) {
      batch.requestTokens();
    }
    return batch.read(batch.prefix().itemKey(key));
  }

  private static <A, B> List<B> map(Collection<A> from, Function<A, B> each) {
    List<B> to = new ArrayList<>(from.size());
    for (A one : from) {
      to.add(each.apply(one));
    }
    return to;
  }

  private Snapshot<V> snapshot(LeasedRead read) {
    return snapshot(read.entry(), read.versions(), read.item(), read.whyMissing());
  }

  private Snapshot<V> snapshot(VersionedBatch batch, VersionedBatch.Read read) {
    return snapshot(read.key(), batch.versions(), batch.item(read), batch.whyMissing(read));
  }

  private Snapshot<V> snapshot(
      ItemKey key, Versions versions, @Nullable Item item, MissReason whyMissing) {
    if (item == null) {
      return Snapshot.absent(key, versions, values, whyMissing);
    }
    OpenedEnvelope opened = envelopes.open(key, item.flags(), item.data());
    if (opened instanceof VerifiedEnvelope envelope) {
      boolean inTime = Deadline.isAhead(envelope.deadline(), clock);
      return Snapshot.of(envelope, key, versions, item.token(), values, inTime);
    }
    return Snapshot.unreadable((UnreadableEnvelope) opened, key, versions, item.token(), values);
  }

  @Override
  public List<Outcome> change(Operation operation, List<PlannedChange<V>> changes) {
    return new ConditionalChanges<>(
            namespace, entryRequests, notesLoads ? older : null, clock, operation, changes)
        .run();
  }

  @Override
  public List<CacheException> set(
      Operation operation, List<NewEntry<K, V>> entries, LongSupplier deadlines) {
    List<CacheException> rejections = new ArrayList<>(0);
    int from = 0;
    while (from < entries.size()) {
      int to = TripSize.end(entries, from, entry -> entry.encodedValue().size());
      setInOneTrip(
          from == 0 ? operation : operation.nextPart(),
          entries.subList(from, to),
          deadlines,
          rejections);
      from = to;
    }
    return rejections;
  }

  private void setInOneTrip(
      Operation operation,
      List<NewEntry<K, V>> entries,
      LongSupplier deadlines,
      List<CacheException> rejections) {
    List<Ran<StoreRequest>> all =
        ParallelBatches.run(
            namespace,
            operation,
            entries,
            NewEntry::encodedKey,
            /* reads= */ false,
            (batch, entry) -> addSet(batch, entry, deadlines));
    for (int i = 0; i < entries.size(); i++) {
      VersionedBatch batch = all.get(i).batch();
      StoreRequest set = all.get(i).added();
      if (!batch.isLost(set) && UnstoredValues.isRejected(set)) {
        CacheException rejection =
            UnstoredValues.discard(
                batch,
                operation,
                batch.prefix().itemKey(entries.get(i).encodedKey()),
                set,
                new DeleteRequest(set.key()));
        if (!UnstoredValues.isTolerated(namespace, rejection)) {
          rejections.add(rejection);
        }
      }
    }
  }

  private StoreRequest addSet(VersionedBatch batch, NewEntry<K, V> entry, LongSupplier deadlines) {
    ItemKey key = batch.prefix().itemKey(entry.encodedKey());
    return write(
        batch,
        entry.encodedKey(),
        key,
        entryRequests.set(key, entry.encodedValue(), deadlines.getAsLong()));
  }

  @Override
  public @Nullable MissReason add(Operation operation, NewEntry<K, V> entry, long deadline) {
    EntryKey encoded = entry.encodedKey();
    Ran<StoreRequest> ran =
        run(
            operation,
            encoded,
            0,
            batch -> {
              ItemKey key = batch.prefix().itemKey(encoded);
              return write(
                  batch, encoded, key, entryRequests.add(key, entry.encodedValue(), deadline));
            });
    if (ran.batch().isLost(ran.added())) {
      return MissReason.SERVER_AWAY;
    }
    return ran.added().result() == StoreRequest.Result.STORED ? MissReason.COLD : null;
  }

  @Override
  public int delete(Operation operation, Collection<EntryKey> entries) {
    List<Ran<DeleteRequest>> all =
        ParallelBatches.run(
            namespace,
            operation,
            List.copyOf(entries),
            key -> key,
            /* reads= */ false,
            this::addDelete);
    int deleted = 0;
    for (Ran<DeleteRequest> ran : all) {
      deleted += !ran.batch().isLost(ran.added()) && ran.added().deleted() ? 1 : 0;
    }
    return deleted;
  }

  private DeleteRequest addDelete(VersionedBatch batch, EntryKey entry) {
    ItemKey key = batch.prefix().itemKey(entry);
    return write(batch, entry, key, new DeleteRequest(key.text()));
  }

  /** Adds a request that changes an entry. What was known of its loads is older. */
  private <R extends Request> R write(
      VersionedBatch batch, EntryKey entry, ItemKey key, R request) {
    batch.write(key, request, /* matters= */ true);
    if (notesLoads) {
      LoadLease.end(batch, key);
      batch.removeOlder(entry, clock.millis(), /* matters= */ true);
    }
    return request;
  }

  @Override
  public Iterator<SeenEntry<K, V>> scan(Operation operation) {
    return scanner(operation, /* removing= */ false);
  }

  @Override
  public Iterator<SeenEntry<K, V>> scanForRemoval(Operation operation) {
    return scanner(operation, /* removing= */ true);
  }

  private EntryScanner<K, V> scanner(Operation operation, boolean removing) {
    return new EntryScanner<>(
        namespace, new ListedKeys<>(keys, keyType, values), clock, operation, removing);
  }

  @Override
  public void removeLaterIfWritten(Collection<EntryKey> entries) {
    namespace.removeLaterIfWritten(entries);
  }

  @Override
  public void clear(Duration grace) {
    namespace.clear(grace);
  }

  @Override
  public boolean mayHaveOlder(Operation operation, EntryKey key) {
    return older.mayBeThere(operation, namespace.shardOf(key));
  }

  @Override
  public boolean mayHaveOlder(Operation operation, Snapshot<V> missed) {
    return older.mayBeThere(operation, missed.versions());
  }

  @Override
  public List<@Nullable Snapshot<V>> readOlder(
      Operation operation, List<EntryKey> keys, List<Snapshot<V>> missed) {
    return older.read(operation, keys, missed);
  }

  @Override
  public void endGrace(Operation operation) {
    if (notesLoads && older.mayBeThere(operation)) {
      namespace.clear();
    }
  }

  @Override
  public Map<String, Long> clears() {
    return namespace.clears();
  }

  @Override
  public String toString() {
    return namespace.toString();
  }
}
