// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.CacheInsightMXBean;

/**
 * The counters of one cache in this process, and the switch for all of them.
 *
 * <ul>
 *   <li>Nothing is counted while it is disabled, which it is at first. Disabling keeps the counts.
 *   <li>A count is visible to every reader as soon as the method that recorded it has returned.
 *   <li>Takes next to no memory until the first count: most caches of most tenants never count.
 * </ul>
 *
 * <p>Thread-safe; counting never blocks.
 */
public final class CacheMetrics {

  /** What is counted besides the reasons of misses. */
  enum Counter {
    HITS,
    MISSES,
    PUTS,
    REMOVALS,
    GET_NANOS,
    PUT_NANOS,
    REMOVE_NANOS,

    // The following, and the reasons of misses, aren't reset with JCache's statistics.
    NEAR_HITS,
    ROUND_TRIPS,
    BYTES_READ,
    BYTES_WRITTEN,
    ERRORS,
    TIMEOUTS,
    VERSION_CHANGES,
    CONFLICTS,
    SKIPPED_ITEMS,
    DROPPED_EVENTS,
    LOADS,
    SAVED_LOADS,
    LOAD_WAITS,
    LOST_LEASES,
    STALE_SERVED,
    REFRESHES
  }

  private static final Set<Counter> OF_STATISTICS =
      EnumSet.range(Counter.HITS, Counter.REMOVE_NANOS);

  /**
   * By {@link Counter} or {@link MissReason}. Null until the first count; a map that is published
   * is not changed any more.
   */
  private volatile @Nullable Map<Enum<?>, LongAdder> counters;

  private volatile boolean enabled;

  /** Returns whether anything is counted; callers need no clock while it is false. */
  public boolean isEnabled() {
    return enabled;
  }

  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /**
   * Returns when what is counted now began, by {@link System#nanoTime}; 0 if nothing is counted.
   */
  public long begin() {
    return enabled ? System.nanoTime() : 0;
  }

  /** Counts a get of an entry for which memcached was not asked, unless it began at 0. */
  public void recordNearGet(long begin) {
    if (begin != 0) {
      recordGets(1, 0, System.nanoTime() - begin);
      recordNearHits(1);
    }
  }

  /** Counts gets by whether they found their entry in the cache, not whether a loader then did. */
  public void recordGets(int hits, int misses, long nanos) {
    add(Counter.HITS, hits);
    add(Counter.MISSES, misses);
    add(Counter.GET_NANOS, nanos);
  }

  /** Counts those of the hits that {@link #recordGets} counts for which memcached was not asked. */
  public void recordNearHits(int count) {
    add(Counter.NEAR_HITS, count);
  }

  /** Counts why one of the misses that {@link #recordGets} counts found nothing. */
  public void recordMiss(MissReason reason) {
    add(reason, 1);
  }

  /** Counts entries that were put; what a loader brought is not a put. */
  public void recordPuts(int count, long nanos) {
    add(Counter.PUTS, count);
    add(Counter.PUT_NANOS, nanos);
  }

  /** Counts entries that were removed; neither expiry nor {@code clear()} removes. */
  public void recordRemovals(int count, long nanos) {
    add(Counter.REMOVALS, count);
    add(Counter.REMOVE_NANOS, nanos);
  }

  /**
   * Counts a round trip, answered or not. A request to several servers at once is one. What it
   * takes to create a lost version and to list the keys of a server isn't counted.
   */
  public void recordRoundTrip() {
    add(Counter.ROUND_TRIPS, 1);
  }

  /** Counts the bytes of entries as memcached keeps them, without keys and versions. */
  public void recordTransfer(long bytesRead, long bytesWritten) {
    add(Counter.BYTES_READ, bytesRead);
    add(Counter.BYTES_WRITTEN, bytesWritten);
  }

  /** Counts a failed round trip, also if the operation goes on without it. */
  public void recordFailure(boolean timeout) {
    add(Counter.ERRORS, 1);
    if (timeout) {
      add(Counter.TIMEOUTS, 1);
    }
  }

  public void recordRejectedValue() {
    add(Counter.ERRORS, 1);
  }

  /** Counts a round trip that found a version changed, so that it has to be made again. */
  public void recordVersionChange() {
    add(Counter.VERSION_CHANGES, 1);
  }

  /** Counts a change that has to be made again, because the entry was changed in between. */
  public void recordConflict() {
    add(Counter.CONFLICTS, 1);
  }

  public void recordSkippedItem() {
    add(Counter.SKIPPED_ITEMS, 1);
  }

  /** Counts events that an asynchronous listener was too slow to hear. */
  public void recordDroppedEvents(int count) {
    add(Counter.DROPPED_EVENTS, count);
  }

  /** Counts entries that the loader was asked for. */
  public void recordLoads(int count) {
    add(Counter.LOADS, count);
  }

  /** Counts entries for which the loader was not asked, as another process had done so. */
  public void recordSavedLoads(int count) {
    add(Counter.SAVED_LOADS, count);
  }

  /** Counts entries that this process waited for another one to load. */
  public void recordLoadWaits(int count) {
    add(Counter.LOAD_WAITS, count);
  }

  /** Counts waits for other processes that brought nothing. */
  public void recordLostLeases(int count) {
    add(Counter.LOST_LEASES, count);
  }

  /** Counts entries that were cleared softly, and served while somebody loaded them. */
  public void recordStaleServed(int count) {
    add(Counter.STALE_SERVED, count);
  }

  /** Counts entries that were loaded anew before they expired. */
  public void recordRefreshes(int count) {
    add(Counter.REFRESHES, count);
  }

  public CacheStatisticsMXBean statistics() {
    return new StatisticsView(this);
  }

  /** Returns a view of what {@link #statistics} doesn't know. */
  public CacheInsightMXBean insight(
      Supplier<Map<String, Long>> clears, Supplier<ServerCounts> servers) {
    return new InsightView(this, clears, servers);
  }

  /** Returns what was counted of a {@link Counter} or {@link MissReason}. */
  long get(Enum<?> counter) {
    Map<Enum<?>, LongAdder> present = counters;
    return present == null ? 0 : adder(present, counter).sum();
  }

  /** Sets JCache's statistics to zero. Not atomic: operations that run may be counted in part. */
  synchronized void resetStatistics() {
    Map<Enum<?>, LongAdder> present = counters;
    if (present != null) {
      Map<Enum<?>, LongAdder> fresh = new HashMap<>(present);
      OF_STATISTICS.forEach(counter -> fresh.put(counter, new LongAdder()));
      counters = fresh;
    }
  }

  private void add(Enum<?> counter, long count) {
    if (enabled) {
      Map<Enum<?>, LongAdder> present = counters;
      adder(present == null ? create() : present, counter).add(count);
    }
  }

  private synchronized Map<Enum<?>, LongAdder> create() {
    Map<Enum<?>, LongAdder> created = counters;
    if (created == null) {
      created = new HashMap<>();
      for (Counter counter : Counter.values()) {
        created.put(counter, new LongAdder());
      }
      for (MissReason reason : MissReason.values()) {
        created.put(reason, new LongAdder());
      }
      counters = created;
    }
    return created;
  }

  private static LongAdder adder(Map<Enum<?>, LongAdder> adders, Enum<?> counter) {
    return Objects.requireNonNull(adders.get(counter));
  }
}
