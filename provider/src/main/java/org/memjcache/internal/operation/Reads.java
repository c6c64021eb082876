package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.entry.Reading;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.namespace.Versions;

/**
 * {@code get}, {@code getAll} and {@code containsKey}.
 *
 * <p>One round trip. A second one moves deadlines where the expiry policy wants it, or stores what
 * a loader brought for the misses. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Reads<K, V> {

  private static final String GET = "get";
  private static final String GET_ALL = "getAll";

  private final CacheContext<K, V> parts;

  /**
   * Makes the reads of a cache.
   *
   * @param parts what the cache works with
   */
  public Reads(CacheContext<K, V> parts) {
    this.parts = parts;
  }

  /**
   * Does {@link javax.cache.Cache#get}.
   *
   * @param key the entry's key
   * @return the value, null if there is none
   */
  public @Nullable V get(K key) {
    K asked = parts.types().key(key);
    EntryKey encoded = parts.keys().encode(asked);
    OperationRecorder<K, V> report = parts.report();
    Found<V> found = find(GET, encoded, needsTokens());
    report.looked(found.entry);
    if (found.entry.isLive()) {
      V value = found.entry.value();
      accessed(
          GET, found.versions, new AccessUpdate<>(parts.expiry(), asked, encoded), found.entry);
      report.publish();
      return value;
    }
    if (!parts.readThrough()) {
      report.publish();
      return null;
    }
    V loaded;
    try {
      loaded = load(asked, encoded, found, report);
    } catch (RuntimeException | Error e) {
      report.publishAfter(e);
      throw e;
    }
    report.publish();
    return loaded;
  }

  /**
   * Does {@link javax.cache.Cache#containsKey}.
   *
   * @param key the entry's key
   * @return whether there is an entry
   */
  public boolean containsKey(K key) {
    return find("containsKey", parts.keys().encode(parts.types().key(key)), false).entry.isLive();
  }

  /**
   * Does {@link javax.cache.Cache#getAll}.
   *
   * @param keys the keys
   * @return the values that were found or loaded, by their keys
   */
  public Map<K, V> getAll(Set<? extends K> keys) {
    Objects.requireNonNull(keys, "The set of keys is null");
    List<AccessUpdate<K, V>> steps = new ArrayList<>(keys.size());
    for (K key : keys) {
      K asked = parts.types().key(key);
      steps.add(new AccessUpdate<>(parts.expiry(), asked, parts.keys().encode(asked)));
    }
    if (steps.isEmpty()) {
      return new HashMap<>();
    }
    OperationRecorder<K, V> report = parts.report();
    Map<K, V> values = new HashMap<>(steps.size() * 4 / 3 + 1);
    Reading<K, V> reading = parts.machine().read(GET_ALL, steps, needsTokens());
    List<EntryUpdate<K, V>> missing = new ArrayList<>();
    List<Snapshot<V>> misses = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Snapshot<V> entry = reading.entries().get(i);
      report.looked(entry);
      if (entry.isLive()) {
        values.put(steps.get(i).key(), entry.value());
      } else {
        missing.add(steps.get(i));
        misses.add(entry);
      }
    }
    if (parts.expiry().movesOnAccess()) {
      parts.machine().runOnce(GET_ALL, reading);
    }
    try {
      if (parts.readThrough() && !missing.isEmpty()) {
        values.putAll(loadAll(new Reading<>(reading.versions(), missing, misses), report));
      }
    } catch (RuntimeException | Error e) {
      report.publishAfter(e);
      throw e;
    }
    report.publish();
    return values;
  }

  /** Returns true if what is found may be changed or replaced at once. */
  private boolean needsTokens() {
    return parts.expiry().movesOnAccess() || parts.readThrough();
  }

  private Found<V> find(String operation, EntryKey encoded, boolean withTokens) {
    VersionedBatch attempt = parts.namespace().attempt(operation);
    while (true) {
      if (withTokens) {
        attempt.withTokens();
      }
      ItemKey itemKey = attempt.prefix().itemKey(encoded);
      VersionedBatch.Read read = attempt.read(itemKey.text());
      if (attempt.run()) {
        return new Found<>(attempt.versions(), parts.machine().snapshot(itemKey, attempt, read));
      }
      attempt = attempt.again();
    }
  }

  private void accessed(
      String operation, Versions versions, AccessUpdate<K, V> step, Snapshot<V> entry) {
    if (parts.expiry().movesOnAccess()) {
      parts.machine().runOnce(operation, new Reading<>(versions, List.of(step), List.of(entry)));
    }
  }

  /** Loads one value for all threads that miss it at the same time, and stores it. */
  private @Nullable V load(K key, EntryKey encoded, Found<V> miss, OperationRecorder<K, V> report) {
    KeyLocks.Held held = KeyLocks.SHARED.hold(parts.namespace(), List.of(encoded));
    try {
      Found<V> found = miss;
      if (held.waited()) {
        found = find(GET, encoded, true);
        if (found.entry.isLive()) {
          return found.entry.value();
        }
      }
      V loaded = parts.loader().load(key);
      if (loaded == null) {
        return null;
      }
      LoadUpdate<K, V> step =
          new LoadUpdate<>(parts, report, key, encoded, parts.types().value(loaded), false);
      parts
          .machine()
          .runOnce(GET, new Reading<>(found.versions, List.of(step), List.of(found.entry)));
      return step.expiredAtOnce() ? null : loaded;
    } finally {
      held.close();
    }
  }

  private Map<K, V> loadAll(Reading<K, V> missing, OperationRecorder<K, V> report) {
    List<K> keys = new ArrayList<>(missing.steps().size());
    for (EntryUpdate<K, V> step : missing.steps()) {
      keys.add(step.key());
    }
    Map<K, V> loaded = parts.loader().loadAll(keys);
    LoadBatch<K, V> batch = LoadBatch.of(parts, report, missing, loaded, false);
    parts.machine().runOnce(GET_ALL, batch.reading());
    Map<K, V> values = new HashMap<>();
    for (LoadUpdate<K, V> step : batch.steps()) {
      if (!step.expiredAtOnce()) {
        values.put(step.key(), step.value());
      }
    }
    return values;
  }

  private record Found<V>(Versions versions, Snapshot<V> entry) {}
}
