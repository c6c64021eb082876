package org.memjcache.operation;

import javax.cache.CacheException;
import org.memjcache.namespace.Namespace;
import org.memjcache.store.Cluster;
import org.memjcache.store.Deletion;
import org.memjcache.store.Storage;
import org.memjcache.store.StoreException;

/** A value that a server would not take: too large, or no memory left. */
final class Refusal {

  private Refusal() {}

  /** Returns true if a storage command ended because the server has no room for the value. */
  static boolean is(Storage.Result result) {
    return result == Storage.Result.TOO_LARGE || result == Storage.Result.OUT_OF_MEMORY;
  }

  /**
   * Removes what stood in the place of the value, so that the older one isn't left behind as if it
   * were current, and returns the error for the caller.
   *
   * @param size how many bytes the server was asked to store
   */
  static CacheException of(
      Namespace namespace, String operation, String itemKey, int size, Storage.Result result) {
    Cluster cluster = namespace.cluster();
    int server = cluster.serverOf(itemKey);
    String begin =
        operation
            + " on '"
            + namespace
            + "' failed: the value takes "
            + size
            + " bytes in memcached, ";
    CacheException failure =
        new CacheException(
            begin
                + (result == Storage.Result.TOO_LARGE
                    ? "server "
                        + cluster.servers().get(server)
                        + " takes items of at most "
                        + limit(cluster, server)
                        + " bytes (memcached option -I, 1m unless given)."
                    : "server "
                        + cluster.servers().get(server)
                        + " has no memory left for it (memcached option -m).")
                + " The entry is not in the cache any more.");
    try {
      cluster.newTrip().add(server, new Deletion(itemKey)).run();
    } catch (StoreException e) {
      failure.addSuppressed(namespace.failure(operation, e));
      namespace.owe();
    }
    return failure;
  }

  private static String limit(Cluster cluster, int server) {
    long limit = cluster.itemSizeLimit(server);
    return limit < 0 ? "an unknown number of" : Long.toString(limit);
  }
}
