// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.PingResult;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Asks each server of a cluster for an item, on a thread for each, and has all connections opened
 * that are missing. Used once, by one thread.
 */
final class Ping {

  /** An item that nobody stores: it is neither of an entry nor a version. */
  private static final String KEY = "memjcache:ping";

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Cluster cluster;
  private final long start = System.nanoTime();

  Ping(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Returns what came of it, in the order of the servers. */
  List<PingResult> run() {
    int[] servers;
    try {
      servers = cluster.list().indices();
    } catch (RequestFailedException e) { // nobody knows them
      return List.of(result(cluster.settings().shownServers(), waited(), e));
    }
    List<FutureTask<PingResult>> tasks =
        IntStream.of(servers).mapToObj(server -> new FutureTask<>(() -> ask(server))).toList();
    for (int i = 0; i < servers.length; i++) {
      cluster.server(servers[i]).background(tasks.get(i));
    }
    return IntStream.range(0, servers.length)
        .mapToObj(i -> await(servers[i], tasks.get(i)))
        .toList();
  }

  private PingResult await(int server, FutureTask<PingResult> task) {
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      ServerAddress address = cluster.address(server);
      return result(server, waited(), RequestFailures.interrupted(address, waited(), true));
    } catch (ExecutionException e) {
      return result(server, waited(), e.getCause());
    }
  }

  private PingResult ask(int server) {
    int failedBefore = cluster.server(server).failed();
    GetRequest get = new GetRequest(List.of(KEY), false);
    try {
      cluster.newRoundTrip(new Operation("ping")).add(server, get).run();
    } catch (RequestFailedException e) {
      return result(server, waited(), e);
    }
    Duration answered = waited();
    awaitOtherConnections(cluster.server(server), failedBefore);
    return result(server, answered, null);
  }

  /** Waits until all connections to a server are open, or one of them can't be. */
  private void awaitOtherConnections(Server server, int failedBefore) {
    long end = System.nanoTime() + cluster.connectTimeoutNanos();
    while (server.isIncomplete()
        && server.failed() == failedBefore
        && System.nanoTime() - end < 0
        && !Thread.currentThread().isInterrupted()) {
      server.open();
      LockSupport.parkNanos(this, SLICE_NANOS);
    }
  }

  private PingResult result(int server, Duration time, @Nullable Throwable failure) {
    return result(cluster.address(server).toString(), time, failure);
  }

  private static PingResult result(String server, Duration time, @Nullable Throwable failure) {
    return new PingResult(
        server,
        time,
        failure == null
            ? null
            : new CacheException(
                "ping failed after "
                    + RequestFailures.millis(time)
                    + ": "
                    + (failure instanceof RequestFailedException ? failure.getMessage() : failure),
                failure));
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
