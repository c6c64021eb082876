// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
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
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.operation.concurrency.Turn;

/**
 * {@code invoke} and {@code invokeAll}.
 *
 * <p>An update that a processor makes is never lost, and never made on an entry that it didn't see.
 * While a processor runs, other threads of this process that want the same entry wait, so that it
 * isn't run twice because of them. Another process may change the entry at the same time; then the
 * processor runs again, on the entry as it is now, and the two processes take turns for a while.
 *
 * <p>{@code invokeAll} reads all entries in one round trip and makes all changes in another one, so
 * a processor doesn't see what the same call does to other entries. Thread-safe.
 */
public final class Processors<K, V> {

  /** How long a thread waits for its turn before it looks whether it needs one. */
  private static final Duration LOOK = Duration.ofMillis(20);

  private final CacheContext<K, V> context;

  public Processors(CacheContext<K, V> context) {
    this.context = context;
  }

  /** Does {@link javax.cache.Cache#invoke}. */
  public <T> @Nullable T invoke(
      K key, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    K checked = context.types().requireKey(key);
    Objects.requireNonNull(processor, "The entry processor is null");
    OperationRecorder<K, V> recorder = context.recorder();
    ProcessUpdate<K, V, T> update =
        new ProcessUpdate<>(context, recorder, checked, processor, arguments);
    run(new Operation("invoke"), List.of(update), recorder);
    return update.result();
  }

  /** Does {@link javax.cache.Cache#invokeAll}. */
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> processor, @Nullable Object... arguments) {
    Objects.requireNonNull(keys, "The set of keys is null");
    Objects.requireNonNull(processor, "The entry processor is null");
    List<ProcessUpdate<K, V, T>> updates = new ArrayList<>(keys.size());
    OperationRecorder<K, V> recorder = context.recorder();
    for (K key : keys) {
      K checked = context.types().requireKey(key);
      updates.add(new ProcessUpdate<>(context, recorder, checked, processor, arguments));
    }
    run(new Operation("invokeAll"), updates, recorder);
    Map<K, EntryProcessorResult<T>> results = new LinkedHashMap<>(keys.size() * 4 / 3 + 1);
    for (ProcessUpdate<K, V, T> update : updates) {
      EntryProcessorResult<T> result = result(update);
      if (result != null) {
        results.put(update.key, result);
      }
    }
    return results;
  }

  private static <T> @Nullable EntryProcessorResult<T> result(ProcessUpdate<?, ?, T> update) {
    try {
      T result = update.result();
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

  /**
   * Waits for the turn. Returns true if a processor has run without, on what was cleared softly,
   * while another thread or process loads the entry.
   */
  private <T> boolean isRunOnOlder(
      Operation operation, List<ProcessUpdate<K, V, T>> updates, Turn turn) {
    if (updates.size() == 1 && !context.loading().lease().isZero()) {
      ProcessUpdate<K, V, T> update = updates.get(0);
      long deadline = System.nanoTime() + context.loading().patience().toNanos();
      while (System.nanoTime() - deadline < 0) {
        if (turn.await(LOOK)) {
          return false;
        }
        if (update.runOnOlder(operation.nextPart())) {
          update.recorder.publish();
          return true;
        }
      }
    }
    turn.await();
    return false;
  }

  private <T> void run(
      Operation operation, List<ProcessUpdate<K, V, T>> updates, OperationRecorder<K, V> recorder) {
    recorder.awaitListeners();
    List<EntryKey> entries = updates.stream().map(update -> update.encodedKey).toList();
    try (Turn turn = new Turn(context.store(), entries, context.readThrough())) {
      updates.forEach(update -> update.begin(turn));
      if (!isRunOnOlder(operation, updates, turn)) {
        Failures.runBoth(
            () -> context.run(operation, updates, recorder),
            failed -> {
              Operation removing = failed ? operation.nextPart() : operation;
              updates.forEach(update -> update.removeIfOutdated(removing));
            });
      }
    } finally {
      updates.forEach(ProcessUpdate::close);
    }
  }
}
