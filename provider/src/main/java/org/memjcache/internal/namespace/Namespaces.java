package org.memjcache.internal.namespace;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.ClusterLease;

/**
 * The namespaces of one cluster: opens them, and clears a level that nobody has open.
 *
 * <p>What is known of versions is known to the whole process and outlives this object; so does what
 * is owed while a server is away.
 *
 * <p>Thread-safe.
 */
public final class Namespaces {

  private final Cluster cluster;
  private final LevelRegistry registry;
  private final VersionProtocol keeper;
  private final PendingClears debts;

  /**
   * Makes the namespaces of a cluster.
   *
   * @param cluster the servers
   * @param clock tells the time that new versions are made of
   * @param leases gives a lease on the cluster, which is held while a clear is owed
   */
  public Namespaces(Cluster cluster, InstantSource clock, Supplier<ClusterLease> leases) {
    this(cluster, clock, leases, LevelRegistry.ofProcess());
  }

  /** Makes the namespaces of a cluster that share their memory with those of one registry only. */
  Namespaces(
      Cluster cluster, InstantSource clock, Supplier<ClusterLease> leases, LevelRegistry registry) {
    this.cluster = cluster;
    this.registry = registry;
    this.keeper = new VersionProtocol(cluster, clock);
    this.debts = new PendingClears(keeper, registry, leases);
  }

  /**
   * Returns the namespace with this path. Costs no round trip.
   *
   * @param path the names of its levels, application first; not empty
   * @param rules how it is used
   * @return the namespace
   */
  public Namespace open(List<String> path, ConsistencyPolicy rules) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    Level[] levels = new Level[path.size()];
    int last = path.size() - 1;
    for (int i = 0; i < last; i++) {
      levels[i] = level(PathKey.of(path.subList(0, i + 1)));
    }
    PathKey key = PathKey.of(path);
    levels[last] = level(key);
    return new Namespace(cluster, keeper, debts, levels, key, key.canonical(), rules);
  }

  /** Tells that nobody opens namespaces here any more. */
  public void close() {
    debts.close();
  }

  /** Returns a level. Its name for messages is escaped: a tenant's name may hold anything. */
  private Level level(PathKey key) {
    return registry.level(cluster, key.canonical(), key.versionKey());
  }
}
