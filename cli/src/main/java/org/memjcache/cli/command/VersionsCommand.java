// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.namespace.Versions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the versions in force of the levels of a path. */
@Command(
    name = "versions",
    description = {
      "Shows the versions in force of all levels of a path, on each server. Creates none.",
      "",
      "Each server has versions of its own, for the entries that it has; so they differ. A level"
          + " that has none on a server has no entry there that could be read. 'created' is by the"
          + " clock of the process that made the version; a clear hardly moves it."
    },
    footer = {"", "Example:", "  memjcache -s cache1:11211,cache2:11211 versions hotels/Lisboa"})
public final class VersionsCommand extends ServerCommand {

  @Parameters(
      index = "0",
      paramLabel = "<path>",
      description = "The level, such as hotels/Lisboa; '.' for that of the URI.")
  private String path = "";

  /** Creates the command. */
  public VersionsCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    PathKey level = requirePath(connection, path);
    // The last name may be that of a namespace, and that of a cache.
    Set<PathKey> levels = new LinkedHashSet<>(level.toEachLevel());
    levels.addAll(Connection.levelsOf(level));
    Table table =
        new Table(
            Column.text("level", "LEVEL"),
            Column.text("server", "SERVER"),
            Column.text("version", "VERSION"),
            Column.text("created", "CREATED"),
            Column.text("key", "KEY"));
    boolean isThere = false;
    List<String> failures = new ArrayList<>();
    for (int server : connection.servers()) {
      try {
        Map<PathKey, Long> versions = connection.versions(server, levels);
        isThere |= versions.containsKey(level) || versions.containsKey(level.asCache(false));
        add(table, connection.name(server), level, levels, versions);
      } catch (RequestFailedException e) {
        failures.add("" + e.getMessage());
      }
    }
    print(table);
    failures.forEach(console()::error);
    if (!failures.isEmpty()) {
      return ExitCode.FAILED;
    }
    return isThere ? ExitCode.DONE : ExitCode.NO;
  }

  private static void add(
      Table table, String server, PathKey named, Set<PathKey> levels, Map<PathKey, Long> versions) {
    for (PathKey level : levels) {
      Long version = versions.get(level);
      if (version != null || isShown(level, named, versions)) {
        table.add(
            level.canonical(),
            server,
            shown(version),
            version == null || version == 0 ? null : Versions.createdAt(version).toString(),
            level.versionKey());
      }
    }
  }

  /** Returns whether a level is worth a row though it has no version. */
  private static boolean isShown(PathKey missing, PathKey named, Map<PathKey, Long> versions) {
    PathKey cache = named.asCache(false);
    return !missing.isAcrossTenants()
        && !missing.equals(cache)
        && !(missing.equals(named) && versions.containsKey(cache));
  }

  /** Returns a version as people read it. */
  static String shown(@Nullable Long version) {
    return version == null ? "none" : version == 0 ? "not a version" : version.toString();
  }
}
