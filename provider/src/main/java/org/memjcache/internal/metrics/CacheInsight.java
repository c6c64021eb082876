package org.memjcache.internal.metrics;

import java.util.Map;
import java.util.function.Supplier;
import org.memjcache.CacheInsightMXBean;

/**
 * The misses, clears and traffic of one cache as a managed bean.
 *
 * <p>Thread-safe.
 */
public final class CacheInsight implements CacheInsightMXBean {

  private final MissCounters misses;
  private final Supplier<Map<String, Long>> clears;
  private final RequestMetrics traffic;

  /**
   * Makes the bean.
   *
   * @param misses the counters that are shown
   * @param clears tells how often each level was cleared
   * @param traffic the counters of round trips that are shown
   */
  public CacheInsight(
      MissCounters misses, Supplier<Map<String, Long>> clears, RequestMetrics traffic) {
    this.misses = misses;
    this.clears = clears;
    this.traffic = traffic;
  }

  @Override
  public long getColdMisses() {
    return misses.of(MissReason.COLD);
  }

  @Override
  public long getExpiredMisses() {
    return misses.of(MissReason.PAST_DEADLINE);
  }

  @Override
  public long getClearedMisses() {
    return misses.of(MissReason.CLEARED);
  }

  @Override
  public long getVersionLostMisses() {
    return misses.of(MissReason.VERSION_LOST);
  }

  @Override
  public long getDamagedMisses() {
    return misses.of(MissReason.DAMAGED);
  }

  @Override
  public long getForgedMisses() {
    return misses.of(MissReason.FORGED);
  }

  @Override
  public long getSkippedItems() {
    return misses.skipped();
  }

  @Override
  public long getServerAwayMisses() {
    return misses.of(MissReason.SERVER_AWAY);
  }

  @Override
  public Map<String, Long> getClears() {
    return clears.get();
  }

  @Override
  public long getErrors() {
    return traffic.errors();
  }

  @Override
  public long getTimeouts() {
    return traffic.timeouts();
  }

  @Override
  public long getVersionChanges() {
    return traffic.versionChanges();
  }

  @Override
  public long getConflictRetries() {
    return traffic.conflicts();
  }

  @Override
  public long getRoundTrips() {
    return traffic.roundTrips();
  }

  @Override
  public long getBytesRead() {
    return traffic.bytesRead();
  }

  @Override
  public long getBytesWritten() {
    return traffic.bytesWritten();
  }
}
