package org.memjcache.internal.namespace;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.memjcache.internal.client.ClusterLease;
import org.memjcache.internal.client.Clusters;
import org.memjcache.internal.config.ClusterSettings;

/**
 * What all managers of one cluster with the same timeouts share: the client, and the way to the
 * memory of versions, which the whole process shares. The last manager that releases it closes the
 * client.
 *
 * <p>Thread-safe.
 */
public final class SharedCluster {

  private static final Map<ClusterSettings, SharedCluster> IN_USE = new HashMap<>();

  private final ClusterSettings settings;
  private final ClusterLease lease;
  private final Namespaces namespaces;
  private int users;

  private SharedCluster(ClusterSettings settings) {
    this.settings = settings;
    this.lease = Clusters.shared().acquire(settings);
    this.namespaces =
        new Namespaces(
            lease.cluster(), InstantSource.system(), () -> Clusters.shared().acquire(settings));
  }

  /** Returns the cluster with these settings. Connects to nothing. */
  public static SharedCluster acquire(ClusterSettings settings) {
    synchronized (IN_USE) {
      SharedCluster cluster = IN_USE.computeIfAbsent(settings, SharedCluster::new);
      cluster.users++;
      return cluster;
    }
  }

  /** Gives the cluster back; to be called once for each time it was acquired. */
  public void release() {
    synchronized (IN_USE) {
      users--;
      if (users > 0) {
        return;
      }
      IN_USE.remove(settings);
    }
    namespaces.close();
    lease.close();
  }

  public ClusterSettings settings() {
    return settings;
  }

  public Namespaces namespaces() {
    return namespaces;
  }
}
