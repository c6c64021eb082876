// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;

/**
 * The entries of one cache, read and written under the versions in force. Operations know entries
 * only through this interface: what they see are snapshots, what they do are changes.
 *
 * <p>Every method that asks memcached throws a {@link javax.cache.CacheException} that names
 * operation, cache and server if a server doesn't answer in time; with {@code failure=miss} it goes
 * on without the server. If a level is cleared at the same time, reads and unconditional writes are
 * repeated under the new versions. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public interface EntryStore<K, V> {

  /** Encodes a key; the error names a class that can't be one. */
  EntryKey encodeKey(Object key);

  /** Encodes a value; the error names a class that can't be serialized. */
  EncodedValue encodeValue(V value);

  /** Returns the value that was encoded, a new object on each call if it can change. */
  V decodeValue(EncodedValue value);

  /**
   * Reads an entry in one round trip.
   *
   * @param forChange whether a change of what is read may follow
   */
  Snapshot<V> read(Operation operation, EntryKey key, boolean forChange);

  /**
   * Returns the value of an entry if this process may rely on what it knows without asking
   * memcached, and finds that without encoding the key or decoding the value; else null. Then
   * {@link #find} may still do so.
   */
  default @Nullable V near(Object key) {
    return null;
  }

  /**
   * Returns what this process knows of an entry, if it may rely on that without asking memcached;
   * else {@linkplain #read reads} it. No change can be based on a {@link Snapshot#isNear}.
   *
   * @param forChange whether a change may follow if the entry is absent
   */
  default Snapshot<V> find(Operation operation, EntryKey key, boolean forChange) {
    return read(operation, key, forChange);
  }

  /** Does the same for many, in one round trip, which the snapshots are in the order of. */
  default List<Snapshot<V>> findAll(Operation operation, List<EntryKey> keys, boolean forChange) {
    return readAll(operation, keys, forChange);
  }

  /**
   * Reads an entry for a change, and asks for a lease on it in the same round trip. Others that ask
   * for one see it, until the {@link #change} of what was read is done; it lasts two seconds at
   * most.
   */
  Snapshot<V> readLeased(Operation operation, EntryKey key);

  /**
   * Reads entries that were missed, and who loads them, in one round trip; asks to be the one for
   * those that nobody loads. Others that ask are told, until the {@link #change} of what was read
   * is done, or {@link #noteNothing}.
   *
   * @param life how long others are told if this process dies, in whole seconds and one more; null
   *     to read only
   */
  List<Snapshot<V>> readForLoad(Operation operation, List<EntryKey> keys, @Nullable Duration life);

  /**
   * Tells others that there was nothing to be loaded.
   *
   * @param seen what was read to be loaded; says from then on that there is nothing, and has no
   *     lease to be given back
   * @param life how long they are told, in whole seconds and one more
   */
  void noteNothing(Operation operation, List<Snapshot<V>> seen, Duration life);

  /**
   * Returns whether entries may be there that were cleared softly, and may be served in place of
   * one that is missing.
   */
  default boolean mayHaveOlder(Operation operation, EntryKey key) {
    return false;
  }

  /** Does the same for one that was just seen to be missing. */
  default boolean mayHaveOlder(Operation operation, Snapshot<V> missed) {
    return false;
  }

  /**
   * Reads what may be served of entries that were cleared softly, in one round trip, or in none if
   * that is known to be nothing.
   *
   * @param keys those that are missing
   * @param missed what was seen of each
   * @return what there is of each, null if nothing; no change can be based on it
   */
  default List<@Nullable Snapshot<V>> readOlder(
      Operation operation, List<EntryKey> keys, List<Snapshot<V>> missed) {
    return Collections.nCopies(keys.size(), null);
  }

  /** Reads entries in one round trip, which the snapshots are in the order of. */
  List<Snapshot<V>> readAll(Operation operation, List<EntryKey> keys, boolean forChange);

  /**
   * Makes changes in one round trip, each only if the entry is still what was seen. Gives leases
   * back, also on a thread that was interrupted if that is all there is to do.
   *
   * @param changes of entries that were read together, at least one
   * @return what became of each, in the same order
   */
  List<Outcome> change(Operation operation, List<PlannedChange<V>> changes);

  /**
   * Stores values whatever is there, in one round trip unless there are very many.
   *
   * @param deadlines until when, in milliseconds since 1970, asked for each entry
   * @return why a server would not take some of the values, whose older entries are gone; the
   *     others are stored
   */
  List<CacheException> set(
      Operation operation, List<NewEntry<K, V>> entries, LongSupplier deadlines);

  /**
   * Stores a value if no item is there.
   *
   * @return why none was there, which is that the server is away if that is to be tolerated; null
   *     if an item is there, live or dead, or if the server would not take the value
   */
  @Nullable MissReason add(Operation operation, NewEntry<K, V> entry, long deadline);

  /** Removes the items of entries, whatever they are; returns how many there were. */
  int delete(Operation operation, Collection<EntryKey> keys);

  /** Walks over the entries, readable or not, as {@link EntryScanner} says. */
  Iterator<SeenEntry<K, V>> scan(Operation operation);

  /**
   * Walks over the entries in the same way, for each to be removed. What a server has that is away,
   * if that is to be tolerated, is cleared before anything of it is served again.
   */
  Iterator<SeenEntry<K, V>> scanForRemoval(Operation operation);

  /**
   * To be called when entries may not have been changed that a writer was given: what is stored of
   * them is outdated, and is removed before it is served again. Does nothing without a writer.
   */
  void removeLaterIfWritten(Collection<EntryKey> keys);

  /** Forgets what is kept of entries. To be called when the cache is closed. */
  default void close() {}

  /** Returns how often this process cleared each level of the namespace, by its path. */
  Map<String, Long> clears();

  /**
   * Clears the cache: what was in it is out of reach then, but for {@link #readOlder}, which may
   * serve it for a while.
   *
   * @param grace for how long; zero for not at all, by one increment on each server
   */
  void clear(Duration grace);

  /**
   * To be called when all entries were removed, one by one: if what was cleared before could still
   * be served, clears the cache.
   */
  default void endGrace(Operation operation) {}
}
