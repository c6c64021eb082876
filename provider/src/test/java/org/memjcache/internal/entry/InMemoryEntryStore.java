// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.entry.lease.LoadLease;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Versions;

/**
 * The entries of a cache in a map, with {@code failure=miss}: what operations see is what they see
 * in memcached ({@link EntryStoreContractTest}). Counts the round trips that memcached would have
 * seen, and lets a test come in between any two of them. Several threads may use it, though two
 * that change an entry at the same moment may come in between of each other.
 */
public final class InMemoryEntryStore<K, V> implements EntryStore<K, V> {

  private static final PathKey PATH = PathKey.of(List.of("memory"));

  private final EntryKeyCodec keys;
  private final EnvelopeCodec envelopes;
  private final ValueReader<V> values;
  private final Class<K> keyType;
  private final InstantSource clock;
  private final Map<String, Item> items = Collections.synchronizedMap(new LinkedHashMap<>());
  private final Set<String> leases = ConcurrentHashMap.newKeySet();
  private final Map<String, LoadLease.State> loads = new ConcurrentHashMap<>();
  private final List<String> trips = Collections.synchronizedList(new ArrayList<>());
  private Consumer<String> beforeTrip = kind -> {};
  private boolean interrupted;
  private int maxSize = 1 << 20;
  private long unique;
  private long clears = 1;
  private Versions versions = Versions.of(0, new long[] {clears}, PATH);
  private boolean away;
  private boolean pendingClear;
  private boolean isTolerant = true;
  private final List<EntryKey> removedLater = new ArrayList<>();

  public InMemoryEntryStore(Class<K> keyType, Class<V> valueType, InstantSource clock) {
    this(keyType, valueType, clock, AllowList.jdkTypes());
  }

  /** Creates a store of values of the application's own classes. */
  public InMemoryEntryStore(
      Class<K> keyType, Class<V> valueType, InstantSource clock, AllowList allowed) {
    JavaSerializer serializer = new JavaSerializer(ClassLookup.of(null), allowed);
    this.keys = new EntryKeyCodec(serializer);
    this.envelopes = new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING));
    this.values = new ValueReader<>(envelopes, valueType, false);
    this.keyType = keyType;
    this.clock = clock;
  }

  /** Returns what is to be removed before it is served, because a change of it has failed. */
  public List<EntryKey> removedLater() {
    return removedLater;
  }

  @Override
  public void removeLaterIfWritten(Collection<EntryKey> keys) {
    removedLater.addAll(keys);
  }

  /** Returns the round trips so far, such as {@code read}, {@code change} or {@code set}. */
  public List<String> trips() {
    return trips;
  }

  /** Runs something, which may use this store, before each round trip; it is told which. */
  public void beforeTrip(Consumer<String> work) {
    beforeTrip = work;
  }

  /** Makes the server go away, or come back. */
  public void setAway(boolean isAway) {
    away = isAway;
  }

  /** Makes the server reject values that take more; with 0 it has no memory left at all. */
  public void setMaxSize(int bytes) {
    maxSize = bytes;
  }

  /** Makes values that the server rejects an error, as with {@code failure=throw}. */
  public void throwRejections() {
    isTolerant = false;
  }

  /** Makes the item of an entry, there or not, one that can't be read. */
  public void damage(EntryKey entry) {
    write(itemKey(entry).text(), 0, "?".getBytes(StandardCharsets.US_ASCII));
  }

  private void trip(String kind) {
    if (!away && pendingClear) {
      forceClear();
    }
    if (!interrupted) {
      trips.add(kind);
      interrupted = true;
      beforeTrip.accept(kind);
      interrupted = false;
    }
  }

  private void forceClear() {
    versions = Versions.of(0, new long[] {++clears}, PATH);
    pendingClear = false;
  }

  private ItemKey itemKey(EntryKey entry) {
    return versions.prefix().itemKey(entry);
  }

  private void write(String key, int flags, byte[] data) {
    items.put(key, new Item(key, flags, new CasToken(++unique, 1), data));
    loads.remove(key);
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

  @Override
  public Snapshot<V> read(Operation operation, EntryKey key, boolean forChange) {
    return readAll(operation, List.of(key), forChange).get(0);
  }

  @Override
  public List<Snapshot<V>> readAll(Operation operation, List<EntryKey> entries, boolean forChange) {
    trip("read");
    return entries.stream().map(entry -> snapshot(itemKey(entry), forChange)).toList();
  }

  @Override
  public List<Snapshot<V>> readForLoad(
      Operation operation, List<EntryKey> asked, @Nullable Duration life) {
    trip("readForLoad");
    List<Snapshot<V>> seen = new ArrayList<>();
    for (EntryKey key : asked) {
      Snapshot<V> snapshot = snapshot(itemKey(key), true);
      if (!away) {
        String item = itemKey(key).text();
        LoadLease.State before = loads.get(item);
        if (before == null && life != null) {
          loads.put(item, LoadLease.State.ELSEWHERE);
          before =
              new LoadLease.State(LoadLease.State.Holder.THIS_OPERATION, new CasToken(++unique, 1));
        }
        snapshot.loadedBy(before == null ? LoadLease.State.FREE : before);
      }
      seen.add(snapshot);
    }
    return seen;
  }

  @Override
  public void noteNothing(Operation operation, List<Snapshot<V>> seen, Duration life) {
    trip("noteNothing");
    if (!away) {
      seen.forEach(
          snapshot ->
              loads.computeIfPresent(
                  snapshot.itemKey().text(), (key, before) -> LoadLease.State.NOTHING));
    }
    seen.forEach(snapshot -> snapshot.loadedBy(LoadLease.State.NOTHING));
  }

  @Override
  public Snapshot<V> readLeased(Operation operation, EntryKey key) {
    Snapshot<V> seen = read(operation, key, true);
    boolean isTaken = !away && !leases.add(seen.itemKey().text());
    return seen.askedForLease(isTaken);
  }

  private Snapshot<V> snapshot(ItemKey key, boolean forChange) {
    Item item = items.get(key.text());
    if (away || item == null) {
      MissReason reason = away ? MissReason.SERVER_AWAY : MissReason.COLD;
      return Snapshot.absent(key, versions, values, reason);
    }
    CasToken token = forChange ? item.token() : CasToken.NONE;
    OpenedEnvelope opened = envelopes.open(key, item.flags(), item.data());
    if (!(opened instanceof VerifiedEnvelope envelope)) {
      return Snapshot.unreadable((UnreadableEnvelope) opened, key, versions, token, values);
    }
    boolean inTime = Deadline.isAhead(envelope.deadline(), clock);
    return Snapshot.of(envelope, key, versions, token, values, inTime);
  }

  @Override
  public List<Outcome> change(Operation operation, List<PlannedChange<V>> changes) {
    List<@Nullable Supplier<Outcome>> writes = new ArrayList<>();
    changes.forEach(change -> writes.add(write(operation, change)));
    boolean any = writes.stream().anyMatch(write -> write != null);
    boolean isLeased =
        changes.stream()
            .anyMatch(change -> change.before().isLeased() || change.before().isLoadLeased());
    if (any || isLeased) {
      trip("change");
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < writes.size(); i++) {
      Supplier<Outcome> write = writes.get(i);
      if (changes.get(i).before().isAway() && changes.get(i).change() != Change.Simple.KEEP) {
        outcomes.add(Outcome.LOST);
      } else {
        outcomes.add(write == null ? Outcome.DONE : outcome(changes.get(i), write));
      }
      if (changes.get(i).before().isLeased()) {
        leases.remove(changes.get(i).before().itemKey().text());
      }
      if (changes.get(i).before().isLoadLeased() && !away) {
        loads.remove(changes.get(i).before().itemKey().text());
      }
    }
    return outcomes;
  }

  private Outcome outcome(PlannedChange<V> planned, Supplier<Outcome> write) {
    boolean held = planned.before().versions() == versions;
    if (away && held) {
      pendingClear |= planned.outdatesEntry();
      return Outcome.LOST;
    }
    Outcome outcome = held ? write.get() : Outcome.CONFLICT;
    return planned.change() instanceof Change.Touch ? Outcome.DONE : outcome;
  }

  /** Returns what makes a change, null if there is nothing to be made. */
  private @Nullable Supplier<Outcome> write(Operation operation, PlannedChange<V> planned) {
    Snapshot<V> before = planned.before();
    Change change = planned.change();
    if (before.isAway()) {
      pendingClear |= planned.outdatesEntry();
      return null;
    }
    if (change instanceof Change.Store store && store.inTime()) {
      return () -> {
        ItemKey key = before.itemKey();
        Envelope envelope = envelopes.seal(key, store.value(), store.deadline());
        if (envelope.bytes().length > maxSize) {
          remove(before);
          return isTolerant ? Outcome.LOST : Outcome.rejected(rejection(operation));
        }
        return replace(before, envelope);
      };
    }
    if (change instanceof Change.Touch touch && touch.deadline() == before.deadline()) {
      return null;
    }
    if (change instanceof Change.Touch touch
        && Deadline.isAhead(before.deadline(), clock)
        && Deadline.isAhead(touch.deadline(), clock)) {
      Envelope moved = before.envelope().resealed(before.itemKey(), touch.deadline());
      return () -> moved.bytes().length > maxSize ? Outcome.DONE : replace(before, moved);
    }
    return change == Change.Simple.KEEP || before.token() == null ? null : () -> remove(before);
  }

  private boolean isAsSeen(Snapshot<V> before) {
    Item item = items.get(before.itemKey().text());
    return item == null ? before.token() == null : item.token().equals(before.token());
  }

  private Outcome replace(Snapshot<V> before, Envelope envelope) {
    if (!isAsSeen(before)) {
      return Outcome.CONFLICT;
    }
    write(before.itemKey().text(), envelope.flags(), envelope.bytes());
    return Outcome.DONE;
  }

  private Outcome remove(Snapshot<V> before) {
    loads.remove(before.itemKey().text());
    boolean removed = isAsSeen(before) && items.remove(before.itemKey().text()) != null;
    return removed ? Outcome.DONE : Outcome.CONFLICT;
  }

  private CacheException rejection(Operation operation) {
    return new CacheException(operation + " on '" + this + "' failed: the value is too large");
  }

  @Override
  public List<CacheException> set(
      Operation operation, List<NewEntry<K, V>> entries, LongSupplier deadlines) {
    trip("set");
    pendingClear |= away;
    List<CacheException> rejections = new ArrayList<>();
    for (NewEntry<K, V> entry : entries) {
      if (!away && !isStored(entry, deadlines.getAsLong())) {
        items.remove(itemKey(entry.encodedKey()).text());
        if (!isTolerant) {
          rejections.add(rejection(operation));
        }
      }
    }
    return rejections;
  }

  private boolean isStored(NewEntry<K, V> entry, long deadline) {
    ItemKey key = itemKey(entry.encodedKey());
    Envelope envelope = envelopes.seal(key, entry.encodedValue(), deadline);
    boolean fits = envelope.bytes().length <= maxSize;
    if (fits) {
      write(key.text(), envelope.flags(), envelope.bytes());
    }
    return fits;
  }

  @Override
  public @Nullable MissReason add(Operation operation, NewEntry<K, V> entry, long deadline) {
    trip("add");
    pendingClear |= away;
    boolean vacant = !items.containsKey(itemKey(entry.encodedKey()).text());
    if (away) {
      return MissReason.SERVER_AWAY;
    }
    return vacant && isStored(entry, deadline) ? MissReason.COLD : null;
  }

  @Override
  public int delete(Operation operation, Collection<EntryKey> entries) {
    trip("delete");
    pendingClear |= away;
    int before = items.size();
    if (!away) {
      entries.forEach(entry -> items.remove(itemKey(entry).text()));
    }
    return before - items.size();
  }

  @Override
  public Iterator<SeenEntry<K, V>> scan(Operation operation) {
    trip("scan");
    ListedKeys<K, V> listed = new ListedKeys<>(keys, keyType, values);
    List<SeenEntry<K, V>> seen = new ArrayList<>();
    for (Item item : away ? List.<Item>of() : items.values()) {
      SeenEntry<K, V> entry = listed.read(versions, versions.prefix().listed(item.key()), item);
      if (entry != null && entry.snapshot().isInTime(clock)) {
        seen.add(entry);
      }
    }
    return seen.iterator();
  }

  @Override
  public Iterator<SeenEntry<K, V>> scanForRemoval(Operation operation) {
    pendingClear |= away;
    return scan(operation);
  }

  @Override
  public void clear(Duration grace) {
    trip("clear");
    if (away) {
      pendingClear = true;
    } else {
      forceClear();
    }
  }

  @Override
  public Map<String, Long> clears() {
    return Map.of(toString(), clears - 1);
  }

  @Override
  public String toString() {
    return PATH.canonical();
  }
}
