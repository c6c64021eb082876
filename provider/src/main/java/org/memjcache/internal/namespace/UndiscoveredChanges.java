// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.metrics.CacheMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The changes that were lost while this process knew no server of a cluster, as none had been
 * discovered. Which server has the older values is not known then, but the path and the entry are:
 *
 * <ul>
 *   <li>Once servers are known, a namespace that was to be cleared is {@linkplain PendingClears
 *       pending} on each of them, and an entry that was to be changed is to be {@linkplain
 *       PendingRemovals removed} from the one that has it. That happens before this process reads
 *       or writes anything on any of them.
 *   <li>If very many entries were changed, their namespaces are to be cleared instead, and if these
 *       are very many, their applications.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class UndiscoveredChanges {

  private static final Logger LOG = LoggerFactory.getLogger(UndiscoveredChanges.class);

  private static final ConsistencyPolicy ANY_POLICY = ConsistencyPolicy.of(Duration.ZERO, true);

  private record Entry(PathKey path, EntryKey key) {}

  /** What was lost of one cluster. Changed under the lock, and read without it. */
  private static final class Lost {
    final SharedCluster cluster;
    final Set<PathKey> clears = ConcurrentHashMap.newKeySet();
    final Set<Entry> removals = ConcurrentHashMap.newKeySet();
    long chars;

    Lost(SharedCluster cluster) {
      this.cluster = cluster;
    }
  }

  /** Changed under the lock of this. */
  private final ConcurrentMap<ClusterSettings, Lost> lost = new ConcurrentHashMap<>();

  boolean isEmpty() {
    return lost.isEmpty();
  }

  /**
   * Remembers that something could not be changed.
   *
   * @param entry null if it is the whole namespace
   */
  synchronized void add(PathKey path, @Nullable EntryKey entry, SharedCluster cluster) {
    Lost ofCluster = lost.get(cluster.settings());
    if (ofCluster == null) {
      ofCluster = new Lost(cluster);
      lost.put(cluster.settings(), ofCluster);
      LOG.warn(
          "'{}' could not be changed, as no server of {} is known; what was changed will be removed"
              + " or cleared before it is used, and so will be others",
          path.canonical(),
          cluster.settings().shownServers());
    }
    if (entry == null || ofCluster.chars >= PendingRemovals.MAX_CHARS) {
      boolean many = ofCluster.clears.size() >= PendingClears.MAX_LEVELS;
      ofCluster.clears.add(many ? path.start(1) : path);
    } else if (ofCluster.removals.add(new Entry(path, entry))) {
      ofCluster.chars += entry.text().length();
    }
  }

  /** Makes what was lost of a cluster pending on its servers, if they are known by now. */
  void makePending(SharedCluster cluster) {
    if (lost.isEmpty() || !lost.containsKey(cluster.settings()) || !cluster.cluster().discover()) {
      return;
    }
    synchronized (this) {
      Lost ofCluster = lost.get(cluster.settings());
      if (ofCluster != null) {
        for (PathKey path : ofCluster.clears) {
          open(cluster, path).shards().forEach(Shard::markForClear);
        }
        for (Entry entry : ofCluster.removals) {
          open(cluster, entry.path).shardOf(entry.key).markForRemoval(entry.key, null);
        }
        lost.remove(cluster.settings()); // last: who finds nothing must find what is pending
      }
    }
  }

  private static Namespace open(SharedCluster cluster, PathKey path) {
    return cluster.open(path, ANY_POLICY, new CacheMetrics());
  }

  /** Returns the clusters of which something was lost; they may be closed. */
  Collection<SharedCluster> clusters() {
    return lost.values().stream().map(each -> each.cluster).toList();
  }

  /** Returns the paths of what was lost of a cluster. */
  Stream<String> paths(ClusterSettings settings) {
    Lost ofCluster = lost.get(settings);
    return ofCluster == null
        ? Stream.empty()
        : Stream.concat(
                ofCluster.clears.stream(), ofCluster.removals.stream().map(entry -> entry.path))
            .map(PathKey::canonical);
  }
}
