package org.memjcache.internal.operation.concurrency;

import java.util.List;
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
  private final KeyLocks.Held held;

  /**
   * Waits until other threads are done with entries of a cache.
   *
   * @param mayLoad whether what is missing may be loaded
   */
  public Turn(EntryStore<?, ?> cache, List<EntryKey> entries, boolean mayLoad) {
    this.cache = cache;
    places = mayLoad ? entries.stream().map(entry -> place(entry)).toList() : List.of();
    places.forEach(KeptLoads::keep);
    try {
      held = KeyLocks.SHARED.hold(cache, entries);
    } catch (RuntimeException | Error e) {
      places.forEach(KeptLoads::release);
      throw e;
    }
  }

  private Place place(EntryKey entry) {
    return new Place(cache, entry.text());
  }

  /** Returns the last load for a miss that ended since the turn was asked for; null if none did. */
  public @Nullable SharedLoad loadFor(SeenEntry<?, ?> miss) {
    SharedLoad load = KeptLoads.since(place(miss.encodedKey()), askedAt);
    return load != null && load.isFor(miss) ? load : null;
  }

  /** Gives the turn to other threads before it is over. */
  public void letOthersGoOn() {
    held.close();
  }

  @Override
  public void close() {
    held.close();
    places.forEach(KeptLoads::release);
  }
}
