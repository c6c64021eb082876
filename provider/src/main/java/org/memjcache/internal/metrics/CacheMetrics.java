package org.memjcache.internal.metrics;

/** Temporary: delegates until the counters are one. */
public final class CacheMetrics {
  public final CacheStatistics statistics = new CacheStatistics();
  public final MissCounters misses = new MissCounters();
  public final RequestMetrics requests = new RequestMetrics();

  public boolean isEnabled() {
    return statistics.isEnabled();
  }

  public void setEnabled(boolean enabled) {
    statistics.setEnabled(enabled);
    requests.setEnabled(enabled);
  }

  public void recordGets(int hits, int missed, long nanos) {
    statistics.recordHits(hits);
    statistics.recordMisses(missed);
    statistics.addGetNanos(nanos);
  }

  public void recordMiss(MissReason reason) {
    misses.count(reason);
  }

  public void recordPuts(int count, long nanos) {
    statistics.recordPuts(count);
    statistics.addPutNanos(nanos);
  }

  public void recordRemovals(int count, long nanos) {
    statistics.recordRemovals(count);
    statistics.addRemoveNanos(nanos);
  }

  public void recordRoundTrip() {
    requests.roundTrip();
  }

  public void recordTransfer(long bytesRead, long bytesWritten) {
    requests.moved(bytesRead, bytesWritten);
  }

  public void recordFailure(boolean timeout) {
    requests.failed(timeout);
  }

  public void recordRejectedValue() {
    requests.refused();
  }

  public void recordVersionChange() {
    requests.versionChanged();
  }

  public void recordConflict() {
    requests.conflict();
  }

  public void recordSkippedItem() {
    if (isEnabled()) {
      misses.countSkipped();
    }
  }
}
