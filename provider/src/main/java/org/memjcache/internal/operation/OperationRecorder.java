// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.Change;
import org.memjcache.internal.entry.NewEntry;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.event.EventBatch;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MissReason;

/**
 * Collects what one operation has to tell statistics and listeners, and tells it when the operation
 * is done.
 *
 * <p>Statistics first: a listener that throws must not lose the count. Used by one thread.
 */
final class OperationRecorder<K, V> {

  private final CacheMetrics metrics;
  private final @Nullable EventBatch<K, V> events;
  private final long begin;
  private long untimed;
  private boolean isUntimed;
  private int hits;
  private int nearHits;
  private int misses;
  private int puts;
  private int removals;

  OperationRecorder(EventPublisher<K, V> publisher, CacheMetrics metrics) {
    this.metrics = metrics;
    this.events = publisher.isActive() ? publisher.batch() : null;
    this.begin = metrics.begin();
  }

  /**
   * Waits until asynchronous listeners have room for what this will tell them. To be called before
   * an entry is locked or changed.
   */
  void awaitListeners() {
    if (events != null) {
      events.awaitRoom();
    }
  }

  /** Returns whether a value was stored: a created entry that expires at once was never there. */
  static boolean isVisible(Change change, Snapshot<?> before) {
    return change instanceof Change.Store store && (before.isLive() || store.inTime());
  }

  void recordHit() {
    hits++;
  }

  /** Records a look at an entry that counts as a hit or a miss. */
  void recordLookup(Snapshot<?> entry) {
    if (entry.isLive()) {
      hits++;
      nearHits += entry.isNear() ? 1 : 0;
    } else {
      recordMiss(entry.missing());
    }
  }

  void recordMiss(MissReason reason) {
    misses++;
    if (begin != 0) {
      metrics.recordMiss(reason);
    }
  }

  void recordPuts(int count) {
    puts += count;
  }

  /** Records removals of which no listener wants to hear. */
  void recordRemovals(int count) {
    removals += count;
  }

  /** Records for listeners that an entry was created or updated. */
  void recordStored(Snapshot<V> before, NewEntry<K, V> stored) {
    if (events == null) {
      return;
    }
    if (before.isLive()) {
      events.updated(
          stored.key(), stored.value(), stored.size(), before.value(), before.valueSize());
    } else {
      events.created(stored.key(), stored.value(), stored.size());
    }
  }

  /** Records that a live entry was removed. */
  void recordRemoved(Snapshot<V> before, K key, EntryKey encodedKey) {
    removals++;
    if (events != null) {
      events.removed(key, encodedKey.text().length(), before.value(), before.valueSize());
    }
  }

  /** Runs a loader or processor of the application, whose time is not that of the cache. */
  <T extends @Nullable Object> T untimed(Supplier<T> ofApplication) {
    if (begin == 0 || isUntimed) {
      return ofApplication.get();
    }
    long start = System.nanoTime();
    isUntimed = true;
    try {
      return ofApplication.get();
    } finally {
      isUntimed = false;
      untimed += System.nanoTime() - start;
    }
  }

  /** Runs an operation and publishes what it recorded, also if it fails. */
  void publishAfter(Runnable operation) {
    try {
      operation.run();
    } catch (RuntimeException | Error e) {
      try {
        publish();
      } catch (RuntimeException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    publish();
  }

  /** Publishes everything that was recorded since the last time. */
  void publish() {
    if (begin != 0) {
      long nanos = System.nanoTime() - begin - untimed;
      if (hits + misses > 0) {
        metrics.recordGets(hits, misses, nanos);
      }
      if (nearHits > 0) {
        metrics.recordNearHits(nearHits);
      }
      if (puts > 0) {
        metrics.recordPuts(puts, nanos);
      }
      if (removals > 0) {
        metrics.recordRemovals(removals, nanos);
      }
      hits = misses = nearHits = puts = removals = 0;
    }
    if (events != null) {
      events.publish();
    }
  }
}
