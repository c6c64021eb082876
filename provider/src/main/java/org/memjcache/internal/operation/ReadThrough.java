package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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

/**
 * Asks the loader for entries that are missing, and stores what it brings: one load at a time for
 * an entry of a cache in this process.
 *
 * <p>A thread that misses an entry which another one is loading waits, and takes part in the
 * outcome: the value, of which it gets a copy; that there is none; or the loader's exception. It
 * asks the loader itself, beside the other one,
 *
 * <ul>
 *   <li>if it missed the entry under other versions, or after this process had changed the entry: a
 *       load that began before must not pass for a newer one;
 *   <li>if a server is away: nobody waits then;
 *   <li>if the value can't be copied, or the other thread ended by an {@link Error};
 *   <li>after {@code load.wait}, and when it is interrupted.
 * </ul>
 *
 * <p>No lock is held while the loader runs. Thread-safe.
 */
final class ReadThrough<K, V> {

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

    Load(Place place, ItemKey missed) {
      this.place = place;
      this.missed = missed;
    }

    boolean isOwn() {
      return loader.equals(Thread.currentThread());
    }

    /** Gives those who wait a value, or null for none. */
    void share(@Nullable EncodedValue loaded) {
      value = loaded;
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

    /** Waits for the end; returns whether there is an outcome to take part in. */
    boolean await(long deadline) {
      try {
        return ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS) && isShared;
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

  /** Lets threads that come from now on take part in no load that began before. */
  static void forget(EntryStore<?, ?> cache, EntryKey key) {
    if (!RUNNING.isEmpty()) {
      RUNNING.remove(new Place(cache, key.text()));
    }
  }

  /** Loads and stores the value of one entry; null if there is none. */
  @Nullable V load(Operation operation, SeenEntry<K, V> miss, OperationRecorder<K, V> recorder) {
    return once(
        miss,
        recorder,
        load -> {
          V loaded = recorder.untimed(() -> context.loader().load(miss.key()));
          if (loaded == null) {
            load.share(null);
            return null;
          }
          LoadUpdate<K, V> update = new LoadUpdate<>(context, recorder, miss, loaded, false);
          context.updater().runOnce(operation, List.of(update));
          share(load, update);
          return update.isExpiredAtOnce() ? null : loaded;
        });
  }

  /** Loads a value for an entry processor, whose update stores it. */
  @Nullable V loadOnly(SeenEntry<K, V> miss, OperationRecorder<K, V> recorder) {
    return once(
        miss,
        recorder,
        load -> {
          V loaded = context.loader().load(miss.key()); // in the processor's time
          if (loaded == null) {
            load.share(null);
          }
          return loaded;
        });
  }

  /** What the thread does that begins a load. */
  private interface Work<V> {
    @Nullable V run(Load load);
  }

  private @Nullable V once(SeenEntry<K, V> miss, OperationRecorder<K, V> recorder, Work<V> work) {
    Load load = begin(miss, false);
    if (!load.isOwn()) {
      if (recorder.untimed(() -> load.await(waitUntil()))) {
        return outcome(load);
      }
      return work.run(new Load(load.place, load.missed)); // by itself, and for nobody else
    }
    try {
      return work.run(load);
    } catch (RuntimeException e) {
      load.fail(e);
      throw e;
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
      for (SeenEntry<K, V> entry : wanted) {
        Load load = begin(entry, replace);
        if (load.isOwn()) {
          own.add(load);
          ownEntries.add(entry);
        } else {
          others.put(entry, load);
        }
      }
      load(operation, ownEntries, own, recorder, replace, storing, loaded);
    } catch (RuntimeException e) {
      own.forEach(load -> load.fail(e));
      throw e;
    } finally {
      own.forEach(Load::end);
    }
    List<SeenEntry<K, V>> left = new ArrayList<>(0);
    long deadline = waitUntil();
    others.forEach(
        (entry, load) -> {
          if (!recorder.untimed(() -> load.await(deadline))) {
            left.add(entry);
          } else {
            V value = outcome(load);
            if (value != null) {
              loaded.values.put(entry.key(), value);
            }
          }
        });
    load(operation, left, List.of(), recorder, replace, storing, loaded);
    return loaded;
  }

  /** Asks the loader, stores what it brings, and shares it with those who wait for a load. */
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
    Map<K, V> values = recorder.untimed(() -> context.loader().loadAll(keys));
    Map<K, LoadUpdate<K, V>> updates = new HashMap<>(values.size() * 4 / 3 + 1);
    storing.accept(
        () -> {
          for (LoadUpdate<K, V> update :
              LoadUpdate.store(operation, context, recorder, entries, values, replace)) {
            updates.put(update.key, update);
          }
        });
    updates.forEach(
        (key, update) -> {
          CacheException why = update.whyNotStored();
          if (why != null) {
            to.notStored.add(why);
          }
          if (!update.isExpiredAtOnce()) {
            to.values.put(key, update.value());
          }
        });
    for (int i = 0; i < loads.size(); i++) {
      LoadUpdate<K, V> update = updates.get(entries.get(i).key());
      if (update == null) {
        loads.get(i).share(null);
      } else {
        share(loads.get(i), update);
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

  private void share(Load load, LoadUpdate<K, V> update) {
    NewEntry<K, V> storable = update.storable();
    if (update.isExpiredAtOnce()) {
      load.share(null);
    } else if (storable != null) {
      load.share(storable.encodedValue());
    }
  }

  private @Nullable V outcome(Load load) {
    if (load.failure != null) {
      throw load.failure;
    }
    return load.value == null ? null : context.store().decodeValue(load.value);
  }

  private long waitUntil() {
    return System.nanoTime() + context.loadWait().toNanos();
  }
}
