// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.connection.ServerState;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.config.value.Protocol;
import picocli.CommandLine.Command;

/** Shows the state of each server. */
@Command(
    name = "servers",
    description = {
      "Shows the state of each server. One that is away is shown with the reason; exit code 1 then.",
      "",
      "evictions  since the server was started. They are normal for a full cache; 'doctor' says"
          + " whether what is evicted is still in use",
      "identity   the item memjcache:identity, by which processes tell servers apart whatever name"
          + " leads to them; a single server keeps none",
      "works      iteration: keys can be listed, so iterators, tenants, usage and keys work;"
          + " cas: operations that depend on the older entry work"
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 servers",
      "  memjcache -u memcached://dns:cache.svc:11211 -f json servers"
    })
public final class ServersCommand extends ServerCommand {

  /** Creates the command. */
  public ServersCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    Protocol protocol = connection.settings().cluster().protocol();
    Table table =
        new Table(
            Column.text("server", "SERVER"),
            Column.text("state", "STATE"),
            Column.text("version", "VERSION"),
            Column.seconds("uptime", "UP FOR"),
            Column.bytes("used", "USED"),
            Column.bytes("memory", "MEMORY"),
            Column.count("items", "ITEMS"),
            Column.count("evictions", "EVICTIONS"),
            Column.count("connections", "CONNECTIONS"),
            Column.count("max_connections", "MOST"),
            Column.text("identity", "IDENTITY"),
            Column.text("works", "WORKS"));
    boolean isAnyAway = false;
    for (ServerState server : ServerState.ask(connection)) {
      isAnyAway |= !server.isUp();
      table.add(
          server.name(),
          server.isUp() ? "up" : server.reason(),
          server.general().get("version"),
          known(server, "uptime"),
          known(server, "bytes"),
          known(server, "limit_maxbytes"),
          known(server, "curr_items"),
          known(server, "evictions"),
          known(server, "curr_connections"),
          known(server, "max_connections"),
          server.identity(),
          server.isUp() ? works(server, protocol) : List.of());
    }
    print(table);
    return isAnyAway ? ExitCode.FAILED : ExitCode.DONE;
  }

  private static @Nullable Long known(ServerState server, String statistic) {
    return server.isUp() ? server.number(statistic) : null;
  }

  private static List<String> works(ServerState server, Protocol protocol) {
    List<String> works = new ArrayList<>();
    if (server.listsKeys(protocol)) {
      works.add("iteration");
    }
    if (server.hasCasTokens()) {
      works.add("cas");
    }
    return works;
  }
}
