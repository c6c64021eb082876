package org.memjcache.namespace;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.memjcache.codec.PathKey;
import org.memjcache.store.Cluster;

/**
 * The namespaces of one cluster: opens them, and clears a level that nobody has open.
 *
 * <p>Thread-safe.
 */
public final class Namespaces {

  private final Cluster cluster;
  private final LevelRegistry registry = new LevelRegistry();
  private final VersionKeeper keeper;

  /**
   * Makes the namespaces of a cluster.
   *
   * @param clock tells the time that new versions are made of
   */
  public Namespaces(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.keeper = new VersionKeeper(cluster, clock);
  }

  /**
   * Returns the namespace with this path. Costs no round trip.
   *
   * @param path the names of its levels, application first; not empty
   */
  public Namespace open(List<String> path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("A namespace needs at least one name");
    }
    Level[] levels = new Level[path.size()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = level(path.subList(0, i + 1));
    }
    return new Namespace(cluster, keeper, levels, PathKey.of(path), String.join("/", path));
  }

  private Level level(List<String> path) {
    String versionKey = PathKey.of(path).versionKey();
    return registry.level(String.join("/", path), versionKey, cluster.serverOf(versionKey));
  }

  /**
   * Clears the level with this path: everything beneath it is out of reach at once, for all
   * processes. Costs one round trip.
   *
   * @param path the names down to the level, application first; not empty
   * @throws javax.cache.CacheException if the server that holds the version doesn't do it in time;
   *     then it isn't known whether the level is cleared
   */
  public void clear(List<String> path) {
    open(new ArrayList<>(path)).clear();
  }
}
