// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.PlannedChange;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.LoadPause;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one process load an entry that several have missed, while the others wait for what it stores:
 * with the option {@code load.lease}. Who misses asks for the lease of the load, and reads the
 * entry again in the same round trip.
 *
 * <ul>
 *   <li>A hit costs nothing more, a miss one round trip, and each look of those who wait another.
 *   <li>The lease ends with the store of the value, with the loader's failure, with a clear, with
 *       any change of the entry, and with its time if the process dies.
 *   <li>Nobody waits longer than {@code load.wait}, or for a server that is away, or when
 *       interrupted: then each loads for itself.
 *   <li>A lease is advice. What is stored is stored conditionally, with or without it.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class LeasedLoads<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(LeasedLoads.class);

  /** How long others are told at least: that somebody loads, or that the loader had no value. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final CacheContext<K, V> context;

  LeasedLoads(CacheContext<K, V> context) {
    this.context = context;
  }

  boolean areEnabled() {
    return context.loading().areAskedFor();
  }

  /** Returns for how long a load is announced: as long as it may take, if nobody waits for it. */
  Duration lease() {
    Duration lease = context.loading().lease();
    Duration announced = lease.isZero() ? context.loading().patience() : lease;
    return announced.isZero() ? MOMENT : announced;
  }

  /**
   * Returns the pauses of somebody who waits, if processes wait for each other.
   *
   * @param deadline until when, by {@link System#nanoTime}
   */
  LoadPause newPause(LongSupplier deadline) {
    boolean waits = !context.loading().lease().isZero();
    return new LoadPause(waits ? deadline : System::nanoTime);
  }

  /**
   * Reads entries that were missed, and asks for the leases of the loads that nobody has.
   *
   * @param first false if others were loading them a moment ago: then it is only read at first, and
   *     has the time of an operation for each look
   */
  List<Snapshot<V>> ask(Operation operation, List<EntryKey> keys, boolean first) {
    return first ? askFirst(operation, keys) : askAgain(operation.nextPart(), keys);
  }

  /** Does the same, but for those whose servers are away, which are returned as they were seen. */
  List<Snapshot<V>> askUnlessAway(
      Operation operation, List<SeenEntry<K, V>> missed, boolean first) {
    List<EntryKey> keys =
        missed.stream()
            .filter(miss -> !miss.snapshot().isAway())
            .map(SeenEntry::encodedKey)
            .toList();
    if (keys.isEmpty()) {
      return missed.stream().map(SeenEntry::snapshot).toList();
    }
    return givenBackIfFails(
        operation,
        ask(operation, keys, first),
        all -> {
          Iterator<Snapshot<V>> asked = all.iterator();
          return missed.stream()
              .map(miss -> miss.snapshot().isAway() ? miss.snapshot() : asked.next())
              .toList();
        });
  }

  /** Returns what becomes of entries whose leases were asked for; gives these back if it fails. */
  private <T> T givenBackIfFails(
      Operation operation, List<Snapshot<V>> asked, Function<List<Snapshot<V>>, T> work) {
    try {
      return work.apply(asked);
    } catch (RuntimeException | Error e) {
      giveBack(operation, asked);
      throw e;
    }
  }

  private List<Snapshot<V>> askFirst(Operation operation, List<EntryKey> keys) {
    return givenBackIfFails(
        operation,
        context.store().readForLoad(operation, keys, lease()),
        seen -> {
          giveBack(operation, seen.stream().filter(Snapshot::isLive).toList()); // loaded just now
          return seen;
        });
  }

  private List<Snapshot<V>> askAgain(Operation operation, List<EntryKey> keys) {
    List<Snapshot<V>> seen = new ArrayList<>(context.store().readForLoad(operation, keys, null));
    List<Integer> free =
        IntStream.range(0, seen.size()).filter(i -> seen.get(i).isFreeToLoad()).boxed().toList();
    if (!free.isEmpty()) {
      List<Snapshot<V>> asked = askFirst(operation, free.stream().map(keys::get).toList());
      for (int i = 0; i < free.size(); i++) {
        seen.set(free.get(i), asked.get(i));
      }
    }
    return seen;
  }

  /**
   * Waits while another process loads an entry that was missed.
   *
   * @param miss returned as it is if its server is away
   * @param servesOlder whether what was cleared softly may stand for it
   * @param pausing makes a pause between two looks, as {@link LoadPause#pause} does
   * @return the entry, if it is there now or there is nothing to be loaded; else what to load it
   *     for
   */
  Snapshot<V> await(
      Operation operation,
      EntryKey key,
      Snapshot<V> miss,
      OperationRecorder<K, V> recorder,
      boolean servesOlder,
      BooleanSupplier pausing) {
    if (miss.isAway()) {
      return miss;
    }
    Snapshot<V> entry = ask(operation, List.of(key), true).get(0);
    Snapshot<V> looked = null;
    boolean hasWaited = false;
    while (entry.isLoadedElsewhere()) {
      Snapshot<V> older = servesOlder ? olderUnless(looked, operation, key, entry) : null;
      if (older != null) {
        return older;
      }
      looked = entry;
      if (!recorder.untimed(pausing::getAsBoolean)) {
        break;
      }
      hasWaited = true;
      entry = ask(operation, List.of(key), false).get(0);
    }
    if (hasWaited) {
      context.metrics().recordLoadWaits(1);
      context.metrics().recordLostLeases(ReadThrough.isSaved(entry) ? 0 : 1);
    }
    return entry;
  }

  private @Nullable Snapshot<V> olderUnless(
      @Nullable Snapshot<V> looked, Operation operation, EntryKey key, Snapshot<V> miss) {
    return looked != null && looked.isUnderSameVersions(miss)
        ? null // by others, meanwhile, it can only have been removed
        : older(operation, List.of(key), List.of(miss)).get(0);
  }

  /**
   * Returns what may be served in place of entries that somebody loads, because they were cleared
   * softly; null for each of which there is nothing.
   *
   * @param missed what was seen of each
   */
  private List<@Nullable Snapshot<V>> older(
      Operation operation, List<EntryKey> keys, List<Snapshot<V>> missed) {
    if (context.loading().lease().isZero()) {
      return Collections.nCopies(keys.size(), null);
    }
    List<@Nullable Snapshot<V>> older = context.store().readOlder(operation, keys, missed);
    context.metrics().recordStaleServed((int) older.stream().filter(Objects::nonNull).count());
    return older;
  }

  /** Does the same for entries with their keys; returns the values that there are. */
  Map<K, V> older(Operation operation, List<SeenEntry<K, V>> missed) {
    Map<K, V> values = new HashMap<>();
    if (missed.isEmpty()) {
      return values;
    }
    List<@Nullable Snapshot<V>> older =
        older(
            operation,
            missed.stream().map(SeenEntry::encodedKey).toList(),
            missed.stream().map(SeenEntry::snapshot).toList());
    for (int i = 0; i < older.size(); i++) {
      Snapshot<V> found = older.get(i);
      if (found != null) {
        values.put(missed.get(i).key(), found.value());
      }
    }
    return values;
  }

  /** Does the same for one entry; null if there is nothing, or its server is away. */
  @Nullable V older(Operation operation, EntryKey key, Snapshot<V> miss) {
    Snapshot<V> older = miss.isAway() ? null : older(operation, List.of(key), List.of(miss)).get(0);
    return older == null ? null : older.valueOrNull();
  }

  /**
   * Returns what may be served of entries that are missing, though nobody asks a loader: to all but
   * the first who misses one, who is to put it.
   *
   * @return what there is
   */
  Map<K, V> olderUnlessFirst(Operation operation, List<SeenEntry<K, V>> missing) {
    List<SeenEntry<K, V>> asked =
        missing.stream()
            .filter(
                each ->
                    !each.snapshot().isAway()
                        && context.store().mayHaveOlder(operation, each.snapshot()))
            .toList();
    Map<K, V> values = new HashMap<>();
    if (asked.isEmpty()) {
      return values;
    }
    List<Snapshot<V>> seen =
        ask(operation, asked.stream().map(SeenEntry::encodedKey).toList(), true);
    List<SeenEntry<K, V>> beingLoaded = new ArrayList<>(asked.size());
    for (int i = 0; i < asked.size(); i++) {
      SeenEntry<K, V> miss = asked.get(i);
      if (seen.get(i).isLive()) {
        values.put(miss.key(), seen.get(i).value());
      } else if (seen.get(i).isBeingLoaded()) {
        beingLoaded.add(new SeenEntry<>(miss.key(), miss.encodedKey(), seen.get(i)));
      }
    }
    values.putAll(older(operation, beingLoaded));
    return values;
  }

  /** Returns what may be served of an entry, if somebody loads it just now; else null. */
  @Nullable Snapshot<V> olderOfLoaded(Operation operation, EntryKey key) {
    Snapshot<V> seen = context.store().readForLoad(operation, List.of(key), null).get(0);
    return seen.isBeingLoaded() ? older(operation, List.of(key), List.of(seen)).get(0) : null;
  }

  /** Ends leases without a value: the loader has failed. */
  void giveBack(Operation operation, List<Snapshot<V>> seen) {
    List<PlannedChange<V>> changes =
        seen.stream()
            .filter(Snapshot::isLoadLeased)
            .map(entry -> new PlannedChange<>(entry, Change.Simple.KEEP, false))
            .toList();
    if (!changes.isEmpty()) {
      try {
        context.store().change(operation, changes);
      } catch (CacheException e) { // they end by themselves
        LOG.debug("Other processes were not told that a load has failed", e);
      }
    }
  }

  /** Tells others that the loader has no value for entries. */
  void noteNothing(Operation operation, List<Snapshot<V>> seen) {
    List<Snapshot<V>> leased = seen.stream().filter(Snapshot::isLoadLeased).toList();
    if (leased.isEmpty()) {
      return;
    }
    Duration life = context.loading().forNull();
    try {
      context.store().noteNothing(operation, leased, life.isZero() ? MOMENT : life);
    } catch (CacheException e) { // they ask the loader, too
      LOG.debug("Other processes were not told that there is nothing to be loaded", e);
    }
  }
}
