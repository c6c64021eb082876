package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.BlindWrites;
import org.memjcache.internal.integration.BatchResult;

/**
 * {@code put}, {@code putAll}, {@code putIfAbsent}, {@code replace} and their relatives.
 *
 * <p>A {@code put} or {@code putAll} of which nobody looks at the old entry takes one round trip;
 * everything else goes through the {@link OptimisticUpdater}. Values are encoded before the writer
 * is called: what can't be stored must not be written either. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Writes<K, V> {

  private static final String PUT_ALL = "putAll";
  private static final String PUT_IF_ABSENT = "putIfAbsent";

  private final CacheContext<K, V> parts;

  /**
   * Makes the writes of a cache.
   *
   * @param parts what the cache works with
   */
  public Writes(CacheContext<K, V> parts) {
    this.parts = parts;
  }

  /**
   * Does {@link javax.cache.Cache#put}.
   *
   * @param key the entry's key
   * @param value the value
   */
  public void put(K key, V value) {
    Entry<K, V> entry = encode(key, value);
    if (needsOldEntry()) {
      OperationRecorder<K, V> report = parts.report();
      parts.run("put", putSteps(List.of(entry), report, false), report);
      return;
    }
    parts.ordered(
        List.of(entry.encoded),
        () -> {
          OperationRecorder<K, V> report = parts.report();
          parts.writer().write(entry.key, entry.value);
          set("put", List.of(entry), report);
          report.publish();
        });
  }

  /**
   * Does {@link javax.cache.Cache#getAndPut}.
   *
   * @param key the entry's key
   * @param value the value
   * @return the value that was there before, null if none
   */
  public @Nullable V getAndPut(K key, V value) {
    Entry<K, V> entry = encode(key, value);
    OperationRecorder<K, V> report = parts.report();
    PutUpdate<K, V> step = putStep(entry, report, false);
    step.countsAsGet();
    parts.run("getAndPut", List.of(step), report);
    return step.old();
  }

  /**
   * Does {@link javax.cache.Cache#putAll}.
   *
   * @param map values by their keys
   */
  public void putAll(Map<? extends K, ? extends V> map) {
    Objects.requireNonNull(map, "The map is null");
    List<Entry<K, V>> entries = new ArrayList<>(map.size());
    map.forEach((key, value) -> entries.add(encode(key, value)));
    if (entries.isEmpty()) {
      return;
    }
    List<EntryKey> keys = entries.stream().map(Entry::encoded).toList();
    parts.ordered(keys, () -> putAll(map, entries));
  }

  private void putAll(Map<? extends K, ? extends V> map, List<Entry<K, V>> entries) {
    OperationRecorder<K, V> report = parts.report();
    BatchResult<K> written = parts.writer().writeAll(map);
    Set<K> succeeded = written.succeeded();
    List<Entry<K, V>> accepted =
        written.failure() == null
            ? entries
            : entries.stream().filter(entry -> succeeded.contains(entry.key)).toList();
    if (needsOldEntry()) {
      parts.run(PUT_ALL, putSteps(accepted, report, true), report);
    } else {
      set(PUT_ALL, accepted, report);
      report.publish();
    }
    written.throwIfFailed();
  }

  /**
   * Does {@link javax.cache.Cache#putIfAbsent}.
   *
   * @param key the entry's key
   * @param value the value
   * @return whether the value was stored
   */
  public boolean putIfAbsent(K key, V value) {
    Entry<K, V> entry = encode(key, value);
    OperationRecorder<K, V> report = parts.report();
    if (parts.expiry().isStandard()
        && !parts.writer().isPresent()
        && !parts.events().hears(EventType.CREATED)) {
      long deadline = parts.expiry().afterCreation();
      BlindWrites.Value sent = new BlindWrites.Value(entry.encoded, entry.payload);
      if (parts.expiry().isAhead(deadline)
          && parts.unconditional().add(PUT_IF_ABSENT, sent, deadline)) {
        report.miss();
        report.put();
        report.publish();
        return true;
      }
      // An item is there, or the value is refused. It takes a look to tell whether one is live.
    }
    PutIfAbsentUpdate<K, V> step =
        new PutIfAbsentUpdate<>(
            parts, report, entry.key, entry.encoded, entry.value, entry.payload);
    parts.run(PUT_IF_ABSENT, List.of(step), report);
    return step.stored();
  }

  /**
   * Does {@link javax.cache.Cache#replace(Object, Object)}.
   *
   * @param key the entry's key
   * @param value the value
   * @return whether there was something to replace
   */
  public boolean replace(K key, V value) {
    return replace("replace", key, null, value).replaced();
  }

  /**
   * Does {@link javax.cache.Cache#replace(Object, Object, Object)}.
   *
   * @param key the entry's key
   * @param expected the value that must be there
   * @param value the value
   * @return whether there was something to replace
   */
  public boolean replace(K key, V expected, V value) {
    return replace("replace", key, parts.types().value(expected), value).replaced();
  }

  /**
   * Does {@link javax.cache.Cache#getAndReplace}.
   *
   * @param key the entry's key
   * @param value the value
   * @return the value that was replaced, null if none
   */
  public @Nullable V getAndReplace(K key, V value) {
    return replace("getAndReplace", key, null, value).old();
  }

  private ReplaceUpdate<K, V> replace(String operation, K key, @Nullable V expected, V value) {
    Entry<K, V> entry = encode(key, value);
    OperationRecorder<K, V> report = parts.report();
    ReplaceUpdate<K, V> step =
        new ReplaceUpdate<>(
            parts, report, entry.key, entry.encoded, expected, entry.value, entry.payload);
    parts.run(operation, List.of(step), report);
    return step;
  }

  private List<PutUpdate<K, V>> putSteps(
      List<Entry<K, V>> entries, OperationRecorder<K, V> report, boolean written) {
    List<PutUpdate<K, V>> steps = new ArrayList<>(entries.size());
    for (Entry<K, V> entry : entries) {
      steps.add(putStep(entry, report, written));
    }
    return steps;
  }

  private PutUpdate<K, V> putStep(
      Entry<K, V> entry, OperationRecorder<K, V> report, boolean written) {
    return new PutUpdate<>(
        parts, report, entry.key, entry.encoded, entry.value, entry.payload, written);
  }

  /** Stores entries without looking: creating and updating them gives the same deadline. */
  private void set(String operation, List<Entry<K, V>> entries, OperationRecorder<K, V> report) {
    if (entries.isEmpty()) {
      return;
    }
    long deadline = parts.expiry().afterCreation();
    if (parts.expiry().isAhead(deadline)) {
      List<BlindWrites.Value> values = new ArrayList<>(entries.size());
      for (Entry<K, V> entry : entries) {
        values.add(new BlindWrites.Value(entry.encoded, entry.payload));
      }
      parts.unconditional().set(operation, values, deadline);
      report.puts(entries.size());
    } else { // no time at all: a live entry is updated and gone, a new one never was
      parts.machine().run(operation, putSteps(entries, report, true));
    }
  }

  private boolean needsOldEntry() {
    return !parts.isUnwatched() || parts.expiry().needsOldEntryToUpdate();
  }

  private Entry<K, V> encode(K key, V value) {
    K checkedKey = parts.types().key(key);
    V checkedValue = parts.types().value(value);
    return new Entry<>(
        checkedKey,
        parts.keys().encode(checkedKey),
        checkedValue,
        parts.envelopes().encode(checkedValue));
  }

  private record Entry<K, V>(K key, EntryKey encoded, V value, EncodedValue payload) {}
}
