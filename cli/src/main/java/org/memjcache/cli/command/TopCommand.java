// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.UsageException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Format;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.client.admin.Statistics;
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

  private static final Pattern COUNTS =
      Pattern.compile("get ([0-9]+) hit ([0-9]+) set ([0-9]+) del ([0-9]+)");

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

  private record Look(
      long nanos, Map<Integer, Map<String, String>> servers, Map<String, long[]> prefixes) {}

  /** Creates the command. */
  public TopCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    if (every < 1) {
      throw new UsageException("--every is " + every + "; expected 1 or more");
    }
    List<Integer> servers = connection.servers();
    Set<Integer> turnedOn = new HashSet<>();
    Thread off = new Thread(() -> turnOff(connection, turnedOn));
    try {
      if (tenants) {
        Runtime.getRuntime().addShutdownHook(off);
        turnOn(connection, servers, turnedOn);
      }
      return show(connection, servers);
    } finally {
      if (tenants) {
        turnOff(connection, turnedOn);
        removeHook(off);
      }
    }
  }

  private static void removeHook(Thread off) {
    try {
      Runtime.getRuntime().removeShutdownHook(off);
    } catch (IllegalStateException e) {
      // The process ends, and the hook does it.
    }
  }

  private static void turnOn(Connection connection, List<Integer> servers, Set<Integer> turnedOn) {
    for (int server : servers) {
      if (!"yes".equals(connection.statistics(server, "settings").get("detail_enabled"))) {
        synchronized (turnedOn) {
          turnedOn.add(server);
        }
        connection.statistics(server, Statistics.COUNT_PREFIXES);
      }
    }
  }

  private static void turnOff(Connection connection, Set<Integer> turnedOn) {
    synchronized (turnedOn) {
      for (int server : turnedOn) {
        connection.statistics(server, Statistics.COUNT_NO_PREFIXES);
      }
      turnedOn.clear();
    }
  }

  private int show(Connection connection, List<Integer> servers) {
    int left = times > 0 ? times : console().isTerminal() ? Integer.MAX_VALUE : 1;
    Look before = look(connection, servers);
    for (; left > 0; left--) {
      try {
        Thread.sleep(every * 1000L);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return ExitCode.FAILED;
      }
      Look now = look(connection, servers);
      if (console().isTerminal() && context().format() == Format.TABLE) {
        console().out().print(CLEAR_SCREEN);
      }
      print(serverTable(connection, servers, before, now));
      if (tenants) {
        console().out().println();
        print(pathTable(before, now));
      }
      before = now;
    }
    return ExitCode.DONE;
  }

  private Look look(Connection connection, List<Integer> servers) {
    Map<Integer, Map<String, String>> statistics = new HashMap<>();
    Map<String, long[]> prefixes = new HashMap<>();
    for (int server : servers) {
      try {
        statistics.put(server, connection.statistics(server));
        if (tenants) {
          connection
              .statistics(server, Statistics.PREFIXES)
              .forEach((prefix, counts) -> addCounts(prefixes, prefix, counts));
        }
      } catch (RequestFailedException e) {
        console().note("memjcache: " + e.getMessage());
      }
    }
    return new Look(System.nanoTime(), statistics, prefixes);
  }

  private static void addCounts(Map<String, long[]> prefixes, String prefix, String counts) {
    Matcher numbers = COUNTS.matcher(counts);
    if (numbers.matches()) {
      long[] sum = prefixes.computeIfAbsent(prefix, any -> new long[4]);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += Long.parseLong(numbers.group(i + 1));
      }
    }
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
    double seconds = (now.nanos - before.nanos) / 1e9;
    for (int server : servers) {
      Map<String, String> older = before.servers.get(server);
      Map<String, String> newer = now.servers.get(server);
      if (older == null || newer == null) {
        table.add(connection.name(server), null, null, null, null, null, null, null, null, null);
        continue;
      }
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
    double seconds = (now.nanos - before.nanos) / 1e9;
    @SuppressWarnings("ArrayRecordComponent") // nobody compares rows
    record Row(String path, long[] counts) {}
    List<Row> rows = new ArrayList<>();
    now.prefixes.forEach(
        (path, counts) -> {
          long @Nullable [] older = before.prefixes.get(path);
          long[] difference = counts.clone();
          for (int i = 0; older != null && i < difference.length; i++) {
            difference[i] = Math.max(0, difference[i] - older[i]);
          }
          rows.add(new Row(path, difference));
        });
    rows.sort(Comparator.<Row>comparingLong(row -> -row.counts[0]).thenComparing(Row::path));
    rows.stream()
        .limit(paths)
        .forEach(
            row ->
                table.add(
                    row.path,
                    row.counts[0] / seconds,
                    row.counts[0] == 0 ? null : (double) row.counts[1] / row.counts[0],
                    row.counts[2] / seconds,
                    row.counts[3] / seconds));
    return table;
  }
}
