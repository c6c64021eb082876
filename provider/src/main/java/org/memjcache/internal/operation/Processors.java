package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;

/**
 * {@code invoke} and {@code invokeAll}.
 *
 * <p>An update that a processor makes is never lost, and never made on an entry that it didn't see.
 * While a processor runs, other threads of this process that want the same entry wait, so that it
 * isn't run twice because of them. Another process may change the entry at the same time; then the
 * processor runs again, on the entry as it is now.
 *
 * <p>{@code invokeAll} reads all entries in one round trip and makes all changes in another one, so
 * a processor doesn't see what the same call does to other entries. Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class Processors<K, V> {

  private final CacheContext<K, V> parts;

  /**
   * Makes the processors of a cache.
   *
   * @param parts what the cache works with
   */
  public Processors(CacheContext<K, V> parts) {
    this.parts = parts;
  }

  /**
   * Does {@link javax.cache.Cache#invoke}.
   *
   * @param <T> what the processor returns
   * @param key the entry's key
   * @param processor works on the entry
   * @param arguments handed on to the processor
   * @return what the processor returned
   */
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    K checked = parts.types().key(key);
    Objects.requireNonNull(processor, "The entry processor is null");
    OperationRecorder<K, V> report = parts.report();
    ProcessUpdate<K, V, T> step =
        new ProcessUpdate<>(
            parts, report, checked, parts.keys().encode(checked), processor, arguments);
    run("invoke", List.of(step), report);
    return step.result();
  }

  /**
   * Does {@link javax.cache.Cache#invokeAll}.
   *
   * @param <T> what the processor returns
   * @param keys the keys
   * @param processor works on the entry
   * @param arguments handed on to the processor
   * @return what the processors returned or failed with, by key; nothing for those that returned
   *     null
   */
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    Objects.requireNonNull(keys, "The set of keys is null");
    Objects.requireNonNull(processor, "The entry processor is null");
    List<ProcessUpdate<K, V, T>> steps = new ArrayList<>(keys.size());
    OperationRecorder<K, V> report = parts.report();
    for (K key : keys) {
      K checked = parts.types().key(key);
      EntryKey encoded = parts.keys().encode(checked);
      steps.add(new ProcessUpdate<>(parts, report, checked, encoded, processor, arguments));
    }
    run("invokeAll", steps, report);
    Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
    for (ProcessUpdate<K, V, T> step : steps) {
      EntryProcessorResult<T> result = result(step);
      if (result != null) {
        results.put(step.key(), result);
      }
    }
    return results;
  }

  private static <T> @Nullable EntryProcessorResult<T> result(ProcessUpdate<?, ?, T> step) {
    try {
      T result = step.result();
      return result == null ? null : () -> result;
    } catch (EntryProcessorException e) {
      return () -> {
        throw e;
      };
    } catch (RuntimeException e) {
      return () -> {
        throw new EntryProcessorException(e);
      };
    }
  }

  private <T> void run(
      String operation, List<ProcessUpdate<K, V, T>> steps, OperationRecorder<K, V> report) {
    List<EntryKey> entries = new ArrayList<>(steps.size());
    for (ProcessUpdate<K, V, T> step : steps) {
      entries.add(step.encodedKey());
    }
    parts.exclusively(entries, () -> parts.run(operation, steps, report));
  }
}
