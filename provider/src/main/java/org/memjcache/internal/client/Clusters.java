package org.memjcache.internal.client;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.memjcache.internal.config.ClusterSettings;

/**
 * The clusters of this process: one for each distinct {@link ClusterSettings}, shared by everybody
 * who asks for it. Thread-safe; no method connects or waits.
 */
public final class Clusters {

  private static final Clusters SHARED = new Clusters();

  private final Map<ClusterSettings, Entry> entries = new HashMap<>();

  /** Creates a set of clusters apart from all others, for tests. */
  public Clusters() {}

  /**
   * Returns the clusters that all managers of this process share.
   *
   * @return always the same
   */
  public static Clusters shared() {
    return SHARED;
  }

  /**
   * Returns a share in the cluster with these settings. Nothing is connected or looked up here:
   * that happens at the first trip.
   *
   * @param settings what tells clusters apart
   * @return the share, to be closed
   */
  public ClusterLease acquire(ClusterSettings settings) {
    synchronized (entries) {
      Entry entry = entries.computeIfAbsent(settings, key -> new Entry(new Cluster(key)));
      entry.leases++;
      return new Lease(entry);
    }
  }

  private void release(Entry entry) {
    synchronized (entries) {
      if (--entry.leases > 0) {
        return;
      }
      entries.remove(entry.cluster.settings());
    }
    entry.cluster.close();
  }

  private static final class Entry {
    private final Cluster cluster;
    private int leases;

    Entry(Cluster cluster) {
      this.cluster = cluster;
    }
  }

  private final class Lease implements ClusterLease {
    private final Entry entry;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(Entry entry) {
      this.entry = entry;
    }

    @Override
    public Cluster cluster() {
      return entry.cluster;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        release(entry);
      }
    }
  }
}
