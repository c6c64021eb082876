package org.memjcache.internal.entry;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RequestFailedException;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.namespace.Namespace;

/** A value that a server would not take: too large, or no memory left. */
public final class RejectedValue {

  private RejectedValue() {}

  /** Returns true if a storage command ended because the server has no room for the value. */
  public static boolean is(StoreRequest.Result result) {
    return result == StoreRequest.Result.TOO_LARGE || result == StoreRequest.Result.OUT_OF_MEMORY;
  }

  /**
   * Removes what stood in the place of the value, so that the older one isn't left behind as if it
   * were current, and returns the error for the caller.
   *
   * @param size how many bytes the server was asked to store
   * @param removal removes the older item, null if there was none
   */
  public static CacheException of(
      Namespace namespace,
      String operation,
      String itemKey,
      int size,
      StoreRequest.Result result,
      @Nullable Request removal) {
    namespace.traffic().refused();
    Cluster cluster = namespace.cluster();
    int server = cluster.serverOf(itemKey);
    RequestFailedException unremoved = null;
    if (removal != null) {
      try {
        cluster.newTrip().add(server, removal).run();
      } catch (RequestFailedException e) {
        unremoved = e;
      }
    }
    String begin =
        operation
            + " on '"
            + namespace
            + "' failed: the value takes "
            + size
            + " bytes in memcached, server "
            + cluster.servers().get(server);
    CacheException failure =
        new CacheException(
            begin
                + (result == StoreRequest.Result.TOO_LARGE
                    ? " takes items of at most "
                        + limit(cluster, server)
                        + " bytes (memcached option -I, 1m unless given)."
                    : " has no memory left for it (memcached option -m).")
                + " The entry is not in the cache any more.");
    if (unremoved != null) {
      failure.addSuppressed(namespace.failure(operation, unremoved));
      namespace.owe();
    }
    return failure;
  }

  private static String limit(Cluster cluster, int server) {
    long limit;
    try {
      limit = cluster.itemSizeLimit(server);
    } catch (RequestFailedException e) {
      limit = -1; // it has just gone; what it refused is worth more to the caller
    }
    return limit < 0 ? "an unknown number of" : Long.toString(limit);
  }
}
