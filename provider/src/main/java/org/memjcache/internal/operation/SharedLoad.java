package org.memjcache.internal.operation;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.SeenEntry;

/**
 * The load of one entry by one thread, which others may wait for to take part in its outcome.
 *
 * <p>Thread-safe. The outcome is set by the thread that began the load, and read by others after
 * its end.
 */
final class SharedLoad {

  private static final Map<Place, SharedLoad> RUNNING = new ConcurrentHashMap<>();

  /** An entry of one cache of this process. */
  private record Place(EntryStore<?, ?> cache, String key) {}

  private final Place place;
  private final ItemKey missed;
  private final Thread loader = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written before it has ended.
  private boolean isShared;
  private @Nullable EncodedValue value;
  private @Nullable RuntimeException failure;

  /** Whether this cache has changed the entry since. */
  private volatile boolean isOutdated;

  private SharedLoad(EntryStore<?, ?> cache, SeenEntry<?, ?> miss) {
    this.place = new Place(cache, miss.encodedKey().text());
    this.missed = miss.snapshot().itemKey();
  }

  /** Returns a load that no other thread finds. */
  static SharedLoad alone(EntryStore<?, ?> cache, SeenEntry<?, ?> miss) {
    return new SharedLoad(cache, miss);
  }

  /**
   * Begins a load, or finds that of another thread that missed the entry under the same versions.
   *
   * @param anew whether to begin one whatever other threads do
   * @throws CacheLoaderException if the calling thread is loading the entry already
   */
  static SharedLoad begin(EntryStore<?, ?> cache, SeenEntry<?, ?> miss, boolean anew) {
    SharedLoad begun = new SharedLoad(cache, miss);
    if (miss.snapshot().isAway()) {
      return begun; // nobody waits for it
    }
    SharedLoad load =
        RUNNING.compute(
            begun.place,
            (place, running) -> {
              boolean isJoined =
                  running != null
                      && (running.isOwn() || (!anew && running.missed.equals(begun.missed)));
              return isJoined ? running : begun;
            });
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

  /** Keeps loads that began before a change of entries from being joined from now on, or kept. */
  static void outdate(EntryStore<?, ?> cache, Collection<EntryKey> keys) {
    if (!RUNNING.isEmpty()) {
      keys.forEach(key -> outdate(new Place(cache, key.text())));
    }
  }

  /** Does the same for all entries of a cache. */
  static void outdateAll(EntryStore<?, ?> cache) {
    RUNNING.keySet().stream().filter(place -> place.cache == cache).forEach(SharedLoad::outdate);
  }

  private static void outdate(Place place) {
    RUNNING.computeIfPresent(
        place,
        (same, load) -> {
          load.isOutdated = true;
          return null;
        });
  }

  /** Returns whether the calling thread began it. */
  boolean isOwn() {
    return loader.equals(Thread.currentThread());
  }

  boolean isOutdated() {
    return isOutdated;
  }

  /**
   * Gives those who wait a value, or null for none. Copies it: the application may change an array
   * that it has loaded as soon as it gets it.
   */
  void share(@Nullable EncodedValue loaded) {
    value = loaded == null ? null : loaded.copy();
    isShared = true;
  }

  /** Gives those who wait the loader's failure. */
  void fail(RuntimeException why) {
    failure = why;
  }

  void end() {
    RUNNING.remove(place, this);
    ended.countDown();
  }

  /**
   * Waits for the end; returns whether it has come, and not the deadline or an interrupt before it.
   */
  boolean await(long deadline) {
    try {
      return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Returns whether there is a value, or there is none for sure. */
  boolean isShared() {
    return isShared;
  }

  @Nullable EncodedValue value() {
    return value;
  }

  /** Returns how the loader failed; null if it didn't, or if that is nothing to others. */
  @Nullable RuntimeException failure() {
    return failure;
  }
}
