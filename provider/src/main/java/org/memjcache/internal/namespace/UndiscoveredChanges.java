// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
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
    final SharedCluster.Reference cluster;
    final Set<PathKey> clears = ConcurrentHashMap.newKeySet();
    final Set<Entry> removals = ConcurrentHashMap.newKeySet();
    long chars;

    Lost(SharedCluster.Reference cluster) {
      this.cluster = cluster;
    }
  }

  /** Changed under the lock of this. */
  private final List<Lost> lost = new CopyOnWriteArrayList<>();

  boolean isEmpty() {
    return lost.isEmpty();
  }

  /**
   * Remembers that something could not be changed.
   *
   * @param entry null if it is the whole namespace
   */
  synchronized void add(PathKey path, @Nullable EntryKey entry, SharedCluster cluster) {
    Lost ofCluster = lostOf(cluster);
    if (ofCluster == null) {
      ofCluster = new Lost(cluster.reference());
      lost.add(ofCluster);
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
    if (lostOf(cluster) == null || !cluster.cluster().discover()) {
      return;
    }
    synchronized (this) {
      Lost ofCluster = lostOf(cluster);
      if (ofCluster != null) {
        for (PathKey path : ofCluster.clears) {
          open(cluster, path).shards().forEach(Shard::markForClear);
        }
        for (Entry entry : ofCluster.removals) {
          open(cluster, entry.path).shardOf(entry.key).markForRemoval(entry.key, null);
        }
        lost.remove(ofCluster); // last: who finds nothing must find what is pending
      }
    }
  }

  private @Nullable Lost lostOf(SharedCluster cluster) {
    for (Lost each : lost) {
      if (each.cluster.isTo(cluster)) {
        return each;
      }
    }
    return null;
  }

  private static Namespace open(SharedCluster cluster, PathKey path) {
    return cluster.open(path, ANY_POLICY, new CacheMetrics());
  }

  /** Returns an open cluster for each of which something was lost, if there is one. */
  List<SharedCluster> clusters() {
    List<SharedCluster> open = new ArrayList<>();
    for (Lost each : lost) {
      SharedCluster cluster = each.cluster.current();
      if (cluster != null) {
        open.add(cluster);
      }
    }
    return open;
  }

  /** Returns the paths of what was lost of a cluster. */
  Stream<String> paths(SharedCluster cluster) {
    Lost ofCluster = lostOf(cluster);
    return ofCluster == null
        ? Stream.empty()
        : Stream.concat(
                ofCluster.clears.stream(), ofCluster.removals.stream().map(entry -> entry.path))
            .map(PathKey::canonical);
  }
}
