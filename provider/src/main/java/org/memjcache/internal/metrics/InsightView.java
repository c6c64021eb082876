// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import java.util.Map;
import java.util.function.Supplier;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.internal.metrics.CacheMetrics.Counter;

/**
 * The misses, clears and requests of one cache as a managed bean.
 *
 * <p>Thread-safe.
 */
record InsightView(
    CacheMetrics metrics, Supplier<Map<String, Long>> clears, Supplier<ServerCounts> servers)
    implements CacheInsightMXBean {

  @Override
  public long getColdMisses() {
    return metrics.get(MissReason.COLD);
  }

  @Override
  public long getExpiredMisses() {
    return metrics.get(MissReason.PAST_DEADLINE);
  }

  @Override
  public long getClearedMisses() {
    return metrics.get(MissReason.CLEARED);
  }

  @Override
  public long getVersionLostMisses() {
    return metrics.get(MissReason.VERSION_LOST);
  }

  @Override
  public long getDamagedMisses() {
    return metrics.get(MissReason.DAMAGED);
  }

  @Override
  public long getUnreadableMisses() {
    return metrics.get(MissReason.UNREADABLE);
  }

  @Override
  public long getForeignTypeMisses() {
    return metrics.get(MissReason.FOREIGN_TYPE);
  }

  @Override
  public long getForgedMisses() {
    return metrics.get(MissReason.FORGED);
  }

  @Override
  public long getSkippedItems() {
    return metrics.get(Counter.SKIPPED_ITEMS);
  }

  @Override
  public long getLoads() {
    return metrics.get(Counter.LOADS);
  }

  @Override
  public long getSavedLoads() {
    return metrics.get(Counter.SAVED_LOADS);
  }

  @Override
  public long getLoadWaits() {
    return metrics.get(Counter.LOAD_WAITS);
  }

  @Override
  public long getLostLeases() {
    return metrics.get(Counter.LOST_LEASES);
  }

  @Override
  public long getStaleServed() {
    return metrics.get(Counter.STALE_SERVED);
  }

  @Override
  public long getRefreshes() {
    return metrics.get(Counter.REFRESHES);
  }

  @Override
  public long getDroppedEvents() {
    return metrics.get(Counter.DROPPED_EVENTS);
  }

  @Override
  public long getServerAwayMisses() {
    return metrics.get(MissReason.SERVER_AWAY);
  }

  @Override
  public Map<String, Long> getClears() {
    return clears.get();
  }

  @Override
  public int getServers() {
    return servers.get().listed();
  }

  @Override
  public long getDiscoveryLookups() {
    return servers.get().lookups();
  }

  @Override
  public long getDiscoveryFailures() {
    return servers.get().failedLookups();
  }

  @Override
  public long getDiscoveryChanges() {
    return servers.get().changes();
  }

  @Override
  public int getServersOfOthers() {
    return servers.get().ofOthers();
  }

  @Override
  public long getErrors() {
    return metrics.get(Counter.ERRORS);
  }

  @Override
  public long getTimeouts() {
    return metrics.get(Counter.TIMEOUTS);
  }

  @Override
  public long getVersionChanges() {
    return metrics.get(Counter.VERSION_CHANGES);
  }

  @Override
  public long getConflictRetries() {
    return metrics.get(Counter.CONFLICTS);
  }

  @Override
  public long getNearHits() {
    return metrics.get(Counter.NEAR_HITS);
  }

  @Override
  public long getRoundTrips() {
    return metrics.get(Counter.ROUND_TRIPS);
  }

  @Override
  public long getBytesRead() {
    return metrics.get(Counter.BYTES_READ);
  }

  @Override
  public long getBytesWritten() {
    return metrics.get(Counter.BYTES_WRITTEN);
  }
}
