// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.ServerList;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.near.NearCopies;
import org.memjcache.internal.near.NearCopy;
import org.memjcache.internal.near.NearRegistry;

/**
 * The entries of a cache, of which {@link #find} serves copies from memory, if the cache keeps any.
 *
 * <p>It stands before the entries of every cache, because every change of an entry, of whichever
 * cache and with whatever outcome, outdates the copies that others in this process have of it: when
 * the change has ended, before its caller knows. Where nobody has copies, that is one look.
 *
 * <p>Thread-safe.
 */
public final class NearEntryStore<K, V> implements EntryStore<K, V> {

  private final EntryStore<K, V> store;
  private final Namespace namespace;

  /** Null for most caches, which take the less memory. */
  private final @Nullable Kept<V> kept;

  /** What is needed to serve copies. */
  private record Kept<V>(NearCopies<V> copies, ValueReader<V> values, InstantSource clock) {

    private boolean isLive(NearCopy<V> copy) {
      return Deadline.isAhead(copy.envelope().deadline(), clock);
    }

    private @Nullable V share(Object key) {
      NearCopy<V> copy = copies.findString(key);
      return copy != null && isLive(copy) ? copy.shared() : null;
    }

    private @Nullable Snapshot<V> find(EntryKey key, long now) {
      NearCopy<V> copy = copies.find(key, now);
      return copy != null && isLive(copy) ? Snapshot.near(copy, values) : null;
    }

    private void keep(
        EntryKey key, Snapshot<V> read, ServerList servers, long askedAt, long changes) {
      if (read.isLive()) {
        copies.keep(
            key,
            new NearCopy<>(
                key, read.envelope(), read.versions(), servers, askedAt, read.sharedValue()),
            changes);
      }
    }
  }

  /**
   * Creates the store.
   *
   * @param store the entries in memcached
   * @param copies null if none are kept
   */
  public NearEntryStore(
      EntryStore<K, V> store,
      Namespace namespace,
      ValueReader<V> values,
      @Nullable NearCopies<V> copies,
      InstantSource clock) {
    this.store = store;
    this.namespace = namespace;
    this.kept = copies == null ? null : new Kept<>(copies, values, clock);
  }

  @Override
  public @Nullable V near(Object key) {
    Kept<V> near = kept;
    return near == null ? null : near.share(key);
  }

  @Override
  public Snapshot<V> find(Operation operation, EntryKey key, boolean forChange) {
    Kept<V> near = kept;
    if (near == null) {
      return store.read(operation, key, forChange);
    }
    long now = ElapsedTime.now();
    Snapshot<V> found = near.find(key, now);
    if (found != null) {
      return found;
    }
    long changes = near.copies.changes(key);
    ServerList servers = namespace.cluster().knownList();
    Snapshot<V> read = store.read(operation, key, forChange);
    near.keep(key, read, servers, now, changes);
    return read;
  }

  @Override
  public List<Snapshot<V>> findAll(Operation operation, List<EntryKey> keys, boolean forChange) {
    Kept<V> near = kept;
    if (near == null) {
      return store.readAll(operation, keys, forChange);
    }
    long now = ElapsedTime.now();
    List<@Nullable Snapshot<V>> all = new ArrayList<>(keys.size());
    List<EntryKey> wanted = new ArrayList<>();
    for (EntryKey key : keys) {
      Snapshot<V> found = near.find(key, now);
      all.add(found);
      if (found == null) {
        wanted.add(key);
      }
    }
    long[] changes = wanted.stream().mapToLong(near.copies::changes).toArray();
    ServerList servers = namespace.cluster().knownList();
    List<Snapshot<V>> read =
        wanted.isEmpty() ? List.of() : store.readAll(operation, wanted, forChange);
    List<Snapshot<V>> found = new ArrayList<>(keys.size());
    int next = 0;
    for (Snapshot<V> known : all) {
      if (known == null) {
        near.keep(wanted.get(next), read.get(next), servers, now, changes[next]);
        found.add(read.get(next++));
      } else {
        found.add(known);
      }
    }
    return found;
  }

  @Override
  public List<Outcome> change(Operation operation, List<PlannedChange<V>> changes) {
    try {
      return store.change(operation, changes);
    } finally {
      outdate(changes, NearEntryStore::keyOf);
    }
  }

  /** Returns the entry that is changed; null if it isn't known which. */
  private static @Nullable EntryKey keyOf(PlannedChange<?> planned) {
    Snapshot<?> before = planned.before();
    return before.versions().prefix().entryKey(before.itemKey());
  }

  /** Has the end of changes be known to all near caches of this process. */
  private <T> void outdate(Collection<T> changes, Function<T, @Nullable EntryKey> key) {
    if (NearRegistry.isEmpty()) {
      return;
    }
    try {
      for (T change : changes) {
        EntryKey changed = key.apply(change);
        if (changed == null) {
          NearRegistry.outdateAll(path());
        } else {
          NearRegistry.outdate(path(), changed);
        }
      }
    } catch (RuntimeException | Error e) { // no memory, say
      NearRegistry.outdateAll(path());
      throw e;
    }
  }

  @Override
  public List<CacheException> set(
      Operation operation, List<NewEntry<K, V>> entries, LongSupplier deadlines) {
    try {
      return store.set(operation, entries, deadlines);
    } finally {
      outdate(entries, NewEntry::encodedKey);
    }
  }

  @Override
  public @Nullable MissReason add(Operation operation, NewEntry<K, V> entry, long deadline) {
    boolean mayBeThere = true;
    try {
      MissReason missing = store.add(operation, entry, deadline);
      mayBeThere = missing != null;
      return missing;
    } finally {
      if (mayBeThere) {
        outdate(List.of(entry), NewEntry::encodedKey);
      }
    }
  }

  @Override
  public int delete(Operation operation, Collection<EntryKey> keys) {
    try {
      return store.delete(operation, keys);
    } finally {
      outdate(keys, key -> key);
    }
  }

  /** What no server has any more can't be scanned, and may still be near. */
  @Override
  public Iterator<SeenEntry<K, V>> scanForRemoval(Operation operation) {
    NearRegistry.outdateAll(path());
    Iterator<SeenEntry<K, V>> scanned = store.scanForRemoval(operation);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        boolean hasNext = scanned.hasNext();
        if (!hasNext) {
          NearRegistry.outdateAll(path());
        }
        return hasNext;
      }

      @Override
      public SeenEntry<K, V> next() {
        return scanned.next();
      }
    };
  }

  /** The versions tell that copies are outdated; they need not take memory until they are read. */
  @Override
  public void clear(Duration grace) {
    try {
      store.clear(grace);
    } finally {
      NearRegistry.outdateAll(path());
    }
  }

  private PathKey path() {
    return namespace.path();
  }

  @Override
  public void close() {
    if (kept != null) {
      kept.copies.close();
    }
    store.close();
  }

  /** In this order: a copy that is made before it is known that the entry is outdated goes, too. */
  @Override
  public void removeLaterIfWritten(Collection<EntryKey> keys) {
    try {
      store.removeLaterIfWritten(keys);
    } finally {
      outdate(keys, key -> key);
    }
  }

  @Override
  public EntryKey encodeKey(Object key) {
    return store.encodeKey(key);
  }

  @Override
  public EncodedValue encodeValue(V value) {
    return store.encodeValue(value);
  }

  @Override
  public V decodeValue(EncodedValue value) {
    return store.decodeValue(value);
  }

  @Override
  public Snapshot<V> read(Operation operation, EntryKey key, boolean forChange) {
    return store.read(operation, key, forChange);
  }

  @Override
  public Snapshot<V> readLeased(Operation operation, EntryKey key) {
    return store.readLeased(operation, key);
  }

  @Override
  public List<Snapshot<V>> readForLoad(
      Operation operation, List<EntryKey> keys, @Nullable Duration life) {
    return store.readForLoad(operation, keys, life);
  }

  @Override
  public void noteNothing(Operation operation, List<Snapshot<V>> seen, Duration life) {
    store.noteNothing(operation, seen, life);
  }

  @Override
  public boolean mayHaveOlder(Operation operation, EntryKey key) {
    return store.mayHaveOlder(operation, key);
  }

  @Override
  public boolean mayHaveOlder(Operation operation, Snapshot<V> missed) {
    return store.mayHaveOlder(operation, missed);
  }

  @Override
  public List<@Nullable Snapshot<V>> readOlder(
      Operation operation, List<EntryKey> keys, List<Snapshot<V>> missed) {
    return store.readOlder(operation, keys, missed);
  }

  @Override
  public void endGrace(Operation operation) {
    store.endGrace(operation);
  }

  @Override
  public List<Snapshot<V>> readAll(Operation operation, List<EntryKey> keys, boolean forChange) {
    return store.readAll(operation, keys, forChange);
  }

  @Override
  public Iterator<SeenEntry<K, V>> scan(Operation operation) {
    return store.scan(operation);
  }

  @Override
  public Map<String, Long> clears() {
    return store.clears();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}
