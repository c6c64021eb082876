// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import javax.cache.management.CacheStatisticsMXBean;
import org.memjcache.internal.metrics.CacheMetrics.Counter;

/**
 * The counts of a cache as JCache's managed bean.
 *
 * <ul>
 *   <li>Averages are in microseconds for one entry: the time of a batch is divided by the entries
 *       it counted. Without a count, averages and percentages are 0, never NaN.
 *   <li>Evictions are 0: memcached doesn't tell of them.
 *   <li>Reading several counts, or clearing them, while operations run is not atomic.
 * </ul>
 *
 * <p>Thread-safe. Source: javadoc of {@link CacheStatisticsMXBean}.
 */
record StatisticsView(CacheMetrics metrics) implements CacheStatisticsMXBean {

  private static final double NANOS_PER_MICRO = 1000.0;

  @Override
  public void clear() {
    metrics.resetStatistics();
  }

  @Override
  public long getCacheHits() {
    return metrics.get(Counter.HITS);
  }

  @Override
  public float getCacheHitPercentage() {
    return percentage(getCacheHits());
  }

  @Override
  public long getCacheMisses() {
    return metrics.get(Counter.MISSES);
  }

  @Override
  public float getCacheMissPercentage() {
    return percentage(getCacheMisses());
  }

  @Override
  public long getCacheGets() {
    return getCacheHits() + getCacheMisses();
  }

  @Override
  public long getCachePuts() {
    return metrics.get(Counter.PUTS);
  }

  @Override
  public long getCacheRemovals() {
    return metrics.get(Counter.REMOVALS);
  }

  @Override
  public long getCacheEvictions() {
    return 0;
  }

  @Override
  public float getAverageGetTime() {
    return averageMicros(Counter.GET_NANOS, getCacheGets());
  }

  @Override
  public float getAveragePutTime() {
    return averageMicros(Counter.PUT_NANOS, getCachePuts());
  }

  @Override
  public float getAverageRemoveTime() {
    return averageMicros(Counter.REMOVE_NANOS, getCacheRemovals());
  }

  private float percentage(long part) {
    long gets = getCacheGets();
    return gets == 0 ? 0 : (float) (100.0 * part / gets);
  }

  private float averageMicros(Counter nanos, long count) {
    return count == 0 ? 0 : (float) (metrics.get(nanos) / NANOS_PER_MICRO / count);
  }
}
