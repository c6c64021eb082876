// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Pause;
import org.memjcache.internal.common.RoundsThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries that this process has to remove because a change of them was lost while their server
 * was away. Such an entry is removed before this process reads or writes it again; the others of
 * its cache stay.
 *
 * <ul>
 *   <li>An entry is settled when it was read, and found absent or removed by its cas token, after
 *       all its lost writes had their responses. Before that, one of them may still be carried out:
 *       it was sent over a connection of its own.
 *   <li>If that connection has ended, nobody will ever know. Then the whole cache is to be cleared,
 *       which puts the late write out of reach; also if there are very many entries, so that what
 *       has to be remembered is bounded.
 *   <li>A clear by this process settles what was pending when it began.
 * </ul>
 *
 * <p>Thread-safe. Two threads may settle an entry at the same time: neither removes what was stored
 * after the other one was done, because each looks whether the removal is still pending after it
 * has read the entry, and removes it by the token that it read.
 */
final class PendingRemovals {

  private static final Logger LOG = LoggerFactory.getLogger(PendingRemovals.class);

  /** How long the keys may be together, in characters: some 30,000 keys of the usual length. */
  static final int MAX_CHARS = 1 << 20;

  private static final int MAX_PER_TRIP = 500;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private record Place(Level cache, EntryKey key) {
    static Place of(PendingRemoval removal) {
      return new Place(removal.cache(), removal.key);
    }
  }

  private final ConcurrentMap<Place, PendingRemoval> pending = new ConcurrentHashMap<>();
  private final AtomicLong chars = new AtomicLong();

  boolean isEmpty() {
    return pending.isEmpty();
  }

  boolean contains(Level cache, EntryKey key) {
    return !pending.isEmpty() && pending.containsKey(new Place(cache, key));
  }

  /** Returns all of them, as they are now or come while the caller looks. */
  Collection<PendingRemoval> all() {
    return pending.values();
  }

  /** Returns what is pending in this level and beneath it. */
  List<PendingRemoval> within(Level level) {
    return pending.isEmpty()
        ? List.of()
        : pending.values().stream().filter(removal -> removal.isWithin(level)).toList();
  }

  /** Takes one more; returns false if there is no room for it. */
  boolean add(PendingRemoval removal) {
    if (chars.get() >= MAX_CHARS) {
      return false;
    }
    pending.compute(
        Place.of(removal),
        (place, known) -> {
          if (known != null) {
            return known.replacedBy(removal);
          }
          chars.addAndGet(place.key.text().length());
          return removal;
        });
    return true;
  }

  /** Returns whether it is to be done, and no other one has taken its place. */
  private boolean isPending(PendingRemoval removal) {
    return pending.get(Place.of(removal)) == removal;
  }

  /** Forgets it, unless another one has taken its place. */
  void forget(PendingRemoval settled) {
    if (pending.remove(Place.of(settled), settled)) {
      chars.addAndGet(-settled.key.text().length());
    }
  }

  /**
   * Settles entries before they are used. Waits for the responses to their lost writes as long as
   * the operation may.
   *
   * @return those that could not be settled: a server is away and that is tolerated, or the whole
   *     cache is to be cleared
   * @throws javax.cache.CacheException if a server is away and that is not tolerated
   */
  Set<EntryKey> settle(Shard shard, Operation operation, Set<EntryKey> keys) {
    List<PendingRemoval> left = find(shard, keys);
    while (!left.isEmpty() && removeOnce(shard, operation, left)) {
      left = find(shard, keys);
      if (!left.isEmpty()) {
        Pause.nanos(PAUSE_NANOS);
        operation.addWait(PAUSE_NANOS);
      }
    }
    Set<EntryKey> unsettled = new HashSet<>();
    left.forEach(removal -> unsettled.add(removal.key));
    return unsettled;
  }

  private List<PendingRemoval> find(Shard shard, Set<EntryKey> keys) {
    List<PendingRemoval> found = new ArrayList<>(keys.size());
    for (EntryKey key : keys) {
      PendingRemoval removal = pending.get(new Place(shard.cache(), key));
      if (removal != null) {
        found.add(removal);
      }
    }
    return found;
  }

  /**
   * Removes entries of one shard, and forgets those that no late write can bring back.
   *
   * @param found what was pending when the caller looked; what another thread has settled since
   *     stays as it is
   * @return false if some server did not answer, or the whole cache is to be cleared instead
   */
  boolean removeOnce(Shard shard, Operation operation, List<PendingRemoval> found) {
    List<PendingRemoval> removals = found.stream().filter(this::isPending).toList();
    if (removals.stream().anyMatch(removal -> removal.isAny(LateResponse.State.LOST))) {
      shard.markForClear();
      return false;
    }
    boolean answered = true;
    try {
      for (int from = 0; from < removals.size(); from += MAX_PER_TRIP) {
        int to = Math.min(removals.size(), from + MAX_PER_TRIP);
        answered &= removeSome(shard, operation, removals.subList(from, to));
      }
    } catch (CacheException e) {
      if (e.getCause() instanceof RequestFailedException failure
          && failure.kind() == RequestFailedException.Kind.REFUSED_COMMAND) {
        shard.markForClear(); // the server has no cas tokens
        return false;
      }
      throw e;
    }
    return answered;
  }

  /** A cache, and one of the open clients through which changes of its entries were lost. */
  private record CacheOfCluster(SharedCluster cluster, Level cache) {}

  /** Removes the entries whose servers answer, those of one cache after the other. */
  void removeOnce() {
    Map<CacheOfCluster, List<PendingRemoval>> ofCaches = new HashMap<>();
    for (PendingRemoval removal : pending.values()) {
      SharedCluster cluster = removal.cluster.current();
      if (cluster != null) {
        ofCaches
            .computeIfAbsent(
                new CacheOfCluster(cluster, removal.cache()), first -> new ArrayList<>())
            .add(removal);
      }
    }
    List<CacheOfCluster> shuffled = new ArrayList<>(ofCaches.keySet());
    Collections.shuffle(shuffled); // those that get no turn today aren't the same ones tomorrow
    Map<SharedCluster, Long> spent = new HashMap<>();
    for (CacheOfCluster cache : shuffled) {
      if (spent.getOrDefault(cache.cluster, 0L) < PendingRound.TURN_NANOS) {
        long begin = System.nanoTime();
        tryToRemove(Objects.requireNonNull(ofCaches.get(cache)), cache.cluster);
        spent.merge(cache.cluster, System.nanoTime() - begin, Long::sum);
      }
    }
  }

  private void tryToRemove(List<PendingRemoval> ofCache, SharedCluster cluster) {
    PendingRemoval any = ofCache.get(0);
    Shard shard = cluster.open(any.path).shard(cluster.cluster().indexOf(any.cache().server()));
    try {
      removeOnce(shard, new Operation("remove"), ofCache);
    } catch (CacheException e) {
      LOG.debug("Not removed yet: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // no memory for a moment, say
      RoundsThread.warn("Removing entries of '" + shard + "' failed; retrying", e);
    }
  }

  private boolean removeSome(Shard shard, Operation operation, List<PendingRemoval> removals) {
    boolean[] settled = new boolean[removals.size()];
    for (int i = 0; i < settled.length; i++) { // looked at before it is read
      settled[i] = !removals.get(i).isAny(LateResponse.State.AWAITED);
    }
    VersionedBatch reading = shard.newSettlingBatch(operation, removals.size());
    List<VersionedBatch.Read> reads = addReads(reading, removals);
    while (!reading.run()) {
      reading = reading.retry();
      reads = addReads(reading, removals);
    }
    VersionedBatch removing = shard.newSettlingBatch(reading.versions(), operation);
    List<@Nullable CompareAndDeleteRequest> requests = new ArrayList<>(removals.size());
    boolean answered = true;
    for (int i = 0; i < removals.size(); i++) {
      Item item = reading.item(reads.get(i));
      // Looked at after it was read: if another thread settles it from now on, what is stored then
      // has another token.
      boolean isPending = isPending(removals.get(i));
      settled[i] &= isPending;
      requests.add(item == null || !isPending ? null : addRemoval(removing, reads.get(i), item));
      if (reading.isAway(reads.get(i))) {
        answered = false;
        settled[i] = false;
      }
    }
    List<DeleteRequest> older = new ArrayList<>(0);
    try {
      for (PendingRemoval removal : removals) {
        older.addAll(
            removing.writes.addRemovalsOfOlder(
                operation, removal.key, System.currentTimeMillis(), false));
      }
    } catch (RequestFailedException e) {
      shard.namespace().throwUnlessTolerated(operation, e);
      return false;
    }
    if (!older.isEmpty() || requests.stream().anyMatch(Objects::nonNull)) {
      boolean held = removing.run();
      boolean isOlderLost = held && older.stream().anyMatch(removing::isLost);
      if (!held || isOlderLost) {
        Arrays.fill(settled, false);
        answered &= !isOlderLost;
      }
      for (int i = 0; i < removals.size(); i++) {
        CompareAndDeleteRequest request = requests.get(i);
        if (request != null) {
          boolean lost = held && removing.isLost(request);
          answered &= !lost;
          settled[i] &= held && !lost && !request.isOutdated();
        }
      }
    }
    for (int i = 0; i < settled.length; i++) {
      if (settled[i]) {
        forget(removals.get(i));
      }
    }
    return answered;
  }

  private static List<VersionedBatch.Read> addReads(
      VersionedBatch batch, List<PendingRemoval> removals) {
    batch.requestTokens();
    List<VersionedBatch.Read> reads = new ArrayList<>(removals.size());
    removals.forEach(removal -> reads.add(batch.read(batch.prefix().itemKey(removal.key))));
    return reads;
  }

  private static CompareAndDeleteRequest addRemoval(
      VersionedBatch batch, VersionedBatch.Read read, Item item) {
    ItemKey key = read.key();
    return batch.write(key, new CompareAndDeleteRequest(key.text(), item.token()), false);
  }
}
