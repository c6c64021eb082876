package org.memjcache.internal.operation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.entry.BlindWrites;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheStatistics;
import org.memjcache.internal.metrics.MissCounters;
import org.memjcache.internal.namespace.Namespace;

/**
 * Everything that the operations of one cache work with. Each part is thread-safe.
 *
 * @param namespace where the entries are
 * @param keys encodes entry keys
 * @param envelopes encodes values
 * @param types what keys and values must be
 * @param expiry decides on deadlines
 * @param events tells listeners
 * @param statistics counts
 * @param misses counts misses by reason
 * @param loader loads for {@code loadAll}, and for misses if {@code readThrough}
 * @param readThrough whether a miss asks the loader
 * @param writer is told of changes first; absent unless the cache writes through
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public record CacheContext<K, V>(
    Namespace namespace,
    EntryKeyCodec keys,
    EnvelopeCodec envelopes,
    EntryTypes<K, V> types,
    Expiry expiry,
    EventPublisher<K, V> events,
    CacheStatistics statistics,
    MissCounters misses,
    Loader<K, V> loader,
    boolean readThrough,
    Writer<K, V> writer) {

  OptimisticUpdater<K, V> machine() {
    return new OptimisticUpdater<>(namespace, envelopes, expiry);
  }

  BlindWrites unconditional() {
    return new BlindWrites(namespace, envelopes, expiry);
  }

  OperationRecorder<K, V> report() {
    return new OperationRecorder<>(events, statistics, misses);
  }

  /** Returns true if nobody but the expiry policy could want to know what a write found. */
  boolean isUnwatched() {
    return expiry.isStandard() && !events.needsOldEntry();
  }

  /**
   * Runs the steps of one operation, then tells statistics and listeners; in the order of other
   * threads' operations on the same entries if there is a writer or a listener to see it.
   */
  void run(
      String operation, List<? extends EntryUpdate<K, V>> steps, OperationRecorder<K, V> report) {
    ordered(
        keysOf(steps),
        () -> {
          try {
            machine().run(operation, steps);
          } catch (RuntimeException | Error e) {
            report.publishAfter(e);
            throw e;
          }
          report.publish();
        });
  }

  /** Runs {@code work} in the order that writers and listeners must see it in, if there are any. */
  void ordered(Collection<EntryKey> entries, Runnable work) {
    if (writer.isPresent() || events.isActive()) {
      exclusively(entries, work);
    } else {
      work.run();
    }
  }

  /** Runs {@code work} while no other thread of this process works on the entries. */
  void exclusively(Collection<EntryKey> entries, Runnable work) {
    KeyLocks.Held held = KeyLocks.SHARED.hold(namespace, entries);
    try {
      work.run();
    } finally {
      held.close();
    }
  }

  private static <K, V> List<EntryKey> keysOf(List<? extends EntryUpdate<K, V>> steps) {
    List<EntryKey> entries = new ArrayList<>(steps.size());
    for (EntryUpdate<K, V> step : steps) {
      entries.add(step.encodedKey());
    }
    return entries;
  }
}
