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
          + " programs.",
      "A server that can't be walked to the end has no counts, and the error names it."
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
    result.servers().forEach(server -> add(table, server));
    print(table);
    result.servers().forEach(this::report);
    return result.isWhole() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private static void add(Table table, ServerUsage server) {
    LevelUsage entries = server.entries();
    Long memory = server.memory();
    table.add(
        server.name(),
        memory,
        server.used(),
        known(server, entries.items()),
        known(server, entries.bytes()),
        memory == null || memory == 0 ? null : known(server, (double) entries.bytes() / memory),
        entries.items() == 0 ? null : known(server, entries.oldest()),
        known(server, entries.garbageItems()),
        known(server, entries.garbageBytes()),
        known(server, server.versions()),
        known(server, server.leases()),
        known(server, server.others()),
        known(server, server.otherBytes()));
  }

  /** Returns a figure, or null where the walk broke off: a part would look like the whole. */
  private static @Nullable Number known(ServerUsage server, Number counted) {
    return server.isWhole() ? counted : null;
  }

  private void report(ServerUsage server) {
    if (server.hasBegun()) {
      console().note(LevelWalk.progress(server));
    }
    if (server.failure() != null) {
      console().error("the walk is not complete: " + server.failure());
    }
  }
}
