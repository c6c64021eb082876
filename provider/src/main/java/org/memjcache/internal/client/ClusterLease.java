package org.memjcache.internal.client;

/**
 * A share in a cluster: as long as one lease is open, the cluster is.
 *
 * <p>Thread-safe. Closing twice does no harm.
 */
public interface ClusterLease extends AutoCloseable {

  /**
   * Returns the cluster.
   *
   * @return the cluster, also after it was closed
   */
  Cluster cluster();

  /**
   * Gives the share back. The last one closes all connections of the cluster and ends its threads;
   * callers that wait for an answer get {@link RequestFailedException.Kind#CLOSED}. Returns at
   * once, also while a server hangs.
   */
  @Override
  void close();
}
