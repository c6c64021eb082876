// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.memjcache.internal.common.SharedThreads;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.metrics.MBeans;
import org.memjcache.internal.namespace.SharedCluster;

/**
 * What an open manager shares with others, and gives back once: the client of its cluster, threads,
 * and the names of managed beans. Refers to nothing of the application's.
 *
 * <p>Whatever is thrown while it is created or closed, such as for want of memory, nothing stays
 * taken: what belongs to nobody any more is ended with the next manager that is opened or closed.
 *
 * <p>Thread-safe.
 */
final class SharedParts implements AutoCloseable {

  private final SharedCluster cluster;
  private final Duration closeWait;
  private final Set<MBeans> beans = ConcurrentHashMap.newKeySet(1);

  /** Guarded by this. */
  private boolean givenBack;

  /** Takes the client of a cluster, and threads. */
  SharedParts(ClusterSettings cluster, Duration closeWait) {
    this.closeWait = closeWait;
    SharedThreads.acquire();
    try {
      this.cluster = SharedCluster.acquire(cluster);
    } catch (RuntimeException | Error e) {
      SharedThreads.release();
      throw e;
    }
  }

  SharedCluster cluster() {
    return cluster;
  }

  /** Takes the managed beans of a cache, to be closed with the manager unless the cache is. */
  void add(MBeans ofCache) {
    beans.add(ofCache);
  }

  void remove(MBeans ofCache) {
    beans.remove(ofCache);
  }

  /**
   * Gives everything back; may be called again. The last manager waits for pending clears, if it is
   * configured to, and for threads to end.
   */
  @Override
  public void close() {
    try {
      PluggableParts.close(List.copyOf(beans), "managed beans");
    } finally {
      if (isFirstToGiveBack()) {
        try {
          SharedThreads.release();
        } finally {
          cluster.release(closeWait);
        }
      } else {
        SharedCluster.endClosed();
      }
    }
  }

  private synchronized boolean isFirstToGiveBack() {
    boolean first = !givenBack;
    givenBack = true;
    return first;
  }

  /** Returns the servers, for messages. */
  @Override
  public String toString() {
    return cluster.settings().shownServers();
  }
}
