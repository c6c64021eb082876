// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.PingResult;
import org.memjcache.internal.client.admin.ItemSizeLimit;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.config.value.Protocol;

/**
 * What a server says of itself.
 *
 * @param name as it is written in the list of servers
 * @param ping whether it answers, and how long that took; a failure, too, if it answered at first
 *     and refused the statistics then, as one does that has as many connections as it takes
 * @param identity what tells servers apart whatever name leads to them; null if it keeps none
 * @param general the answer to {@code stats}; empty if it is away
 * @param settings the answer to {@code stats settings}
 * @param items the answer to {@code stats items}
 * @param clockDifference by how many milliseconds its clock is ahead of ours, to a second
 */
public record ServerState(
    String name,
    PingResult ping,
    @Nullable String identity,
    Map<String, String> general,
    Map<String, String> settings,
    Map<String, String> items,
    long clockDifference) {

  /** What memcached and MemJCache take for given if nothing is said. */
  private static final String YES = "yes";

  /** Asks all servers. One that fails has no statistics. */
  public static List<ServerState> ask(Connection connection) {
    List<PingResult> pings = connection.cluster().ping();
    List<Integer> servers;
    try {
      servers = connection.servers();
    } catch (RequestFailedException e) { // they can't be discovered, which the ping says
      return pings.stream().map(ping -> away(ping.server(), ping)).toList();
    }
    Map<String, PingResult> byName =
        pings.stream().collect(Collectors.toMap(PingResult::server, ping -> ping, (a, b) -> a));
    List<ServerState> states = new ArrayList<>();
    for (int server : servers) {
      String name = connection.name(server);
      PingResult ping = byName.get(name);
      // One that is listed since then has not been asked yet.
      states.add(
          ask(connection, server, ping != null ? ping : new PingResult(name, Duration.ZERO, null)));
    }
    return states;
  }

  private static ServerState ask(Connection connection, int server, PingResult ping) {
    String name = connection.name(server);
    if (ping.isReachable()) {
      try {
        long before = connection.clock().millis();
        Map<String, String> general = connection.statistics(server);
        long after = connection.clock().millis();
        long clock = Connection.number(general, "time") * 1000;
        // Whole seconds: what it says may be anything up to a second later by now.
        long difference = clock > after ? clock - after : Math.min(0, clock + 999 - before);
        return new ServerState(
            name,
            ping,
            connection.identities(Set.of(server)).get(server),
            general,
            connection.statistics(server, "settings"),
            connection.statistics(server, "items"),
            clock == 0 ? 0 : difference);
      } catch (RequestFailedException e) {
        return away(name, new PingResult(name, ping.time(), new CacheException(e.getMessage(), e)));
      }
    }
    return away(name, ping);
  }

  private static ServerState away(String name, PingResult ping) {
    return new ServerState(name, ping, null, Map.of(), Map.of(), Map.of(), 0);
  }

  /** Returns a general statistic; 0 if there is none. */
  public long number(String statistic) {
    return Connection.number(general, statistic);
  }

  /** Returns whether it answered everything. */
  public boolean isUp() {
    return !general.isEmpty();
  }

  /** Returns why it is not up; to be asked only then. */
  public String reason() {
    CacheException failure = ping.failure();
    return failure == null
        ? "it answers no statistics to 'stats'"
        : String.valueOf(failure.getMessage());
  }

  /** Returns the size of the largest item in bytes, -1 if it doesn't tell. */
  public long itemSizeLimit() {
    return ItemSizeLimit.of(settings);
  }

  /** Returns whether all its keys can be listed, for iterators. */
  public boolean listsKeys(Protocol protocol) {
    return protocol == Protocol.TEXT
        && settings.getOrDefault("dump_enabled", YES).equals(YES)
        && settings.getOrDefault("lru_crawler", YES).equals(YES);
  }

  /** Returns whether items have cas tokens, for all that depends on the older entry. */
  public boolean hasCasTokens() {
    return settings.getOrDefault("cas_enabled", YES).equals(YES);
  }

  /**
   * Returns how many seconds ago the item was used that was evicted last, of the slab class that
   * evicts the youngest; -1 if nothing was evicted.
   */
  public long youngestEvicted() {
    return items.entrySet().stream()
        .filter(item -> item.getKey().endsWith(":evicted") && !item.getValue().equals("0"))
        .mapToLong(item -> Connection.number(items, item.getKey() + "_time"))
        .min()
        .orElse(-1);
  }
}
