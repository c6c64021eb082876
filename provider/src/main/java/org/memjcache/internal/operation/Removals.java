package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.EntryScanner;
import org.memjcache.internal.integration.BatchResult;

/**
 * {@code remove}, {@code getAndRemove}, {@code removeAll} and {@code clear}.
 *
 * <p>To remove everything is one increment of the namespace's version, unless a writer, a listener
 * of removals or the statistics want to know each entry. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Removals<K, V> {

  private static final String REMOVE = "remove";
  private static final String REMOVE_ALL = "removeAll";

  /** How many entries are removed at a time when all are. */
  private static final int BATCH = 1_000;

  private final CacheContext<K, V> parts;
  private final boolean removeAllCounted;

  /**
   * Makes the removals of a cache.
   *
   * @param parts what the cache works with
   * @param removeAllCounted whether {@link #removeAll()} counts each entry for the statistics
   */
  public Removals(CacheContext<K, V> parts, boolean removeAllCounted) {
    this.parts = parts;
    this.removeAllCounted = removeAllCounted;
  }

  /**
   * Does {@link javax.cache.Cache#remove(Object)}.
   *
   * @param key the entry's key
   * @return whether an entry was removed
   */
  public boolean remove(K key) {
    K checked = parts.types().key(key);
    EntryKey encoded = parts.keys().encode(checked);
    OperationRecorder<K, V> report = parts.report();
    if (needsOldEntry()) {
      RemoveUpdate<K, V> step = new RemoveUpdate<>(parts, report, checked, encoded, false);
      parts.run(REMOVE, List.of(step), report);
      return step.removed();
    }
    boolean[] removed = new boolean[1];
    parts.ordered(
        List.of(encoded),
        () -> {
          parts.writer().delete(checked);
          removed[0] = parts.unconditional().delete(REMOVE, List.of(encoded)) > 0;
        });
    report.removals(removed[0] ? 1 : 0);
    report.publish();
    return removed[0];
  }

  /**
   * Does {@link javax.cache.Cache#remove(Object, Object)}.
   *
   * @param key the entry's key
   * @param expected the value that must be there
   * @return whether an entry was removed
   */
  public boolean remove(K key, V expected) {
    K checked = parts.types().key(key);
    OperationRecorder<K, V> report = parts.report();
    RemoveIfUpdate<K, V> step =
        new RemoveIfUpdate<>(
            parts, report, checked, parts.keys().encode(checked), parts.types().value(expected));
    parts.run(REMOVE, List.of(step), report);
    return step.removed();
  }

  /**
   * Does {@link javax.cache.Cache#getAndRemove}.
   *
   * @param key the entry's key
   * @return the value that was removed, null if none
   */
  public @Nullable V getAndRemove(K key) {
    K checked = parts.types().key(key);
    OperationRecorder<K, V> report = parts.report();
    RemoveUpdate<K, V> step =
        new RemoveUpdate<>(parts, report, checked, parts.keys().encode(checked), false);
    step.countsAsGet();
    parts.run("getAndRemove", List.of(step), report);
    return step.old();
  }

  /**
   * Does {@link javax.cache.Cache#removeAll(Set)}.
   *
   * @param keys the keys
   */
  public void removeAll(Set<? extends K> keys) {
    Objects.requireNonNull(keys, "The set of keys is null");
    Map<K, EntryKey> encoded = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
    for (K key : keys) {
      K checked = parts.types().key(key);
      encoded.put(checked, parts.keys().encode(checked));
    }
    removeAll(encoded);
  }

  /** Does {@link javax.cache.Cache#removeAll()}. */
  public void removeAll() {
    boolean entriesAsked =
        parts.writer().isPresent()
            || parts.events().hears(EventType.REMOVED)
            || (removeAllCounted && parts.statistics().isEnabled());
    if (!entriesAsked) {
      parts.namespace().clear();
      return;
    }
    Map<K, EntryKey> batch = new LinkedHashMap<>();
    EntryScanner<K, V> walk = new EntryScanner<>(parts, REMOVE_ALL);
    while (walk.hasNext()) {
      EntryScanner.Found<K, V> found = walk.next();
      batch.put(found.key(), found.encodedKey());
      if (batch.size() == BATCH) {
        removeAll(batch);
        batch.clear();
      }
    }
    removeAll(batch);
  }

  /** Does {@link javax.cache.Cache#clear}. */
  public void clear() {
    parts.namespace().clear();
  }

  private void removeAll(Map<K, EntryKey> keys) {
    if (!keys.isEmpty()) {
      parts.ordered(keys.values(), () -> removeInOrder(keys));
    }
  }

  private void removeInOrder(Map<K, EntryKey> keys) {
    OperationRecorder<K, V> report = parts.report();
    BatchResult<K> written = parts.writer().deleteAll(keys.keySet());
    Set<K> succeeded = written.succeeded();
    if (needsOldEntry()) {
      List<RemoveUpdate<K, V>> steps = new ArrayList<>(keys.size());
      keys.forEach(
          (key, encoded) -> {
            if (succeeded.contains(key)) {
              steps.add(new RemoveUpdate<>(parts, report, key, encoded, true));
            }
          });
      parts.run(REMOVE_ALL, steps, report);
    } else {
      List<EntryKey> accepted = new ArrayList<>(keys.size());
      keys.forEach(
          (key, encoded) -> {
            if (succeeded.contains(key)) {
              accepted.add(encoded);
            }
          });
      if (!accepted.isEmpty()) {
        report.removals(parts.unconditional().delete(REMOVE_ALL, accepted));
      }
      report.publish();
    }
    written.throwIfFailed();
  }

  /** Returns true unless an item that is there is surely a live entry, and nobody asks for it. */
  private boolean needsOldEntry() {
    return !parts.expiry().isEternal() || parts.events().needsOldEntry();
  }
}
