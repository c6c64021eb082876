// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import javax.net.SocketFactory;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.PingResult;

/**
 * Counts the commands by which items were changed on the servers of a cluster, by the servers' own
 * statistics (response to {@code stats}; protocol.txt, "General-purpose statistics").
 */
final class ChangeCount {

  /** Every command that changes an item, or tries to, counts in exactly one of these. */
  private static final Set<String> COUNTERS =
      Set.of(
          "cmd_set",
          "cmd_touch",
          "incr_hits",
          "incr_misses",
          "decr_hits",
          "decr_misses",
          "delete_hits",
          "delete_misses");

  private final SocketFactory sockets;
  private final List<InetSocketAddress> servers;
  private final long before;

  private ChangeCount(SocketFactory sockets, List<InetSocketAddress> servers) {
    this.sockets = sockets;
    this.servers = servers;
    this.before = total();
  }

  /**
   * Begins to count on all servers that a manager has now.
   *
   * @param cluster the URI that says how to speak to them
   */
  static ChangeCount of(URI cluster, MemcachedCacheManager manager) {
    return new ChangeCount(
        Sockets.of(cluster), manager.ping().stream().map(ChangeCount::address).toList());
  }

  private static InetSocketAddress address(PingResult result) {
    if (result.failure() != null) {
      throw result.failure();
    }
    int colon = result.server().lastIndexOf(':');
    return new InetSocketAddress(
        result.server().substring(0, colon),
        Integer.parseInt(result.server().substring(colon + 1)));
  }

  /** Returns how many changes were made since this was made. */
  long sinceThen() {
    return total() - before;
  }

  private long total() {
    return servers.stream().mapToLong(this::changes).sum();
  }

  private long changes(InetSocketAddress server) {
    try (Socket socket = sockets.createSocket(server.getAddress(), server.getPort());
        BufferedReader answer =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      socket.getOutputStream().write("stats\r\n".getBytes(StandardCharsets.US_ASCII));
      long changes = 0;
      for (String line = answer.readLine();
          line != null && !line.equals("END");
          line = answer.readLine()) {
        String[] words = line.split(" "); // STAT name value
        if (COUNTERS.contains(words[1])) {
          changes += Long.parseLong(words[2]);
        }
      }
      return changes;
    } catch (IOException e) {
      throw new UncheckedIOException("Server " + server + " did not return its statistics", e);
    }
  }
}
