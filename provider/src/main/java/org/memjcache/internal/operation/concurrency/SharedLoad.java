// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;

/**
 * The load of one entry by one thread, which others may wait for to take part in its outcome.
 *
 * <p>Thread-safe. The outcome is set by the thread that began the load, and read by others after
 * its end.
 */
public final class SharedLoad implements AutoCloseable {

  private static final Map<Place, SharedLoad> RUNNING = new ConcurrentHashMap<>();

  /** An entry of one cache of this process. */
  record Place(EntryStore<?, ?> cache, String key) {}

  private final Place place;
  private final ItemKey missed;
  private final Thread loader = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Counted down when it has ended, or its thread waits for a lease. */
  private final CountDownLatch heldUp = new CountDownLatch(1);

  // Written before it has ended.
  private boolean isShared;
  private @Nullable EncodedValue value;
  private @Nullable RuntimeException failure;
  private long endedAt;
  private boolean isForgotten;

  private volatile @Nullable CacheException whyNotStored;

  private final EntryWatch watch;

  private SharedLoad(EntryStore<?, ?> cache, SeenEntry<?, ?> miss) {
    this.place = new Place(cache, miss.encodedKey().text());
    this.missed = miss.snapshot().itemKey();
    this.watch = new EntryWatch(place);
  }

  /** Returns a load that no other thread finds, to be closed. */
  public static SharedLoad alone(EntryStore<?, ?> cache, SeenEntry<?, ?> miss) {
    return new SharedLoad(cache, miss);
  }

  /**
   * Begins a load, to be closed, or finds that of another thread that missed the entry under the
   * same versions.
   *
   * @param anew whether to begin one whatever other threads do
   * @throws CacheLoaderException if the calling thread has asked the loader for the entry already
   */
  public static SharedLoad begin(EntryStore<?, ?> cache, SeenEntry<?, ?> miss, boolean anew) {
    SharedLoad begun = new SharedLoad(cache, miss);
    if (miss.snapshot().isAway()) {
      return begun; // nobody waits for it
    }
    SharedLoad load = null;
    try {
      load =
          RUNNING.compute(
              begun.place,
              (place, running) -> {
                boolean isJoined =
                    running != null
                        && (running.isOwn()
                            ? running.watch.isAsked() // else a listener reads meanwhile
                            : !anew && running.missed.equals(begun.missed));
                return isJoined ? running : begun;
              });
    } finally {
      if (load != begun) {
        begun.watch.close();
      }
    }
    if (load != begun && load.isOwn()) {
      throw new CacheLoaderException(
          "The cache loader asks the cache '"
              + cache
              + "' for the key that it is loading ("
              + miss.key()
              + "); have it ask the source of the values only");
    }
    return load;
  }

  /** Returns whether another thread of this process has asked the loader for what was missed. */
  public static boolean isUnderWay(EntryStore<?, ?> cache, SeenEntry<?, ?> miss) {
    SharedLoad running = RUNNING.get(new Place(cache, miss.encodedKey().text()));
    return running != null && !running.isOwn() && running.isFor(miss) && running.watch.isAsked();
  }

  /**
   * Keeps loads that began before a change of entries from being joined from now on, or kept. To be
   * called before and after the change, as {@link EntryWatch} says.
   */
  public static void outdate(EntryStore<?, ?> cache, Collection<EntryKey> keys) {
    if (!EntryWatch.isNothingWatched() || !RUNNING.isEmpty() || !KeptLoads.isEmpty()) {
      keys.forEach(key -> outdate(new Place(cache, key.text())));
    }
  }

  /** Does the same for all entries of a cache. */
  public static void outdateAll(EntryStore<?, ?> cache) {
    RUNNING.keySet().removeIf(place -> place.cache == cache);
    KeptLoads.forgetAll(cache);
    EntryWatch.outdateAll(cache);
  }

  private static void outdate(Place place) {
    RUNNING.remove(place);
    KeptLoads.forget(place);
    EntryWatch.outdate(place);
  }

  /** Returns whether the calling thread began it. */
  public boolean isOwn() {
    return loader.equals(Thread.currentThread());
  }

  /** Returns whether this cache has changed the entry since it began; until it is closed. */
  public boolean isOutdated() {
    return watch.isOutdated();
  }

  /**
   * Gives those who wait a value, or null for none. Copies it: the application may change an array
   * that it has loaded as soon as it gets it.
   */
  public void share(@Nullable EncodedValue loaded) {
    value = loaded == null ? null : loaded.copy();
    isShared = true;
  }

  /** Gives those who wait the loader's failure. */
  public void fail(RuntimeException why) {
    failure = why;
  }

  /** Says why the value is not kept; perhaps after the end only. */
  public void notStored(CacheException why) {
    whyNotStored = why;
  }

  /** Returns why the value is not in the cache; null if nothing is known to have kept it out. */
  public @Nullable CacheException whyNotStored() {
    return whyNotStored;
  }

  /**
   * Says that its thread is about to wait for a lease, as long as it has not asked the loader. That
   * may be the lease of a thread which waits for its turn.
   */
  public void holdUp() {
    heldUp.countDown();
  }

  /** Says that the loader is about to be asked. */
  public void asking() {
    watch.asking();
  }

  /**
   * Says that the value is in the cache. Processors that wait for their turn find it there; if they
   * don't, it has expired.
   */
  public void stored(EncodedValue stored) {
    watch.stored(stored);
    isForgotten = true;
    KeptLoads.forget(place);
  }

  /** How a load is to what is there of its entry. */
  public enum Order {
    /** Another load of this process has stored that, which asked its loader before. */
    NEWER,
    /** Another load of this process has stored that, which asked its loader later. */
    OLDER,
    /** It isn't known that a load has stored it. */
    UNKNOWN
  }

  /** Returns how this is to what is there of the entry. */
  public Order orderTo(Snapshot<?> entry) {
    return watch.orderTo(entry);
  }

  /** Has a watch count as begun by this load: what it stores was brought by it. */
  public void tellWhenAsked(EntryWatch other) {
    other.askedLike(watch);
  }

  /** Lets those who wait go on. */
  public void end() {
    if (ended.getCount() == 0) {
      return;
    }
    endedAt = System.nanoTime();
    try {
      RUNNING.computeIfPresent(
          place,
          (same, running) -> {
            if (running != this) {
              return running;
            }
            if (!isForgotten) {
              KeptLoads.ended(place, this); // before it can't be outdated any more
            }
            return null;
          });
    } finally { // without memory it isn't kept; nobody may wait for it all the same
      RUNNING.remove(place, this);
      ended.countDown();
      heldUp.countDown();
    }
  }

  /** Ends it, if that isn't done, and what goes with it; called once, when the value is stored. */
  @Override
  public void close() {
    try {
      end();
    } finally {
      watch.close();
    }
  }

  /** Returns when it has ended, as of {@link System#nanoTime}; only of one that has. */
  long endedAt() {
    return endedAt;
  }

  /** Returns whether it was for the same entry under the same versions. */
  public boolean isFor(SeenEntry<?, ?> miss) {
    return missed.equals(miss.snapshot().itemKey()) && !miss.snapshot().isAway();
  }

  /**
   * Waits for the end; returns whether it has come, and not the deadline or an interrupt before it.
   *
   * @param inTurn whether the caller has the turn at the entry, and so doesn't wait while the load
   *     is {@linkplain #holdUp held up}
   */
  public boolean await(long deadline, boolean inTurn) {
    CountDownLatch awaited = inTurn && !watch.isAsked() ? heldUp : ended;
    try {
      return awaited.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)
          && ended.getCount() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns whether there is a value, or there is none for sure. */
  public boolean isShared() {
    return isShared;
  }

  public @Nullable EncodedValue value() {
    return value;
  }

  /** Returns how the loader failed; null if it didn't, or if that is nothing to others. */
  public @Nullable RuntimeException failure() {
    return failure;
  }
}
