package org.memjcache.management;

import java.util.Map;
import java.util.function.Supplier;
import org.memjcache.namespace.MissReason;

/**
 * The misses and clears of one cache as a managed bean.
 *
 * <p>Thread-safe.
 */
public final class CacheInsight implements CacheInsightMXBean {

  private final MissCounters misses;
  private final Supplier<Map<String, Long>> clears;

  /**
   * Makes the bean.
   *
   * @param misses the counters that are shown
   * @param clears tells how often each level was cleared
   */
  public CacheInsight(MissCounters misses, Supplier<Map<String, Long>> clears) {
    this.misses = misses;
    this.clears = clears;
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
  public long getServerAwayMisses() {
    return misses.of(MissReason.SERVER_AWAY);
  }

  @Override
  public Map<String, Long> getClears() {
    return clears.get();
  }
}
