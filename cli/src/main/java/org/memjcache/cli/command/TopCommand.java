// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.UsageException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Format;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.client.command.RequestFailedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what servers do just now. */
@Command(
    name = "top",
    description = {
      "Shows what each server does, for each second since the last look.",
      "",
      "gets and hits are those of keys, as memcached counts them: MemJCache reads the versions of"
          + " an entry's levels with it, so a strict get of application/tenant/cache counts as four"
          + " gets, and at least three hits.",
      "",
      "--tenants shows paths as well, by 'stats detail' of memcached, which counts by what stands"
          + " before the first colon of a key. It counts only while it is on, and takes a lock with"
          + " every command; it is turned on for the time of this command and off at the end, unless"
          + " it was on before. memcached keeps the prefixes until it is restarted. Of a cache, the"
          + " reads of its own version count as gets too; those of a tenant are those of its version"
          + " alone."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 top",
      "  memjcache top --tenants --every 10 --times 6"
    })
public final class TopCommand extends ServerCommand {

  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  @Option(
      names = "--every",
      paramLabel = "<seconds>",
      defaultValue = "2",
      description = "How long to wait between two looks. Default: 2.")
  private int every = 2;

  @Option(
      names = "--times",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "How many tables to print. Default: until Ctrl-C on a terminal, else 1.")
  private int times;

  @Option(names = "--tenants", description = "Shows paths, too, as described above.")
  private boolean tenants;

  @Option(
      names = "--paths",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "How many paths to show, those with most gets first. Default: 20.")
  private int paths = 20;

  /**
   * What a server has counted up to a moment.
   *
   * @param prefixes null if these weren't asked for, or it failed then
   */
  private record Counts(
      long nanos, Map<String, String> statistics, @Nullable Map<String, long[]> prefixes) {

    double secondsSince(Counts before) {
      return (nanos - before.nanos) / 1e9;
    }
  }

  /**
   * What was seen at one look.
   *
   * @param servers those that have answered
   * @param failures of those that have not, or not everything
   */
  private record Look(Map<Integer, Counts> servers, Map<Integer, String> failures) {}

  /** Creates the command. */
  public TopCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    if (every < 1) {
      throw new UsageException("--every is " + every + "; expected 1 or more");
    }
    PrefixCounts prefixes = new PrefixCounts(connection);
    if (!tenants) {
      return show(connection, prefixes);
    }
    boolean ended;
    int code;
    Thread hook = new Thread(() -> end(prefixes));
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      code = show(connection, prefixes);
    } finally {
      try {
        ended = end(prefixes);
      } finally {
        removeHook(hook);
      }
    }
    return ended ? code : ExitCode.FAILED;
  }

  /** Returns whether no server counts any more that did not before. */
  private boolean end(PrefixCounts prefixes) {
    List<String> failures = prefixes.end();
    failures.forEach(console()::error);
    return failures.isEmpty();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process ends, and the hook does it.
    }
  }

  private int show(Connection connection, PrefixCounts prefixes) {
    List<Integer> servers = connection.servers();
    int left = times > 0 ? times : console().isTerminal() ? Integer.MAX_VALUE : 1;
    Look before = look(connection, prefixes, servers);
    boolean isComplete = true;
    for (; left > 0; left--) {
      try {
        Thread.sleep(every * 1000L);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExitCode.FAILED;
      }
      Look now = look(connection, prefixes, servers);
      if (console().isTerminal() && context().format() == Format.TABLE) {
        console().out().print(CLEAR_SCREEN);
      }
      print(serverTable(connection, servers, before, now));
      if (tenants) {
        console().out().println();
        print(pathTable(before, now));
      }
      isComplete = sayWhatIsMissing(servers, before, now);
      before = now;
    }
    return isComplete ? ExitCode.DONE : ExitCode.FAILED;
  }

  /**
   * Says why servers are missing in the tables: after these, as a terminal is cleared before them.
   * Returns whether none is.
   */
  private boolean sayWhatIsMissing(List<Integer> servers, Look before, Look now) {
    boolean isComplete = true;
    for (int server : servers) {
      String failure = now.failures.getOrDefault(server, before.failures.get(server));
      if (failure != null) {
        console().error(failure);
        isComplete = false;
      }
    }
    return isComplete;
  }

  private Look look(Connection connection, PrefixCounts prefixes, List<Integer> servers) {
    Map<Integer, Counts> counts = new HashMap<>();
    Map<Integer, String> failures = new HashMap<>();
    for (int server : servers) {
      try {
        Map<String, String> statistics = connection.statistics(server);
        if (statistics.isEmpty()) { // an error line is all that it has to say
          failures.put(
              server, "memcached " + connection.name(server) + " answers no statistics to 'stats'");
          continue;
        }
        long nanos = System.nanoTime(); // of each server: another one may take long to fail
        counts.put(server, new Counts(nanos, statistics, null));
        if (tenants) {
          counts.put(server, new Counts(nanos, statistics, prefixes.read(server)));
        }
      } catch (RequestFailedException e) {
        failures.put(server, String.valueOf(e.getMessage()));
      }
    }
    return new Look(counts, failures);
  }

  private static Table serverTable(
      Connection connection, List<Integer> servers, Look before, Look now) {
    Table table =
        new Table(
            Column.text("server", "SERVER"),
            Column.rate("gets", "GETS/S"),
            Column.share("hits", "HITS"),
            Column.rate("sets", "SETS/S"),
            Column.rate("bytes_read", "IN B/S"),
            Column.rate("bytes_written", "OUT B/S"),
            Column.rate("evictions", "EVICTIONS/S"),
            Column.count("connections", "CONNECTIONS"),
            Column.bytes("used", "USED"),
            Column.bytes("memory", "MEMORY"));
    for (int server : servers) {
      Counts earlier = before.servers.get(server);
      Counts later = now.servers.get(server);
      if (earlier == null || later == null) {
        table.add(connection.name(server), null, null, null, null, null, null, null, null, null);
        continue;
      }
      double seconds = later.secondsSince(earlier);
      Map<String, String> older = earlier.statistics;
      Map<String, String> newer = later.statistics;
      double gets = difference(older, newer, "cmd_get");
      table.add(
          connection.name(server),
          gets / seconds,
          gets == 0 ? null : difference(older, newer, "get_hits") / gets,
          difference(older, newer, "cmd_set") / seconds,
          difference(older, newer, "bytes_read") / seconds,
          difference(older, newer, "bytes_written") / seconds,
          difference(older, newer, "evictions") / seconds,
          Connection.number(newer, "curr_connections"),
          Connection.number(newer, "bytes"),
          Connection.number(newer, "limit_maxbytes"));
    }
    return table;
  }

  /** One that was restarted meanwhile has begun at 0 again. */
  private static double difference(
      Map<String, String> before, Map<String, String> now, String name) {
    return Math.max(0, Connection.number(now, name) - Connection.number(before, name));
  }

  private Table pathTable(Look before, Look now) {
    Table table =
        new Table(
            Column.text("path", "PATH"),
            Column.rate("gets", "GETS/S"),
            Column.share("hits", "HITS"),
            Column.rate("sets", "SETS/S"),
            Column.rate("deletes", "DELETES/S"));
    rates(before, now).entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<String, double[]>>comparingDouble(row -> -row.getValue()[0])
                .thenComparing(Map.Entry::getKey))
        .limit(paths)
        .forEach(
            row -> {
              double[] rates = row.getValue();
              table.add(
                  row.getKey(),
                  rates[0],
                  rates[0] == 0 ? null : rates[1] / rates[0],
                  rates[2],
                  rates[3]);
            });
    return table;
  }

  /**
   * Returns what the servers that are in both looks have done for each path: what one has counted
   * that is in one of them only would look as if all of it was done since.
   */
  private static Map<String, double[]> rates(Look before, Look now) {
    Map<String, double[]> rates = new HashMap<>();
    now.servers.forEach(
        (server, later) -> {
          Counts earlier = before.servers.get(server);
          if (earlier != null && earlier.prefixes != null && later.prefixes != null) {
            add(rates, earlier.prefixes, later.prefixes, later.secondsSince(earlier));
          }
        });
    return rates;
  }

  private static void add(
      Map<String, double[]> rates,
      Map<String, long[]> before,
      Map<String, long[]> now,
      double seconds) {
    now.forEach(
        (path, counts) -> {
          long @Nullable [] older = before.get(path);
          double[] sum = rates.computeIfAbsent(path, any -> new double[counts.length]);
          for (int i = 0; i < sum.length; i++) {
            long difference = counts[i] - (older == null ? 0 : older[i]);
            sum[i] += Math.max(0, difference) / seconds; // one that was restarted begins at 0
          }
        });
  }
}
