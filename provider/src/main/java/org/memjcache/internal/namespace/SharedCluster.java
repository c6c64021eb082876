package org.memjcache.internal.namespace;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.memjcache.PingResult;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.metrics.CacheMetrics;

/**
 * The client for one cluster, shared by all managers with the same cluster settings, and the way to
 * its namespaces. The client is closed when the last manager has released it and no clear of one of
 * its levels is pending.
 *
 * <p>What is known of versions, and which clears are pending, belongs to the process and outlives
 * this object ({@link LevelRegistry}, {@link PendingClears}).
 *
 * <p>Thread-safe. No method connects or waits.
 */
public final class SharedCluster {

  private static final Map<ClusterSettings, SharedCluster> IN_USE = new HashMap<>();

  private final ClusterSettings settings;
  private final Cluster cluster;
  private final LevelRegistry levels;
  private final VersionProtocol protocol;

  // Guarded by IN_USE, as is the map.
  private int managers;
  private int holds;
  private long unusedSince;
  private boolean closed;

  /** Creates a cluster that no manager shares, to be {@linkplain #release released} once. */
  SharedCluster(ClusterSettings settings, InstantSource clock, LevelRegistry levels) {
    this.settings = settings;
    this.cluster = new Cluster(settings);
    this.levels = levels;
    this.protocol = new VersionProtocol(cluster, clock);
    this.managers = 1;
  }

  /** Returns the cluster with these settings, to be {@linkplain #release released} after use. */
  public static SharedCluster acquire(ClusterSettings settings) {
    synchronized (IN_USE) {
      SharedCluster open = open(settings);
      open.managers++;
      return open;
    }
  }

  private static SharedCluster open(ClusterSettings settings) {
    return IN_USE.computeIfAbsent(
        settings,
        key -> {
          SharedCluster unused =
              new SharedCluster(key, InstantSource.system(), LevelRegistry.OF_PROCESS);
          unused.managers = 0;
          unused.unusedSince = System.nanoTime();
          return unused;
        });
  }

  /** Gives the cluster back; to be called once for each {@link #acquire}. */
  public void release() {
    synchronized (IN_USE) {
      managers--;
      unusedSince = System.nanoTime();
    }
    closeIfUnused();
  }

  /**
   * Keeps a client open for a pending clear, until {@link #endHold}: this, or if it is closed,
   * another one with the same settings.
   */
  SharedCluster hold() {
    synchronized (IN_USE) {
      SharedCluster open = closed ? open(settings) : this;
      open.holds++;
      return open;
    }
  }

  void endHold() {
    synchronized (IN_USE) {
      holds--;
    }
    closeIfUnused();
  }

  /** Returns for how long no manager has used this cluster, in nanoseconds; 0 if one does. */
  long unusedNanos() {
    synchronized (IN_USE) {
      return managers > 0 ? 0 : System.nanoTime() - unusedSince;
    }
  }

  private void closeIfUnused() {
    synchronized (IN_USE) {
      if (managers > 0 || holds > 0 || closed) {
        return;
      }
      closed = true;
      IN_USE.remove(settings, this);
    }
    cluster.close();
  }

  public ClusterSettings settings() {
    return settings;
  }

  public Cluster cluster() {
    return cluster;
  }

  /** Asks all servers whether they answer, and returns what came of it, in their order. */
  public List<PingResult> ping() {
    return cluster.ping();
  }

  VersionProtocol protocol() {
    return protocol;
  }

  PendingClears pendingClears() {
    return levels.pendingClears();
  }

  /** Returns the namespace with this path, application first. */
  public Namespace open(List<String> path, ConsistencyPolicy policy, CacheMetrics metrics) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    Level[] ofPath = new Level[path.size()];
    int last = path.size() - 1;
    for (int i = 0; i < last; i++) {
      ofPath[i] = level(PathKey.of(path.subList(0, i + 1)));
    }
    PathKey key = PathKey.of(path);
    ofPath[last] = level(key);
    return new Namespace(this, ofPath, key, policy, metrics);
  }

  /** Returns a level. Its name in messages is escaped: the name of a tenant may hold anything. */
  private Level level(PathKey key) {
    return levels.level(cluster, key.canonical(), key.versionKey());
  }
}
