// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.SeenEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.LoadPause;
import org.memjcache.internal.operation.concurrency.SharedLoad;

/**
 * Loads and stores the values of many entries, by one call of the loader for those that nobody else
 * is loading; who waits for whom is as {@link ReadThrough} says.
 *
 * <p>Used once, by one thread.
 */
final class BulkLoad<K, V> {

  /** An entry that is missing, and its load in this process. */
  private record Begun<K, V>(SeenEntry<K, V> entry, SharedLoad load) {

    private static <K, V> List<Snapshot<V>> snapshots(List<Begun<K, V>> all) {
      return all.stream().map(begun -> begun.entry.snapshot()).toList();
    }
  }

  private final CacheContext<K, V> context;
  private final ReadThrough<K, V> readThrough;
  private final LeasedLoads<K, V> leases;
  private final Operation operation;
  private final OperationRecorder<K, V> recorder;
  private final boolean replace;
  private final boolean servesOlder;

  private final Map<K, V> values = new HashMap<>();
  private final Failures notStored = new Failures();

  /**
   * Creates a load.
   *
   * @param replace whether entries that are there are loaded anew, by this call itself
   * @param servesOlder whether what was cleared softly may stand for an entry that others load
   */
  BulkLoad(
      CacheContext<K, V> context,
      Operation operation,
      OperationRecorder<K, V> recorder,
      boolean replace,
      boolean servesOlder) {
    this.context = context;
    this.readThrough = new ReadThrough<>(context);
    this.leases = new LeasedLoads<>(context);
    this.operation = operation;
    this.recorder = recorder;
    this.replace = replace;
    this.servesOlder = servesOlder;
  }

  /** Returns what was loaded and is not expired at once, stored or not. */
  Map<K, V> values() {
    return values;
  }

  /** Returns why some of the values are not in the cache. */
  Failures notStored() {
    return notStored;
  }

  /** Loads entries. */
  void run(List<SeenEntry<K, V>> wanted) {
    recorder.awaitListeners(); // first: they may change what would be loaded
    List<Begun<K, V>> own = new ArrayList<>(wanted.size());
    List<Begun<K, V>> others = new ArrayList<>(0);
    try {
      Set<String> keys = new HashSet<>(wanted.size() * 4 / 3 + 1);
      for (SeenEntry<K, V> entry : wanted) {
        if (keys.add(entry.encodedKey().text())) { // a set may hold equal keys
          SharedLoad load = readThrough.begin(entry, replace);
          add(entry, load, load.isOwn() ? own : others);
        }
      }
      loadOwn(own);
    } finally {
      Failures.forEach(own, begun -> begun.load.close());
    }
    loadAlone(awaitThreads(serveOlder(others)));
  }

  private void loadOwn(List<Begun<K, V>> own) {
    load(replace || !leases.areEnabled() ? own : loadInTurn(own));
  }

  private void loadAlone(List<SeenEntry<K, V>> entries) {
    List<Begun<K, V>> own = new ArrayList<>(entries.size());
    try {
      for (SeenEntry<K, V> entry : entries) {
        add(entry, SharedLoad.alone(context.store(), entry), own);
      }
      loadOwn(own);
    } finally {
      Failures.forEach(own, begun -> begun.load.close());
    }
  }

  /** Takes note of a load, which is to be closed; does so itself if there is no memory. */
  private void add(SeenEntry<K, V> entry, SharedLoad load, List<Begun<K, V>> all) {
    try {
      all.add(new Begun<>(entry, load));
    } catch (Error e) {
      if (load.isOwn()) {
        load.close();
      }
      throw e;
    }
  }

  /** Takes what may be served of entries that were cleared softly; returns the others. */
  private List<Begun<K, V>> serveOlder(List<Begun<K, V>> loadedElsewhere) {
    if (!servesOlder || loadedElsewhere.isEmpty()) {
      return loadedElsewhere;
    }
    Map<K, V> older = leases.older(operation, loadedElsewhere.stream().map(Begun::entry).toList());
    values.putAll(older);
    return loadedElsewhere.stream().filter(begun -> !older.containsKey(begun.entry.key())).toList();
  }

  /** Takes part in the loads of other threads; returns those to be loaded all the same. */
  private List<SeenEntry<K, V>> awaitThreads(List<Begun<K, V>> others) {
    List<SeenEntry<K, V>> left = new ArrayList<>(0);
    for (Begun<K, V> other : others) {
      boolean ended = recorder.untimed(() -> other.load.await(readThrough.waitUntil(), false));
      ReadThrough.Outcome<V> outcome = ended ? readThrough.outcome(other.load) : null;
      if (outcome == null) {
        left.add(other.entry);
      } else {
        addNotStored(other.load);
        if (outcome.value() != null) {
          values.put(other.entry.key(), outcome.value());
        }
      }
    }
    if (!left.isEmpty()) {
      recorder.awaitListeners();
    }
    return left;
  }

  private void addNotStored(SharedLoad load) {
    CacheException why = load.whyNotStored();
    if (why != null) {
      notStored.add(why);
    }
  }

  /**
   * Takes what other processes load, as soon as it is there, and loads what they don't; returns
   * those that have taken too long.
   */
  private List<Begun<K, V>> loadInTurn(List<Begun<K, V>> own) {
    List<Begun<K, V>> pending = own;
    LoadPause pause = readThrough.newPause();
    for (boolean first = true; !pending.isEmpty(); first = false) {
      int before = pending.size();
      pending = loadThoseNobodyLoads(pending, first);
      boolean isToPause = !pending.isEmpty() && pending.size() == before; // else time has passed
      if (isToPause && !recorder.untimed(pause::pause)) {
        context.metrics().recordLostLeases(first ? 0 : pending.size());
        break;
      }
      if (first) {
        context.metrics().recordLoadWaits(pending.size());
      }
      if (!pending.isEmpty()) {
        recorder.awaitListeners(); // what was loaded until now was published
      }
    }
    return pending;
  }

  /** Returns those that other processes are loading. */
  private List<Begun<K, V>> loadThoseNobodyLoads(List<Begun<K, V>> pending, boolean first) {
    List<Snapshot<V>> seen =
        leases.askUnlessAway(operation, pending.stream().map(Begun::entry).toList(), first);
    boolean isDone = false;
    try {
      List<Begun<K, V>> elsewhere = loadThoseNobodyLoads(pending, seen, first);
      isDone = true;
      return elsewhere;
    } finally {
      if (!isDone) {
        leases.giveBack(operation, seen);
      }
    }
  }

  private List<Begun<K, V>> loadThoseNobodyLoads(
      List<Begun<K, V>> pending, List<Snapshot<V>> seen, boolean first) {
    List<Begun<K, V>> free = new ArrayList<>(pending.size());
    List<Begun<K, V>> elsewhere = new ArrayList<>(0);
    for (int i = 0; i < seen.size(); i++) {
      SeenEntry<K, V> miss = pending.get(i).entry;
      SharedLoad load = pending.get(i).load;
      SeenEntry<K, V> now = new SeenEntry<>(miss.key(), miss.encodedKey(), seen.get(i));
      if (ReadThrough.isSaved(now.snapshot())) {
        V value = readThrough.takeSaved(now.snapshot(), load);
        if (value != null) {
          values.put(now.key(), value);
        }
        load.end();
      } else {
        (now.snapshot().isLoadedElsewhere() ? elsewhere : free).add(new Begun<>(now, load));
      }
    }
    context.metrics().recordLostLeases(first ? 0 : free.size());
    List<Begun<K, V>> left = first ? serveOlder(elsewhere) : elsewhere;
    elsewhere.forEach(begun -> begun.load.holdUp());
    load(free);
    return left;
  }

  /** Asks the loader, shares what it brings with those who wait for a load, and stores it. */
  private void load(List<Begun<K, V>> all) {
    if (all.isEmpty()) {
      return;
    }
    Map<K, V> loaded = askLoader(all);
    List<LoadUpdate<K, V>> updates = new ArrayList<>(loaded.size());
    List<Begun<K, V>> nothing = new ArrayList<>(0);
    for (Begun<K, V> begun : all) {
      V value = loaded.get(begun.entry.key());
      if (value == null) {
        begun.load.share(null);
        begun.load.end();
        nothing.add(begun);
      } else {
        LoadUpdate<K, V> update =
            new LoadUpdate<>(context, recorder, begun.entry, value, replace, begun.load);
        updates.add(update);
        update.share();
      }
    }
    leases.noteNothing(operation, Begun.snapshots(nothing));
    readThrough.store(operation, recorder, updates);
    for (LoadUpdate<K, V> update : updates) {
      addNotStored(update.load());
      if (!update.isExpiredAtOnce()) {
        values.put(update.key, update.value());
      }
    }
  }

  private Map<K, V> askLoader(List<Begun<K, V>> all) {
    List<K> keys = all.stream().map(begun -> begun.entry.key()).toList();
    List<SharedLoad> loads = all.stream().map(Begun::load).toList();
    return readThrough.ask(loads, recorder, () -> context.loader().loadAll(keys));
  }
}
