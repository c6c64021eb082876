package org.memjcache.namespace;

import java.time.InstantSource;
import java.util.List;
import org.memjcache.codec.PathKey;
import org.memjcache.store.Cluster;

/**
 * The namespaces of one cluster: opens them, and clears a level that nobody has open.
 *
 * <p>Thread-safe.
 */
public final class Namespaces {

  /** How many levels are remembered that nobody uses any more, about 300 bytes each. */
  private static final int MEMORY = 10_000;

  private final Cluster cluster;
  private final LevelRegistry registry = new LevelRegistry(MEMORY);
  private final VersionKeeper keeper;
  private final Debts debts;

  /**
   * Makes the namespaces of a cluster.
   *
   * @param cluster the servers
   * @param clock tells the time that new versions are made of
   */
  public Namespaces(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.keeper = new VersionKeeper(cluster, clock);
    this.debts = new Debts(keeper);
  }

  /**
   * Returns the namespace with this path. Costs no round trip.
   *
   * @param path the names of its levels, application first; not empty
   * @param rules how it is used
   * @return the namespace
   */
  public Namespace open(List<String> path, NamespaceRules rules) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    Level[] levels = new Level[path.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(path.subList(0, i + 1));
    }
    PathKey key = PathKey.of(path);
    return new Namespace(cluster, keeper, debts, levels, key, key.canonical(), rules);
  }

  /** Returns a level. Its name for messages is escaped: a tenant's name may hold anything. */
  private Level level(List<String> path) {
    PathKey key = PathKey.of(path);
    String versionKey = key.versionKey();
    return registry.level(key.canonical(), versionKey, cluster.serverOf(versionKey));
  }
}
