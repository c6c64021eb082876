// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memjcache.cli.connection.Connection;
import org.memjcache.internal.client.admin.Statistics;
import org.memjcache.internal.client.command.RequestFailedException;

/**
 * What memcached counts by prefix of keys, while it is told to. It takes a lock with every command
 * then, so each server that did not count before is told to end it, whatever becomes of the others.
 *
 * <p>Thread-safe: the end of the process may come while servers are being asked.
 */
final class PrefixCounts {

  private static final Pattern COUNTS =
      Pattern.compile("get ([0-9]+) hit ([0-9]+) set ([0-9]+) del ([0-9]+)");

  private final Connection connection;

  /** Servers that count, as far as is known. */
  private final Set<Integer> counting = new HashSet<>();

  /** Those that may count only because they were told to. */
  private final Set<Integer> turnedOn = new HashSet<>();

  private boolean ended;

  PrefixCounts(Connection connection) {
    this.connection = connection;
  }

  /**
   * Returns gets, hits, sets and deletes by prefix, having a server count from now on that doesn't
   * yet.
   *
   * @throws RequestFailedException if the server doesn't answer
   */
  synchronized Map<String, long[]> read(int server) {
    try {
      turnOn(server);
      Map<String, long[]> prefixes = new HashMap<>();
      connection
          .statistics(server, Statistics.PREFIXES)
          .forEach((prefix, counts) -> add(prefixes, prefix, counts));
      return prefixes;
    } catch (RequestFailedException e) {
      counting.remove(server); // it may be restarted, and then it doesn't count any more
      throw e;
    }
  }

  private void turnOn(int server) {
    if (ended || counting.contains(server)) {
      return;
    }
    if (!"yes".equals(connection.statistics(server, "settings").get("detail_enabled"))) {
      turnedOn.add(server);
      connection.statistics(server, Statistics.COUNT_PREFIXES);
    }
    counting.add(server);
  }

  private static void add(Map<String, long[]> prefixes, String prefix, String counts) {
    Matcher numbers = COUNTS.matcher(counts);
    if (numbers.matches()) {
      long[] each = new long[numbers.groupCount()];
      for (int i = 0; i < each.length; i++) {
        each[i] = Long.parseLong(numbers.group(i + 1));
      }
      prefixes.put(prefix, each);
    }
  }

  /**
   * Ends what was turned on, once and for all. Throws nothing: it goes on with the other servers
   * when one fails, and whatever ended the command is not to be hidden.
   *
   * @return what to say of each server that may go on counting
   */
  synchronized List<String> end() {
    ended = true;
    List<String> failures = new ArrayList<>();
    for (int server : turnedOn) {
      try {
        connection.statistics(server, Statistics.COUNT_NO_PREFIXES);
      } catch (RuntimeException e) {
        failures.add(
            "memcached "
                + connection.name(server)
                + " may go on counting by prefix ('stats detail off' ends it), unless it was"
                + " restarted: "
                + e.getMessage());
      }
    }
    turnedOn.clear();
    return failures;
  }
}
