package org.memjcache.internal.entry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.Failures;
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

  /** How much is sent in one round trip, in bytes of values. */
  private static final int MAX_BYTES_PER_TRIP = 4 << 20;

  private static final int MAX_ENTRIES_PER_TRIP = 5_000;

  private final Namespace namespace;
  private final EntryKeyCodec keys;
  private final EnvelopeCodec envelopes;
  private final Class<K> keyType;
  private final InstantSource clock;

  /**
   * Creates a store.
   *
   * @param keyType what the keys that a scan finds must be instances of
   * @param clock tells which deadlines are past
   */
  public MemcachedEntryStore(
      Namespace namespace,
      EntryKeyCodec keys,
      EnvelopeCodec envelopes,
      Class<K> keyType,
      InstantSource clock) {
    this.namespace = namespace;
    this.keys = keys;
    this.envelopes = envelopes;
    this.keyType = keyType;
    this.clock = clock;
  }

  @Override
  public EntryKey encodeKey(Object key) {
    return keys.encode(key);
  }

  @Override
  public EncodedValue encodeValue(V value) {
    return envelopes.encode(value);
  }

  /**
   * Runs a batch under the newest versions, again and again until they held.
   *
   * @param reads how many items are read
   * @param requests adds the requests to a batch; called for each attempt
   */
  private VersionedBatch run(String operation, int reads, Consumer<VersionedBatch> requests) {
    VersionedBatch batch = namespace.newBatch(operation, reads);
    requests.accept(batch);
    while (!batch.run()) {
      batch = batch.retry();
      requests.accept(batch);
    }
    return batch;
  }

  @Override
  public Snapshot<V> read(String operation, EntryKey key, boolean forChange) {
    ItemRead read = new ItemRead(key, forChange);
    return snapshot(run(operation, 1, read), read);
  }

  @Override
  public List<Snapshot<V>> readAll(String operation, List<EntryKey> keys, boolean forChange) {
    List<ItemRead> reads = new ArrayList<>(keys.size());
    for (EntryKey key : keys) {
      reads.add(new ItemRead(key, forChange));
    }
    VersionedBatch batch = run(operation, keys.size(), all -> reads.forEach(r -> r.accept(all)));
    List<Snapshot<V>> snapshots = new ArrayList<>(keys.size());
    for (ItemRead read : reads) {
      snapshots.add(snapshot(batch, read));
    }
    return snapshots;
  }

  private Snapshot<V> snapshot(VersionedBatch batch, ItemRead read) {
    ItemKey key = read.itemKey();
    Versions versions = batch.versions();
    Item item = batch.item(read.read());
    if (item == null) {
      return new Snapshot<>(key, versions, null, null, batch.whyMissing(read.read()));
    }
    OpenedEnvelope opened = envelopes.open(key, item.flags(), item.data());
    if (!(opened instanceof VerifiedEnvelope envelope)) {
      MissReason reason =
          opened == UnreadableEnvelope.FORGED ? MissReason.FORGED : MissReason.DAMAGED;
      return new Snapshot<>(key, versions, item.token(), null, reason);
    }
    boolean live = Deadline.isAhead(envelope.deadline(), clock);
    return new Snapshot<>(
        key, versions, item.token(), live ? envelope : null, MissReason.PAST_DEADLINE);
  }

  @Override
  public List<Outcome> change(String operation, List<PlannedChange<V>> changes) {
    List<@Nullable Request> requests = new ArrayList<>(changes.size());
    boolean any = false;
    boolean lost = false;
    for (PlannedChange<V> change : changes) {
      Request request = request(change);
      requests.add(request);
      any |= request != null;
      lost |= change.before().isAway() && change.outdatesEntry();
    }
    List<Outcome> outcomes = new ArrayList<>(changes.size());
    if (!any) {
      if (lost) {
        namespace.markForClear();
      }
      changes.forEach(change -> outcomes.add(Outcome.DONE));
      return outcomes;
    }
    VersionedBatch batch = newBatchUnder(changes.get(0).before().versions(), operation, lost);
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      if (request != null) {
        PlannedChange<V> change = changes.get(i);
        batch.write(change.before().itemKey().text(), request, change.outdatesEntry());
      }
    }
    boolean held = batch.run();
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      outcomes.add(
          request == null
              ? Outcome.DONE
              : outcome(operation, batch, held, changes.get(i), request));
    }
    return outcomes;
  }

  /**
   * Begins a batch, and then marks the namespace if a change is lost with its server: marked
   * before, it would be cleared by this very operation, which would conflict with itself.
   */
  private VersionedBatch newBatchUnder(Versions versions, String operation, boolean lost) {
    try {
      return namespace.newBatchUnder(versions, operation, 0);
    } finally {
      if (lost) {
        namespace.markForClear();
      }
    }
  }

  private Outcome outcome(
      String operation,
      VersionedBatch batch,
      boolean held,
      PlannedChange<V> change,
      Request request) {
    if (change.change() instanceof Change.Touch || (held && batch.isLost(request))) {
      return Outcome.DONE;
    }
    if (!held) {
      return Outcome.CONFLICT;
    }
    if (request instanceof StoreRequest store && RejectedValue.isRejected(store)) {
      // No newer item is removed that another process stored meanwhile.
      return Outcome.rejected(
          RejectedValue.discard(namespace, operation, store, removal(change.before())));
    }
    if (isMade(request)) {
      return Outcome.DONE;
    }
    namespace.metrics().recordConflict();
    return Outcome.CONFLICT;
  }

  private static boolean isMade(Request request) {
    return request instanceof StoreRequest store
        ? store.result() == StoreRequest.Result.STORED
        : request instanceof CompareAndDeleteRequest deletion
            && deletion.result() == CompareAndDeleteRequest.Result.DELETED;
  }

  /** Returns what the change needs to be made in memcached, null if nothing. */
  private @Nullable Request request(PlannedChange<V> planned) {
    Snapshot<V> before = planned.before();
    if (before.isAway()) {
      return null;
    }
    Change change = planned.change();
    if (change instanceof Change.Store store) {
      return store.inTime()
          ? storage(
              before,
              envelopes.seal(before.itemKey(), store.value(), store.deadline()),
              store.deadline())
          : removal(before);
    }
    if (change instanceof Change.Touch touch) {
      return touch.deadline() == before.deadline() ? null : touch(before, touch.deadline());
    }
    return change == Change.Simple.REMOVE ? removal(before) : null;
  }

  private @Nullable Request touch(Snapshot<V> before, long deadline) {
    return Deadline.isAhead(deadline, clock)
        ? storage(before, before.envelope().resealed(before.itemKey(), deadline), deadline)
        : removal(before);
  }

  private static @Nullable Request removal(Snapshot<?> before) {
    CasToken token = before.token();
    return token == null ? null : new CompareAndDeleteRequest(before.itemKey().text(), token);
  }

  private StoreRequest storage(Snapshot<V> before, Envelope envelope, long deadline) {
    ItemKey key = before.itemKey();
    CasToken token = before.token();
    return token == null
        ? add(key, envelope, deadline)
        : StoreRequest.cas(
            key.text(), envelope.flags(), exptime(deadline), envelope.bytes(), token);
  }

  private StoreRequest add(ItemKey key, Envelope envelope, long deadline) {
    return StoreRequest.add(key.text(), envelope.flags(), exptime(deadline), envelope.bytes());
  }

  private int exptime(long deadline) {
    return Exptime.of(deadline, clock.millis());
  }

  @Override
  public void set(String operation, List<NewEntry<K, V>> entries, long deadline) {
    int from = 0;
    while (from < entries.size()) {
      int to = from;
      long bytes = 0;
      while (to < entries.size()
          && to - from < MAX_ENTRIES_PER_TRIP
          && bytes < MAX_BYTES_PER_TRIP) {
        bytes += entries.get(to++).encodedValue().size();
      }
      setInOneTrip(operation, entries.subList(from, to), deadline);
      from = to;
    }
  }

  private void setInOneTrip(String operation, List<NewEntry<K, V>> entries, long deadline) {
    List<StoreRequest> sets = new ArrayList<>(entries.size());
    VersionedBatch batch =
        run(
            operation,
            0,
            trip -> {
              sets.clear();
              for (NewEntry<K, V> entry : entries) {
                ItemKey key = trip.prefix().itemKey(entry.encodedKey());
                Envelope envelope = envelopes.seal(key, entry.encodedValue(), deadline);
                StoreRequest set =
                    StoreRequest.set(
                        key.text(), envelope.flags(), exptime(deadline), envelope.bytes());
                sets.add(trip.write(key.text(), set, true));
              }
            });
    Failures rejections = new Failures();
    for (StoreRequest set : sets) {
      if (!batch.isLost(set) && RejectedValue.isRejected(set)) {
        rejections.add(
            RejectedValue.discard(namespace, operation, set, new DeleteRequest(set.key())));
      }
    }
    rejections.throwIfAny();
  }

  @Override
  public boolean add(String operation, NewEntry<K, V> entry, long deadline) {
    StoreRequest[] add = new StoreRequest[1];
    VersionedBatch batch =
        run(
            operation,
            0,
            trip -> {
              ItemKey key = trip.prefix().itemKey(entry.encodedKey());
              Envelope envelope = envelopes.seal(key, entry.encodedValue(), deadline);
              add[0] = trip.write(key.text(), add(key, envelope, deadline), true);
            });
    return batch.isLost(add[0]) || add[0].result() == StoreRequest.Result.STORED;
  }

  @Override
  public int delete(String operation, Collection<EntryKey> entries) {
    List<DeleteRequest> deletes = new ArrayList<>(entries.size());
    VersionedBatch batch =
        run(
            operation,
            0,
            trip -> {
              deletes.clear();
              for (EntryKey entry : entries) {
                String key = trip.prefix().itemKey(entry).text();
                deletes.add(trip.write(key, new DeleteRequest(key), true));
              }
            });
    int deleted = 0;
    for (DeleteRequest delete : deletes) {
      deleted += !batch.isLost(delete) && delete.deleted() ? 1 : 0;
    }
    return deleted;
  }

  @Override
  public Iterator<SeenEntry<K, V>> scan(String operation) {
    Versions inForce = run(operation, 0, batch -> {}).versions();
    return new EntryScanner<>(
        namespace, new ListedKeys<>(keys, keyType, envelopes), clock, operation, inForce);
  }

  @Override
  public void clear() {
    namespace.clear();
  }

  @Override
  public Map<String, Long> clears() {
    return namespace.clears();
  }

  /** Returns the name of the cache's namespace, as messages have it. */
  @Override
  public String toString() {
    return namespace.toString();
  }
}
