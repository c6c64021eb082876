// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.cli.walk.LevelUsage;
import org.memjcache.cli.walk.LevelWalk;
import org.memjcache.cli.walk.ServerUsage;
import org.memjcache.cli.walk.WalkResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows what each server has of a level. */
@Command(
    name = "usage",
    description = {
      "Shows how the memory of each server is used by a level, and by all others.",
      "",
      "One walk over all items, as 'tenants'. 'others' are items of other levels and of other"
          + " programs."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211 usage                 all applications together",
      "  memjcache usage hotels/Lisboa                   one tenant"
    })
public final class UsageCommand extends ServerCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<path>",
      description = "The level; without it, that of the URI, or all of them.")
  private @Nullable String path;

  /** Creates the command. */
  public UsageCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    WalkResult result = new LevelWalk(connection, console(), connection.path(path), 1).run();
    Table table =
        new Table(
            Column.text("server", "SERVER"),
            Column.bytes("memory", "MEMORY"),
            Column.bytes("used", "USED"),
            Column.count("items", "ITEMS"),
            Column.bytes("bytes", "BYTES"),
            Column.share("share", "SHARE"),
            Column.seconds("oldest", "OLDEST"),
            Column.count("garbage_items", "GARBAGE"),
            Column.bytes("garbage_bytes", "BYTES"),
            Column.count("versions", "VERSIONS"),
            Column.count("leases", "LEASES"),
            Column.count("others", "OTHERS"),
            Column.bytes("other_bytes", "BYTES"));
    for (ServerUsage server : result.servers()) {
      LevelUsage entries = server.entries();
      table.add(
          server.name(),
          server.memory(),
          server.used(),
          entries.items(),
          entries.bytes(),
          server.memory() == 0 ? null : (double) entries.bytes() / server.memory(),
          entries.items() == 0 ? null : entries.oldest(),
          entries.garbageItems(),
          entries.garbageBytes(),
          server.versions(),
          server.leases(),
          server.others(),
          server.otherBytes());
    }
    print(table);
    result.servers().forEach(this::report);
    return result.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private void report(ServerUsage server) {
    console().note(LevelWalk.progress(server));
    if (server.failure() != null) {
      console().error("the walk is not complete: " + server.failure());
    }
  }
}
