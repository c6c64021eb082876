package org.memjcache.internal.metrics;

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
public final class CacheStatistics extends Counters<CacheStatistics.Kind>
    implements CacheStatisticsMXBean {
  private static final double NANOS_PER_MICRO = 1000.0;

  enum Kind {
    HITS,
    MISSES,
    PUTS,
    REMOVALS,
    EVICTIONS,
    GET_NANOS,
    PUT_NANOS,
    REMOVE_NANOS
  }

  private volatile boolean enabled;

  /** Creates counters at zero, disabled. */
  public CacheStatistics() {
    super(Kind.class);
  }

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
    count(Kind.HITS, count);
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
    count(Kind.MISSES, count);
  }

  /**
   * Counts entries that were put; what a loader brought is not a put.
   *
   * @param count how many, 0 or more
   */
  public void recordPuts(long count) {
    count(Kind.PUTS, count);
  }

  /**
   * Counts entries that were removed; neither expiry nor {@code clear()} removes.
   *
   * @param count how many, 0 or more
   */
  public void recordRemovals(long count) {
    count(Kind.REMOVALS, count);
  }

  /**
   * Counts entries that this process saw leave the cache for lack of room.
   *
   * @param count how many, 0 or more
   */
  public void recordEvictions(long count) {
    count(Kind.EVICTIONS, count);
  }

  /**
   * Adds the time of gets that are counted as hits or misses, without the time of a loader.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addGetNanos(long nanos) {
    count(Kind.GET_NANOS, nanos);
  }

  /**
   * Adds the time of operations that are counted as puts.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addPutNanos(long nanos) {
    count(Kind.PUT_NANOS, nanos);
  }

  /**
   * Adds the time of operations that are counted as removals.
   *
   * @param nanos the time in nanoseconds, 0 or more
   */
  public void addRemoveNanos(long nanos) {
    count(Kind.REMOVE_NANOS, nanos);
  }

  @Override
  public void clear() {
    reset();
  }

  @Override
  public long getCacheHits() {
    return sum(Kind.HITS);
  }

  @Override
  public float getCacheHitPercentage() {
    long found = sum(Kind.HITS);
    return percentage(found, found + sum(Kind.MISSES));
  }

  @Override
  public long getCacheMisses() {
    return sum(Kind.MISSES);
  }

  @Override
  public float getCacheMissPercentage() {
    long missed = sum(Kind.MISSES);
    return percentage(missed, sum(Kind.HITS) + missed);
  }

  @Override
  public long getCacheGets() {
    return sum(Kind.HITS) + sum(Kind.MISSES);
  }

  @Override
  public long getCachePuts() {
    return sum(Kind.PUTS);
  }

  @Override
  public long getCacheRemovals() {
    return sum(Kind.REMOVALS);
  }

  @Override
  public long getCacheEvictions() {
    return sum(Kind.EVICTIONS);
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(Kind.GET_NANOS, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(Kind.PUT_NANOS, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(Kind.REMOVE_NANOS, getCacheRemovals());
  }

  private void count(Kind kind, long number) {
    if (enabled) {
      add(kind, number);
    }
  }

  private static float percentage(long part, long whole) {
    return whole == 0 ? 0 : (float) (100.0 * part / whole);
  }

  private float averageMicros(Kind nanos, long count) {
    return count == 0 ? 0 : (float) (sum(nanos) / NANOS_PER_MICRO / count);
  }
}
