// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.CacheException;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.entry.UnstoredValues;
import org.memjcache.internal.integration.HibernateValues;
import org.memjcache.internal.integration.Writer.BatchResult;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.operation.ConditionalUpdate.Condition;

/**
 * {@code put}, {@code putAll}, {@code putIfAbsent}, {@code replace} and their relatives.
 *
 * <p>A {@code put} or {@code putAll} that need not look at the old entry takes one round trip;
 * everything else goes through the {@link OptimisticUpdater}. Values are encoded before the writer
 * is called: what can't be stored must not be written either. Thread-safe.
 */
public final class Writes<K, V> {

  private final CacheContext<K, V> context;

  public Writes(CacheContext<K, V> context) {
    this.context = context;
  }

  /** Does {@link javax.cache.Cache#put}. */
  public void put(K key, V value) {
    Operation put = new Operation("put");
    NewEntry<K, V> entry;
    try {
      entry = context.newEntry(key, value);
    } catch (CacheException e) {
      if (!HibernateValues.isState(value)) {
        throw e;
      }
      goOnWithout(key, value, e);
      return;
    }
    if (needsOldEntry()) {
      OperationRecorder<K, V> recorder = context.recorder();
      context.run(put, List.of(update(entry, recorder, Condition.NONE).asPlain(false)), recorder);
      return;
    }
    List<EntryKey> keys = List.of(entry.encodedKey());
    context.runChange(
        keys,
        () -> {
          OperationRecorder<K, V> recorder = context.recorder();
          context.writer().write(entry.key(), entry.value());
          set(put, List.of(entry), keys, recorder);
        });
  }

  /** Leaves no older state where one can't be stored, but leaves a lock. */
  private void goOnWithout(K key, V state, CacheException why) {
    context.metrics().recordRejectedValue();
    UnstoredValues.log(context.store(), state.getClass().getName(), why);
    EntryKey encodedKey = context.store().encodeKey(key);
    OperationRecorder<K, V> recorder = context.recorder();
    context.run(
        new Operation("put"),
        List.of(
            new EntryUpdate<>(context, recorder, key, encodedKey) {
              @Override
              Change decide(Snapshot<V> current) {
                context.outdateLoads(List.of(encodedKey));
                return current.isLive() && HibernateValues.isLock(current.value())
                    ? Change.Simple.KEEP
                    : Change.Simple.REMOVE;
              }
            }),
        recorder);
  }

  /** Does {@link javax.cache.Cache#getAndPut}. */
  public @Nullable V getAndPut(K key, V value) {
    return run(new Operation("getAndPut"), context.newEntry(key, value), Condition.NONE, null)
        .oldValue();
  }

  /** Does {@link javax.cache.Cache#putAll}. */
  public void putAll(Map<? extends K, ? extends V> map) {
    Objects.requireNonNull(map, "The map is null");
    List<Asked<K, V>> asked = new ArrayList<>(map.size());
    map.forEach( // once: another thread may change it
        (key, value) ->
            asked.add(
                new Asked<>(
                    key,
                    context.store().encodeKey(context.types().requireKey(key)),
                    context.types().requireValue(value))));
    List<NewEntry<K, V>> entries = new ArrayList<>(asked.size());
    Failures failures = new Failures(); // one value that can't be stored doesn't stop the others
    for (Asked<K, V> each : asked) {
      try {
        entries.add(context.newEntry(each.key, each.encodedKey, each.value));
      } catch (CacheException e) {
        failures.add(e);
      }
    }
    if (!entries.isEmpty()) {
      OperationRecorder<K, V> recorder = context.recorder();
      recorder.awaitListeners();
      try {
        context.runChange(
            entries.stream().map(NewEntry::encodedKey).toList(), () -> putAll(entries, recorder));
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
    failures.throwIfAny();
  }

  private static <K, V> Map<K, V> valuesOf(List<NewEntry<K, V>> entries) {
    Map<K, V> values = new LinkedHashMap<>(entries.size() * 4 / 3 + 1);
    entries.forEach(entry -> values.put(entry.key(), entry.value()));
    return values;
  }

  /** An entry that is to be put, whose value is not encoded yet. */
  private record Asked<K, V>(K key, EntryKey encodedKey, V value) {}

  private void putAll(List<NewEntry<K, V>> entries, OperationRecorder<K, V> recorder) {
    Operation putAll = new Operation("putAll");
    BatchResult<K> written = context.writer().writeAll(valuesOf(entries));
    Set<K> succeeded = written.succeeded();
    List<NewEntry<K, V>> accepted =
        written.failure() == null
            ? entries
            : entries.stream().filter(entry -> succeeded.contains(entry.key())).toList();
    List<Runnable> both = List.of(written::throwIfFailed, () -> store(putAll, accepted, recorder));
    Failures.forEach(both, Runnable::run);
  }

  private void store(
      Operation putAll, List<NewEntry<K, V>> accepted, OperationRecorder<K, V> recorder) {
    if (needsOldEntry()) {
      List<ConditionalUpdate<K, V>> updates = new ArrayList<>(accepted.size());
      for (NewEntry<K, V> entry : accepted) {
        updates.add(update(entry, recorder, Condition.NONE).asPlain(true));
      }
      context.run(putAll, updates, recorder);
    } else if (!accepted.isEmpty()) {
      set(putAll, accepted, accepted.stream().map(NewEntry::encodedKey).toList(), recorder);
    }
  }

  /** Does {@link javax.cache.Cache#putIfAbsent}. */
  public boolean putIfAbsent(K key, V value) {
    Operation putIfAbsent = new Operation("putIfAbsent");
    NewEntry<K, V> entry = context.newEntry(key, value);
    if (context.expiry().isStandard()
        && !context.writer().isPresent()
        && !context.events().hears(EventType.CREATED)) {
      OperationRecorder<K, V> recorder = context.recorder();
      long deadline = context.expiry().afterCreation();
      MissReason missing =
          context.expiry().isAhead(deadline)
              ? context.store().add(putIfAbsent, entry, deadline)
              : null;
      if (missing != null) {
        context.outdateLoads(List.of(entry.encodedKey()));
        recorder.recordMiss(missing);
        recorder.recordPuts(1);
        recorder.publish();
        return true;
      }
      // An item is there, or the value is rejected. Only a look at it tells whether it is live.
    }
    return run(putIfAbsent, entry, Condition.IF_ABSENT, null).isMade();
  }

  /** Does {@link javax.cache.Cache#replace(Object, Object)}. */
  public boolean replace(K key, V value) {
    return run(new Operation("replace"), context.newEntry(key, value), Condition.IF_PRESENT, null)
        .isMade();
  }

  /** Does {@link javax.cache.Cache#replace(Object, Object, Object)}. */
  public boolean replace(K key, V expected, V value) {
    V checked = context.types().requireValue(expected);
    return run(
            new Operation("replace"), context.newEntry(key, value), Condition.IF_PRESENT, checked)
        .isMade();
  }

  /** Does {@link javax.cache.Cache#getAndReplace}. */
  public @Nullable V getAndReplace(K key, V value) {
    return run(
            new Operation("getAndReplace"),
            context.newEntry(key, value),
            Condition.IF_PRESENT,
            null)
        .oldValue();
  }

  private ConditionalUpdate<K, V> run(
      Operation operation, NewEntry<K, V> entry, Condition condition, @Nullable V expected) {
    OperationRecorder<K, V> recorder = context.recorder();
    ConditionalUpdate<K, V> update =
        ConditionalUpdate.store(context, recorder, entry, condition, expected);
    context.run(operation, List.of(update), recorder);
    return update;
  }

  private ConditionalUpdate<K, V> update(
      NewEntry<K, V> entry, OperationRecorder<K, V> recorder, Condition condition) {
    return ConditionalUpdate.store(context, recorder, entry, condition, null);
  }

  /** Stores entries without looking at what is there; throws if a server would not take some. */
  private void set(
      Operation operation,
      List<NewEntry<K, V>> entries,
      List<EntryKey> keys,
      OperationRecorder<K, V> recorder) {
    List<CacheException> rejections =
        context.makeWritten(
            keys,
            () -> context.store().set(operation, entries, context.expiry().afterCreationOfMany()));
    recorder.recordPuts(entries.size() - rejections.size());
    recorder.publish();
    Failures failures = new Failures();
    rejections.forEach(failures::add);
    failures.throwIfAny();
  }

  private boolean needsOldEntry() {
    return !context.expiry().isSameForAll() || context.events().needsOldEntry();
  }
}
