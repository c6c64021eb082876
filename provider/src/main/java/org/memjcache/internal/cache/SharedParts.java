package org.memjcache.internal.cache;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.memjcache.internal.common.SharedThreads;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.metrics.MBeans;
import org.memjcache.internal.namespace.SharedCluster;

/**
 * What an open manager shares with others, and gives back once: the client of its cluster, threads,
 * and the names of managed beans. Refers to nothing of the application's.
 *
 * <p>Thread-safe.
 */
final class SharedParts implements AutoCloseable {

  private final SharedCluster cluster;
  private final Duration closeWait;
  private final Set<MBeans> beans = ConcurrentHashMap.newKeySet(1);

  SharedParts(SharedCluster cluster, Duration closeWait) {
    this.cluster = cluster;
    this.closeWait = closeWait;
    SharedThreads.acquire();
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
   * Gives everything back; to be called once. The last manager waits for pending clears, if it is
   * configured to, and for threads to end.
   */
  @Override
  public void close() {
    List.copyOf(beans).forEach(each -> PluggableParts.close(each, "managed beans"));
    SharedThreads.release();
    cluster.release(closeWait);
  }

  /** Returns the servers, for messages. */
  @Override
  public String toString() {
    return cluster.settings().servers().toString();
  }
}
