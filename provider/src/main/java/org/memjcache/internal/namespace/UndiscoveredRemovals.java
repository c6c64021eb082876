// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries that could not be changed while this process knew no server of a cluster, as none had
 * been discovered. Which server has the older values is not known then. Once servers are known,
 * each entry is to be {@linkplain PendingRemovals removed} from the one that has it, before this
 * process reads or writes anything on any of them.
 *
 * <p>Thread-safe.
 */
final class UndiscoveredRemovals {

  private static final Logger LOG = LoggerFactory.getLogger(UndiscoveredRemovals.class);

  private record Entry(PathKey path, EntryKey key) {}

  /** What was lost of one cluster. Changed under the lock, and read without it. */
  private static final class Lost {
    /** The last one through which something was lost. */
    volatile SharedCluster.Reference cluster;

    final Set<Entry> entries = ConcurrentHashMap.newKeySet();
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

  boolean contains(SharedCluster cluster, PathKey path, EntryKey key) {
    return allOf(cluster).anyMatch(each -> each.entries.contains(new Entry(path, key)));
  }

  /** Takes one more; returns false if there is no room for it. */
  synchronized boolean add(PathKey path, EntryKey key, SharedCluster cluster) {
    Lost ofCluster =
        lost.stream().filter(each -> each.cluster.isToSame(cluster)).findAny().orElse(null);
    if (ofCluster == null) {
      ofCluster = new Lost(cluster.reference());
      lost.add(ofCluster);
      LOG.warn(
          "An entry of '{}' could not be changed, as no server of {} is known; it will be removed"
              + " before it is used, and so will be others",
          path.canonical(),
          cluster.settings().shownServers());
    }
    if (lost.stream().mapToLong(each -> each.chars).sum() >= PendingRemovals.MAX_CHARS) {
      return false;
    }
    ofCluster.cluster = cluster.reference();
    if (ofCluster.entries.add(new Entry(path, key))) {
      ofCluster.chars += key.text().length();
    }
    return true;
  }

  /** Makes what was lost of a cluster pending on its servers, if they are known by now. */
  void makePending(SharedCluster cluster) {
    if (lost.isEmpty() || allOf(cluster).findAny().isEmpty() || !cluster.cluster().discover()) {
      return;
    }
    synchronized (this) {
      for (Lost each : allOf(cluster).toList()) {
        for (Entry entry : each.entries) {
          cluster.open(entry.path).shardOf(entry.key).markForRemoval(entry.key, null);
        }
        lost.remove(each); // last: who finds nothing must find what is pending
      }
    }
  }

  /** Returns what was lost of a cluster, and of those that are closed, which it takes over. */
  private Stream<Lost> allOf(SharedCluster cluster) {
    return lost.stream().filter(each -> each.cluster.isTo(cluster));
  }

  /** Returns the open clusters that something was lost of. */
  List<SharedCluster> clusters() {
    return lost.stream()
        .map(each -> each.cluster.current())
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** Returns the paths of what was lost of a cluster. */
  Stream<String> paths(SharedCluster cluster) {
    return allOf(cluster)
        .flatMap(each -> each.entries.stream())
        .map(Entry::path)
        .map(PathKey::canonical);
  }
}
