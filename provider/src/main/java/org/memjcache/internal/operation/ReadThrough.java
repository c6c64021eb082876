package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.cache.CacheException;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.SeenEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the loader for entries that are missing, and stores what it brings: one load at a time for
 * an entry of a cache in this process.
 *
 * <p>A thread that misses an entry which another one is loading waits, and takes part in the
 * outcome: the value, of which it gets a copy; that there is none; or that the loader failed. It
 * asks the loader itself, beside the other one,
 *
 * <ul>
 *   <li>if it missed the entry under other versions, or after this cache had changed the entry: a
 *       load that began before must not pass for a newer one, and isn't kept either;
 *   <li>if a server is away: nobody waits then;
 *   <li>if the value can't be copied, or the other thread was interrupted or ended by an {@link
 *       Error};
 *   <li>after {@code load.wait}, and when it is interrupted.
 * </ul>
 *
 * <p>No lock is held while the loader runs. Thread-safe.
 */
final class ReadThrough<K, V> {

  private static final Logger LOG = LoggerFactory.getLogger(ReadThrough.class);

  private static final Map<Place, Load> RUNNING = new ConcurrentHashMap<>();

  /** An entry of one cache of this process. */
  private record Place(EntryStore<?, ?> cache, String key) {}

  /** A load that is going on. */
  private static final class Load {

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

    Load(Place place, ItemKey missed) {
      this.place = place;
      this.missed = missed;
    }

    boolean isOwn() {
      return loader.equals(Thread.currentThread());
    }

    /**
     * Gives those who wait a value, or null for none. Copies it: the application may change an
     * array that it has loaded as soon as it gets it.
     */
    void share(@Nullable EncodedValue loaded) {
      value = loaded == null ? null : loaded.copy();
      isShared = true;
    }

    void fail(RuntimeException why) {
      failure = why;
      isShared = true;
    }

    void end() {
      RUNNING.remove(place, this);
      ended.countDown();
    }

    /** Waits for the end; returns whether it has come. */
    boolean await(long deadline) {
      try {
        return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }

  /**
   * What was loaded.
   *
   * @param values those that are not expired at once, stored or not
   * @param notStored why some of them are not in the cache
   */
  record Loaded<K, V>(Map<K, V> values, Failures notStored) {}

  private final CacheContext<K, V> context;

  ReadThrough(CacheContext<K, V> context) {
    this.context = context;
  }

  /** Keeps loads that began before a change of an entry from being joined from now on, or kept. */
  static void outdate(EntryStore<?, ?> cache, EntryKey key) {
    if (!RUNNING.isEmpty()) {
      RUNNING.computeIfPresent(new Place(cache, key.text()), ReadThrough::outdated);
    }
  }

  /** Does the same for all entries of a cache. */
  static void outdateAll(EntryStore<?, ?> cache) {
    for (Place place : RUNNING.keySet()) {
      if (place.cache == cache) {
        RUNNING.computeIfPresent(place, ReadThrough::outdated);
      }
    }
  }

  private static @Nullable Load outdated(Place place, Load load) {
    load.isOutdated = true;
    return null;
  }

  /** Loads and stores the value of one entry; null if there is none. */
  @Nullable V load(Operation operation, SeenEntry<K, V> miss, OperationRecorder<K, V> recorder) {
    return once(
        miss,
        recorder,
        load -> {
          V loaded = ask(List.of(load), recorder, () -> context.loader().load(miss.key()));
          if (loaded == null) {
            load.share(null);
            return null;
          }
          LoadUpdate<K, V> update = new LoadUpdate<>(context, recorder, miss, loaded, false);
          try {
            if (!load.isOutdated) {
              context.updater().runOnce(operation, List.of(update));
              removeIfOutdated(operation, load, update);
            }
          } finally { // whether or not it could be stored
            share(load, update);
          }
          return update.isExpiredAtOnce() ? null : loaded;
        });
  }

  /** Loads a value for an entry processor, whose update stores it. */
  @Nullable V loadOnly(SeenEntry<K, V> miss, OperationRecorder<K, V> recorder) {
    return once(
        miss,
        recorder,
        load -> {
          V loaded = ask(List.of(load), recorder, () -> context.loader().load(miss.key()));
          try { // before the processor changes it
            load.share(loaded == null ? null : context.store().encodeValue(loaded));
          } catch (CacheException e) {
            LOG.trace("Each thread loads by itself what can't be copied", e);
          }
          return loaded;
        });
  }

  /** Asks the loader; what it throws belongs to all who wait for the loads. */
  private static <T extends @Nullable Object> T ask(
      List<Load> loads, OperationRecorder<?, ?> recorder, Supplier<T> loader) {
    try {
      return recorder.untimed(loader);
    } catch (RuntimeException e) {
      if (!isInterrupted(e)) {
        loads.forEach(load -> load.fail(e));
      }
      throw e;
    }
  }

  /** Returns whether a failure is this thread's own: somebody has interrupted it. */
  private static boolean isInterrupted(Throwable failure) {
    boolean interrupted = Thread.currentThread().isInterrupted();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      interrupted |= cause instanceof InterruptedException;
    }
    return interrupted;
  }

  /** Takes back a value that was stored just when this cache changed the entry. */
  private void removeIfOutdated(Operation operation, Load load, LoadUpdate<K, V> update) {
    if (load.isOutdated && update.isStored()) {
      ConditionalUpdate<K, V> removal =
          ConditionalUpdate.remove(
                  context, update.recorder, update.key, update.encodedKey, update.value())
              .asPlain(true);
      context.updater().run(operation, List.of(removal));
    }
  }

  /** What the thread does that begins a load. */
  private interface Work<V> {
    @Nullable V run(Load load);
  }

  private @Nullable V once(SeenEntry<K, V> miss, OperationRecorder<K, V> recorder, Work<V> work) {
    Load load = begin(miss, false);
    if (!load.isOwn()) {
      boolean ended = recorder.untimed(() -> load.await(waitUntil()));
      Loaded<K, V> taken = new Loaded<>(new HashMap<>(1), new Failures());
      if (ended && takePart(load, miss.key(), taken)) {
        return taken.values.get(miss.key());
      }
      // One that takes too long is none that others should wait for, too.
      return lead(ended ? new Load(load.place, load.missed) : begin(miss, true), work);
    }
    return lead(load, work);
  }

  private static <V> @Nullable V lead(Load load, Work<V> work) {
    try {
      return work.run(load);
    } finally {
      load.end();
    }
  }

  /**
   * Loads and stores the values of many entries, by one call of the loader for those that no other
   * thread is loading.
   *
   * @param replace whether entries that are there are loaded anew, by this call itself
   * @param storing runs what stores the values and records that
   */
  Loaded<K, V> loadAll(
      Operation operation,
      List<SeenEntry<K, V>> wanted,
      OperationRecorder<K, V> recorder,
      boolean replace,
      Consumer<Runnable> storing) {
    Loaded<K, V> loaded = new Loaded<>(new HashMap<>(), new Failures());
    List<Load> own = new ArrayList<>(wanted.size());
    List<SeenEntry<K, V>> ownEntries = new ArrayList<>(wanted.size());
    Map<SeenEntry<K, V>, Load> others = new HashMap<>(0);
    try {
      Set<String> begun = new HashSet<>(wanted.size() * 4 / 3 + 1);
      for (SeenEntry<K, V> entry : wanted) {
        if (begun.add(entry.encodedKey().text())) { // a set may hold equal keys
          Load load = begin(entry, replace);
          if (load.isOwn()) {
            own.add(load);
            ownEntries.add(entry);
          } else {
            others.put(entry, load);
          }
        }
      }
      load(operation, ownEntries, own, recorder, replace, storing, loaded);
    } finally {
      own.forEach(Load::end);
    }
    List<SeenEntry<K, V>> left = new ArrayList<>(0);
    long deadline = waitUntil();
    others.forEach(
        (entry, load) -> {
          boolean ended = recorder.untimed(() -> load.await(deadline));
          if (!ended || !takePart(load, entry.key(), loaded)) {
            left.add(entry);
          }
        });
    if (!left.isEmpty()) {
      recorder.awaitListeners();
      load(operation, left, List.of(), recorder, replace, storing, loaded);
    }
    return loaded;
  }

  /**
   * Asks the loader, shares what it brings with those who wait for a load, and stores it. In this
   * order: they may hold what storing waits for.
   */
  private void load(
      Operation operation,
      List<SeenEntry<K, V>> entries,
      List<Load> loads,
      OperationRecorder<K, V> recorder,
      boolean replace,
      Consumer<Runnable> storing,
      Loaded<K, V> to) {
    if (entries.isEmpty()) {
      return;
    }
    List<K> keys = entries.stream().map(SeenEntry::key).toList();
    Map<K, V> values = ask(loads, recorder, () -> context.loader().loadAll(keys));
    List<LoadUpdate<K, V>> updates = new ArrayList<>(values.size());
    List<LoadUpdate<K, V>> inTime = new ArrayList<>(values.size());
    for (int i = 0; i < entries.size(); i++) {
      V value = values.get(entries.get(i).key());
      Load load = loads.isEmpty() ? null : loads.get(i);
      LoadUpdate<K, V> update = null;
      if (value != null) {
        update = new LoadUpdate<>(context, recorder, entries.get(i), value, replace);
        updates.add(update);
        if (load == null || !load.isOutdated) {
          inTime.add(update);
        }
      }
      if (load != null) {
        if (update == null || context.expiry().isStandard()) {
          share(load, update);
        }
        load.end();
      }
    }
    storing.accept(() -> context.updater().runOnce(operation, inTime));
    for (LoadUpdate<K, V> update : updates) {
      CacheException why = update.whyNotStored();
      if (why != null) {
        to.notStored.add(why);
      }
      if (!update.isExpiredAtOnce()) {
        to.values.put(update.key, update.value());
      }
    }
    for (int i = 0; i < loads.size(); i++) {
      if (loads.get(i).isOutdated) {
        K key = entries.get(i).key();
        for (LoadUpdate<K, V> update : inTime) {
          if (update.key.equals(key)) {
            removeIfOutdated(operation, loads.get(i), update);
          }
        }
      }
    }
  }

  /** Begins a load, or finds the one that is going on. */
  private Load begin(SeenEntry<K, V> miss, boolean anew) {
    Place place = new Place(context.store(), miss.encodedKey().text());
    Load begun = new Load(place, miss.snapshot().itemKey());
    if (miss.snapshot().isAway()) {
      return begun; // nobody finds it
    }
    Load load =
        RUNNING.compute(
            place,
            (same, running) ->
                running != null
                        && (running.isOwn() || (!anew && running.missed.equals(begun.missed)))
                    ? running
                    : begun);
    if (load != begun && load.isOwn()) {
      throw new CacheLoaderException(
          "The cache loader asks the cache '"
              + context.store()
              + "' for the key that it is loading ("
              + miss.key()
              + "); have it ask the source of the values only");
    }
    return load;
  }

  private void share(Load load, @Nullable LoadUpdate<K, V> update) {
    NewEntry<K, V> storable = update == null ? null : update.storable();
    boolean isNothing =
        update == null
            || update.isExpiredAtOnce()
            || (context.expiry().isStandard()
                && !context.expiry().isAhead(context.expiry().afterCreation()));
    if (isNothing) {
      load.share(null);
    } else if (storable != null) {
      load.share(storable.encodedValue());
    }
  }

  /**
   * Takes what another thread has loaded.
   *
   * @return whether there is an outcome to take part in
   * @throws CacheLoaderException if its loader failed
   */
  private boolean takePart(Load load, K key, Loaded<K, V> to) {
    RuntimeException failure = load.failure;
    if (failure != null) { // one of its own for each thread, which may add to it
      throw new CacheLoaderException(failure.getMessage(), failure);
    }
    if (!load.isShared) {
      return false;
    }
    if (load.value != null) {
      try {
        to.values.put(key, context.store().decodeValue(load.value));
      } catch (RuntimeException | LinkageError e) { // it can be written, and not be read
        LOG.debug("What another thread has loaded can't be copied", e);
        return false;
      }
    }
    return true;
  }

  private long waitUntil() {
    return System.nanoTime() + context.loadWait().toNanos();
  }
}
