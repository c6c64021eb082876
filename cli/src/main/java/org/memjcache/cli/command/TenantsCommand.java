// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Format;
import org.memjcache.cli.output.Table;
import org.memjcache.cli.output.Units;
import org.memjcache.cli.walk.LevelUsage;
import org.memjcache.cli.walk.LevelWalk;
import org.memjcache.cli.walk.ServerUsage;
import org.memjcache.cli.walk.WalkResult;
import org.memjcache.internal.codec.key.PathKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the levels beneath a path, with what they hold. */
@Command(
    name = "tenants",
    description = {
      "Lists the levels beneath a path: applications, or the tenants of one, or the caches of a"
          + " tenant.",
      "",
      "One walk over all items of the servers, whoever they belong to; nothing is changed. It needs"
          + " little memory, however many items there are. What is written or cleared meanwhile may"
          + " be counted or not. A server that can't be walked to the end counts for nothing here,"
          + " and the error names it.",
      "",
      "items, bytes  entries that a cache can read, with keys and headers",
      "share         their part of the memory (-m) of the servers that were walked",
      "oldest        for how long no entry was stored or read, of that for which it is longest;"
          + " memcached keeps no time of creation",
      "garbage       items that were cleared, or whose version is lost: no cache asks for them, and"
          + " memcached drops them when it needs the room",
      "versions      how many servers have a version of the level; in JSON and CSV the versions"
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 tenants           all applications",
      "  memjcache tenants hotels --sort garbage                  tenants, most garbage first",
      "  memjcache -f csv tenants hotels/Lisboa > caches.csv      caches of a tenant"
    })
public final class TenantsCommand extends ServerCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<path>",
      description = "The application, or application/tenant; without it, that of the URI.")
  private @Nullable String path;

  @Option(
      names = "--sort",
      paramLabel = "<by>",
      defaultValue = "bytes",
      description = "${COMPLETION-CANDIDATES}. Default: bytes.")
  private LevelOrder sort = LevelOrder.BYTES;

  @Option(
      names = "--depth",
      paramLabel = "<levels>",
      defaultValue = "1",
      description = "How many levels beneath the path are told apart. Default: 1.")
  private int depth = 1;

  @Option(
      names = "--top",
      paramLabel = "<n>",
      defaultValue = "0",
      description = "Prints so many levels only, after sorting. Default: all.")
  private int top;

  /** Creates the command. */
  public TenantsCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    PathKey base = connection.path(path);
    WalkResult result = new LevelWalk(connection, console(), base, Math.max(1, depth)).run();
    Table table =
        new Table(
            Column.text("level", "LEVEL"),
            Column.count("items", "ITEMS"),
            Column.bytes("bytes", "BYTES"),
            Column.share("share", "SHARE"),
            Column.seconds("oldest", "OLDEST"),
            Column.count("garbage_items", "GARBAGE"),
            Column.bytes("garbage_bytes", "BYTES"),
            Column.text("versions", "VERSIONS"));
    List<LevelUsage> levels =
        result.levels().stream()
            .sorted(sort.order())
            .limit(top > 0 ? top : Long.MAX_VALUE)
            .toList();
    Stream.concat(levels.stream(), Stream.ofNullable(result.unlisted()))
        .forEach(level -> add(table, level, result));
    print(table);
    report(result);
    return result.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void add(Table table, LevelUsage level, WalkResult result) {
    boolean forPeople = context().format() == Format.TABLE;
    List<String> versions =
        forPeople
            ? List.of(level.versions().size() + " of " + result.walked().size())
            : level.versions().values().stream().map(String::valueOf).toList();
    table.add(
        level.name(),
        level.items(),
        level.bytes(),
        result.memory() == 0 ? null : (double) level.bytes() / result.memory(),
        level.items() == 0 ? null : level.oldest(),
        level.garbageItems(),
        level.garbageBytes(),
        versions);
  }

  private void report(WalkResult result) {
    for (ServerUsage server : result.servers()) {
      if (server.hasBegun()) {
        console().note(LevelWalk.progress(server) + (server.isWhole() ? others(server) : ""));
      }
      if (server.failure() != null) {
        console().error("the walk is not complete: " + server.failure());
      }
    }
  }

  private static String others(ServerUsage server) {
    return "; "
        + Units.count(server.others())
        + " of others, "
        + Units.count(server.versions())
        + " versions, "
        + Units.count(server.leases())
        + " leases";
  }
}
