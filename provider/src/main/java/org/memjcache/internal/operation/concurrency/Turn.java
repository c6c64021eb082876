// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.operation.concurrency.SharedLoad.Place;

/**
 * The time in which a processor has its entries for itself, as far as threads of this process go:
 * others that want one of them wait, so that no processor runs twice because of a neighbour.
 *
 * <p>Used by one thread.
 */
public final class Turn implements AutoCloseable {

  private final EntryStore<?, ?> cache;

  /** Of which entries loads are kept. */
  private final List<Place> places;

  private final long askedAt = System.nanoTime();
  private final List<EntryKey> entries;
  private KeyLocks.@Nullable Held held;

  /**
   * Asks for a turn at entries of a cache, to be awaited.
   *
   * @param mayLoad whether what is missing may be loaded
   */
  public Turn(EntryStore<?, ?> cache, List<EntryKey> entries, boolean mayLoad) {
    this.cache = cache;
    this.entries = entries;
    places = mayLoad ? entries.stream().map(entry -> place(entry)).toList() : List.of();
    int kept = 0;
    try {
      for (Place place : places) {
        KeptLoads.keep(place);
        kept++;
      }
    } catch (Error e) { // nobody closes what was not created
      places.subList(0, kept).forEach(KeptLoads::release);
      throw e;
    }
  }

  /** Returns when it was asked for, by {@link System#nanoTime}. */
  public long askedAt() {
    return askedAt;
  }

  /** Waits until other threads are done with the entries. */
  public void await() {
    held = KeyLocks.SHARED.hold(cache, entries);
  }

  /** Waits for a while; returns whether other threads are done with the entries. */
  public boolean await(Duration patience) {
    held = KeyLocks.SHARED.tryHold(cache, entries, patience.toNanos());
    return held != null;
  }

  private Place place(EntryKey entry) {
    return new Place(cache, entry.text());
  }

  /** Returns the last load for a miss that ended since the turn was asked for; null if none did. */
  public @Nullable SharedLoad loadFor(SeenEntry<?, ?> miss) {
    SharedLoad load = KeptLoads.since(place(miss.encodedKey()), askedAt);
    return load != null && load.isFor(miss) ? load : null;
  }

  /** Keeps a load no longer for those who wait. */
  public void forgetLoad(EntryKey entry) {
    KeptLoads.forget(place(entry));
  }

  /** Gives the turn to other threads before it is over. */
  public void letOthersGoOn() {
    KeyLocks.Held mine = held;
    if (mine != null) {
      mine.close();
    }
  }

  /** Runs what waits for other threads, which may want the entries meanwhile. */
  public boolean whileOthersGoOn(BooleanSupplier wait) {
    letOthersGoOn();
    try {
      return wait.getAsBoolean();
    } finally {
      await();
    }
  }

  @Override
  public void close() {
    try {
      letOthersGoOn();
    } finally {
      places.forEach(KeptLoads::release);
    }
  }
}
