// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import java.time.Duration;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.LoggedKinds;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.VersionedBatch;
import org.memjcache.internal.text.ErrorText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Values that could not be stored: those that a server would not take, because they are too large
 * or it has no memory left, and the log of those that an operation goes on without, the first of
 * each cache and kind.
 *
 * <p>Thread-safe.
 */
public final class UnstoredValues {

  private static final Logger LOG = LoggerFactory.getLogger(UnstoredValues.class);

  /** Names only, so that no class is kept by it. */
  private static final LoggedKinds LOGGED = new LoggedKinds();

  private UnstoredValues() {}

  /**
   * Logs a value.
   *
   * @param kind what values of this kind have in common, such as their class
   */
  public static void log(Object cache, String kind, RuntimeException why) {
    if (LOGGED.isFirst(cache + " " + kind)) {
      String message = ErrorText.message(String.valueOf(why.getMessage()));
      LOG.warn(
          "A value is not kept in the cache '{}': {} More of this kind are counted as errors but"
              + " not logged.",
          cache,
          message.endsWith(".") ? message : message + ".");
    }
  }

  /** Returns whether a server would not take a value. */
  static boolean isRejected(StoreRequest store) {
    return store.result() == StoreRequest.Result.TOO_LARGE
        || store.result() == StoreRequest.Result.OUT_OF_MEMORY;
  }

  /**
   * Removes what stood in the place of the value, so that the older one isn't left behind as if it
   * were current, and returns the error for the caller.
   *
   * @param batch in which the value was rejected
   * @param removal removes the older item, null if there was none
   */
  static CacheException discard(
      VersionedBatch batch,
      Operation operation,
      ItemKey key,
      StoreRequest store,
      @Nullable Request removal) {
    Namespace namespace = batch.shard().namespace();
    namespace.metrics().recordRejectedValue();
    Cluster cluster = namespace.cluster();
    int server = batch.shard().server();
    RequestFailedException unremoved =
        removal == null ? null : remove(cluster, operation, server, removal);
    if (removal instanceof CompareAndDeleteRequest compared && compared.isOutdated()) {
      // Better a newer item lost than an older one left.
      unremoved = remove(cluster, operation, server, new DeleteRequest(store.key()));
    }
    String reason =
        store.result() == StoreRequest.Result.TOO_LARGE
            ? "takes items of at most "
                + limit(cluster, operation, server)
                + " bytes (memcached option -I, 1m by default)"
            : "has no memory left for it (memcached option -m)";
    CacheException failure =
        new CacheException(
            String.format(
                "%s on '%s' failed: the value takes %d bytes in memcached, server %s %s. The entry"
                    + " is no longer in the cache.",
                operation, namespace, store.size(), cluster.address(server), reason));
    if (unremoved != null) {
      failure.addSuppressed(namespace.failure(operation, unremoved));
      batch.shard().markForRemoval(batch.versions(), key);
    }
    return failure;
  }

  private static @Nullable RequestFailedException remove(
      Cluster cluster, Operation operation, int server, Request removal) {
    try {
      cluster.newRoundTrip(operation).add(server, removal).run();
      return null;
    } catch (RequestFailedException e) {
      return e;
    }
  }

  /** Returns the limit if the server tells it in the time that is left to the operation. */
  private static String limit(Cluster cluster, Operation operation, int server) {
    String unknown = "an unknown number of";
    long left = (cluster.operationTimeoutNanos() - operation.waitedNanos()) / 2;
    if (left <= 0) {
      return unknown;
    }
    try {
      long limit = cluster.admin(server).itemSizeLimit(Duration.ofNanos(left));
      return limit < 0 ? unknown : Long.toString(limit);
    } catch (RequestFailedException e) {
      return unknown; // it has just gone; what it refused is worth more to the caller
    }
  }

  /**
   * Returns whether an operation goes on without a value that a server would not take, and logs it
   * then: with {@code failure=miss}, that is as if it were evicted at once.
   */
  static boolean isTolerated(Namespace namespace, CacheException rejection) {
    boolean tolerated = namespace.isTolerant();
    if (tolerated) {
      log(namespace, "rejected by a server", rejection);
    }
    return tolerated;
  }
}
