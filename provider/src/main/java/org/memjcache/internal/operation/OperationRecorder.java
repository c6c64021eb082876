package org.memjcache.internal.operation;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.event.EventBatch;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.metrics.CacheStatistics;
import org.memjcache.internal.metrics.MissCounters;
import org.memjcache.internal.metrics.MissReason;

/**
 * What one operation has to tell statistics and listeners when it is done.
 *
 * <p>Statistics first: a listener that throws must not lose the count. Used by one thread.
 */
final class OperationRecorder<K, V> {

  private final CacheStatistics statistics;
  private final MissCounters reasons;
  private final @Nullable EventBatch<K, V> events;
  private final long begin;
  private int hits;
  private int misses;
  private int puts;
  private int removals;

  OperationRecorder(
      EventPublisher<K, V> publisher, CacheStatistics statistics, MissCounters reasons) {
    this.statistics = statistics;
    this.reasons = reasons;
    this.events = publisher.isActive() ? publisher.batch() : null;
    this.begin = statistics.isEnabled() ? System.nanoTime() : 0;
  }

  void hit() {
    hits++;
  }

  /** Notes that nothing was found where nothing was expected. */
  void miss() {
    missed(MissReason.COLD);
  }

  /** Notes a look at an entry that counts as a hit or a miss. */
  void looked(Snapshot<?> entry) {
    if (entry.isLive()) {
      hits++;
    } else {
      missed(entry.missing());
    }
  }

  private void missed(MissReason reason) {
    misses++;
    if (begin != 0) {
      reasons.count(reason);
    }
  }

  void put() {
    puts++;
  }

  void puts(int count) {
    puts += count;
  }

  void removal() {
    removals++;
  }

  void removals(int count) {
    removals += count;
  }

  /** Notes that an entry was created or updated, as listeners hear it. */
  void stored(Snapshot<V> before, K key, V value) {
    if (events == null) {
      return;
    }
    if (before.isLive()) {
      events.updated(key, value, before.value());
    } else {
      events.created(key, value);
    }
  }

  /** Notes that an entry was created, as listeners hear it. */
  void created(K key, V value) {
    if (events != null) {
      events.created(key, value);
    }
  }

  /** Notes that a live entry was removed, as listeners hear it. */
  void removed(Snapshot<V> before, K key) {
    if (events != null) {
      events.removed(key, before.value());
    }
  }

  /** Tells what was done before an operation failed, without hiding its failure. */
  void publishAfter(Throwable failure) {
    try {
      publish();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Tells everything. */
  void publish() {
    if (begin != 0) {
      count(System.nanoTime() - begin);
    }
    if (events != null) {
      events.publish();
    }
  }

  private void count(long nanos) {
    if (hits + misses > 0) {
      statistics.recordHits(hits);
      statistics.recordMisses(misses);
      statistics.addGetNanos(nanos);
    }
    if (puts > 0) {
      statistics.recordPuts(puts);
      statistics.addPutNanos(nanos);
    }
    if (removals > 0) {
      statistics.recordRemovals(removals);
      statistics.addRemoveNanos(nanos);
    }
  }
}
