package org.memjcache.management;

import java.util.concurrent.atomic.LongAdder;
import javax.cache.management.CacheStatisticsMXBean;

/**
 * The counters of one cache.
 *
 * <ul>
 *   <li>Nothing is counted while it is disabled, which it is at first. Disabling keeps the counts.
 *   <li>A count is visible to every reader as soon as the method that made it has returned.
 *   <li>Averages are in microseconds for one entry: the time of a batch is divided by the entries
 *       it counted. Without a count, averages and percentages are 0, never NaN.
 *   <li>Reading several counters, or clearing them, while operations run is not atomic.
 * </ul>
 *
 * <p>Safe for use by many threads; counting never blocks. Source: javadoc of {@link
 * CacheStatisticsMXBean}.
 */
public final class CacheStatistics implements CacheStatisticsMXBean {
  private static final double NANOS_PER_MICRO = 1000.0;

  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder removals = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder getNanos = new LongAdder();
  private final LongAdder putNanos = new LongAdder();
  private final LongAdder removeNanos = new LongAdder();

  private volatile boolean enabled;

  /** Creates counters at zero, disabled. */
  public CacheStatistics() {}

  /** {@return whether anything is counted; callers need no clock while it is false} */
  public boolean isEnabled() {
    return enabled;
  }

  /**
   * Starts or stops counting.
   *
   * @param enabled whether to count
   */
  public void setEnabled(boolean enabled) {
    this.enabled = enabled;
  }

  /** Counts one get that found its entry in the cache. */
  public void recordHit() {
    recordHits(1);
  }

  /**
   * Counts gets that found their entries in the cache.
   *
   * @param count how many, 0 or more
   */
  public void recordHits(long count) {
    add(hits, count);
  }

  /** Counts one get that found no entry in the cache, whether or not a loader then did. */
  public void recordMiss() {
    recordMisses(1);
  }

  /**
   * Counts gets that found no entry in the cache, whether or not a loader then did.
   *
   * @param count how many, 0 or more
   */
  public void recordMisses(long count) {
    add(misses, count);
  }

  /**
   * Counts entries that were put; what a loader brought is not a put.
   *
   * @param count how many, 0 or more
   */
  public void recordPuts(long count) {
    add(puts, count);
  }

  /**
   * Counts entries that were removed; neither expiry nor {@code clear()} removes.
   *
   * @param count how many, 0 or more
   */
  public void recordRemovals(long count) {
    add(removals, count);
  }

  /**
   * Counts entries that this process saw leave the cache for lack of room.
   *
   * @param count how many, 0 or more
   */
  public void recordEvictions(long count) {
    add(evictions, count);
  }

  /**
   * Adds the time of gets that are counted as hits or misses, without the time of a loader.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addGetNanos(long nanos) {
    add(getNanos, nanos);
  }

  /**
   * Adds the time of operations that are counted as puts.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addPutNanos(long nanos) {
    add(putNanos, nanos);
  }

  /**
   * Adds the time of operations that are counted as removals.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addRemoveNanos(long nanos) {
    add(removeNanos, nanos);
  }

  @Override
  public void clear() {
    hits.reset();
    misses.reset();
    puts.reset();
    removals.reset();
    evictions.reset();
    getNanos.reset();
    putNanos.reset();
    removeNanos.reset();
  }

  @Override
  public long getCacheHits() {
    return hits.sum();
  }

  @Override
  public float getCacheHitPercentage() {
    long found = hits.sum();
    return percentage(found, found + misses.sum());
  }

  @Override
  public long getCacheMisses() {
    return misses.sum();
  }

  @Override
  public float getCacheMissPercentage() {
    long missed = misses.sum();
    return percentage(missed, hits.sum() + missed);
  }

  @Override
  public long getCacheGets() {
    return hits.sum() + misses.sum();
  }

  @Override
  public long getCachePuts() {
    return puts.sum();
  }

  @Override
  public long getCacheRemovals() {
    return removals.sum();
  }

  @Override
  public long getCacheEvictions() {
    return evictions.sum();
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(getNanos, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(putNanos, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(removeNanos, getCacheRemovals());
  }

  private void add(LongAdder counter, long count) {
    if (enabled) {
      counter.add(count);
    }
  }

  private static float percentage(long part, long whole) {
    return whole == 0 ? 0 : (float) (100.0 * part / whole);
  }

  private static float averageMicros(LongAdder nanos, long count) {
    return count == 0 ? 0 : (float) (nanos.sum() / NANOS_PER_MICRO / count);
  }
}
