// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * All servers that a {@link Cluster} ever listed or was asked for, each by an index that it keeps
 * for good. Connects to none of them.
 *
 * <p>Thread-safe; only a server that is new takes a lock.
 */
final class ServerTable {

  private final int connections;
  private final Server.Opener opener;
  private final Executor background;

  private final Object lock = new Object();

  /** By index; only grows, under the lock. */
  private volatile Server[] servers = {};

  private final ConcurrentMap<ServerAddress, Integer> indices = new ConcurrentHashMap<>();

  /** Guarded by the lock. */
  private boolean closed;

  /**
   * Creates an empty table.
   *
   * @param connections how many each server is to have
   */
  ServerTable(int connections, Server.Opener opener, Executor background) {
    this.connections = connections;
    this.opener = opener;
    this.background = background;
  }

  /** Returns the index of a server; one that is new gets the next. */
  int indexOf(ServerAddress address) {
    Integer known = indices.get(address);
    return known == null ? newIndexOf(address) : known;
  }

  private int newIndexOf(ServerAddress address) {
    synchronized (lock) {
      Integer known = indices.get(address);
      if (known != null) {
        return known;
      }
      int index = servers.length;
      Server[] more = Arrays.copyOf(servers, index + 1);
      more[index] = new Server(index, address, connections, opener, background);
      if (closed) {
        more[index].close();
      }
      servers = more;
      indices.put(address, index); // last: who finds it must find the server
      return index;
    }
  }

  Server get(int index) {
    return servers[index];
  }

  /** Returns all servers that there have been. */
  List<Server> all() {
    return List.of(servers);
  }

  List<Server> get(int[] indices) {
    return IntStream.of(indices).mapToObj(this::get).toList();
  }

  /** Begins no more attempts to connect. To be called before threads end. */
  void refuse() {
    synchronized (lock) {
      closed = true;
      for (Server server : servers) {
        server.refuse();
      }
    }
  }

  /** Closes all servers, after {@link #refuse}; may be called again, if something was thrown. */
  void close() {
    Failures.forEach(List.of(servers), Server::close);
  }
}
