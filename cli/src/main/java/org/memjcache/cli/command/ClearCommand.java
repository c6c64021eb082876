// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.UsageException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Clears a level, as an application does. */
@Command(
    name = "clear",
    description = {
      "Clears a level and all caches beneath it, for all processes, by one increment on each server.",
      "",
      "It is the clear of an application: once it has returned, no operation that starts later reads"
          + " what was there (with consistency=bounded, within staleness). Nothing else is deleted;"
          + " memcached drops what is out of reach when it needs the room. It can't be undone.",
      "",
      "A level of which no server has a version has no entries: nothing is done then, and the exit"
          + " code is 3. A server that is away is an error that names it; what the others have is"
          + " cleared all the same. Whether the path is that of a cache can't be known then: --cache or"
          + " --beneath has to say it."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 clear hotels/Lisboa        asks first",
      "  memjcache clear hotels/Lisboa/rooms --yes --quiet                 for scripts"
    })
public final class ClearCommand extends ServerCommand {

  /** In seconds: 30 days, as in {@code MemcachedCache.clear(Duration)}. */
  private static final int LONGEST_GRACE = 30 * 24 * 60 * 60;

  @Parameters(
      index = "0",
      paramLabel = "<path>",
      description = "The level, such as hotels/Lisboa; '.' for that of the URI.")
  private String path = "";

  @Option(
      names = {"-y", "--yes"},
      description = "Doesn't ask. Needed where nobody sits at a terminal.")
  private boolean yes;

  @Option(
      names = "--cache",
      description = {
        "Clears the cache of this path. Needed only where a tenant, say, is called like a cache, or"
            + " a server is away."
      })
  private boolean isCache;

  @Option(
      names = "--beneath",
      description = "Clears all caches beneath this path. Needed only there, too.")
  private boolean isBeneath;

  @Option(
      names = "--across-tenants",
      description = {
        "Clears a cache in all tenants of an application, given as application/cache: those with the"
            + " setting clearAcrossTenants."
      })
  private boolean acrossTenants;

  @Option(
      names = "--grace",
      paramLabel = "<seconds>",
      defaultValue = "0",
      description = {"For how long loads may serve what was there before. Default: 0, not at all."})
  private int grace;

  /**
   * What servers say of a level.
   *
   * @param versions of each that has one
   * @param failures of each that doesn't answer
   */
  private record Answers(
      Map<Integer, Long> versions, Map<Integer, RequestFailedException> failures) {

    /** Returns the version on a server as people read it; null if it isn't known. */
    @Nullable String shown(int server) {
      return failures.containsKey(server) ? null : VersionsCommand.shown(versions.get(server));
    }
  }

  /** Creates the command. */
  public ClearCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    if (grace < 0 || grace > LONGEST_GRACE) {
      throw new UsageException(
          "--grace is " + grace + "; expected 0 to " + LONGEST_GRACE + " seconds (30 days)");
    }
    List<Integer> servers = connection.servers();
    PathKey level = level(connection, servers, requirePath(connection, path));
    Answers before = read(connection, servers, level);
    if (before.versions.isEmpty()) {
      if (!before.failures.isEmpty()) { // those that are away may have one
        report(before);
        return ExitCode.FAILED;
      }
      console()
          .error(
              "no server has a version of '"
                  + level
                  + "', so it has no entries: nothing to clear. 'memjcache tenants' lists what is"
                  + " there");
      return ExitCode.NO;
    }
    if (!yes && !isConfirmed(level, servers.size())) {
      console().error("nothing was cleared: --yes clears without a question");
      return ExitCode.NO;
    }
    RuntimeException failure = null;
    try {
      connection.namespace(level).clear(Duration.ofSeconds(grace));
    } catch (CacheException | RequestFailedException e) {
      failure = e;
    }
    Answers after = read(connection, servers, level);
    show(connection, servers, level, before, after);
    if (failure != null) {
      report(after);
      throw failure;
    }
    return ExitCode.DONE;
  }

  /** Returns what a path means: a namespace or a cache, whichever has versions. */
  private PathKey level(Connection connection, List<Integer> servers, PathKey named) {
    if (acrossTenants) {
      if (named.names().size() != 2) {
        throw new UsageException(
            "--across-tenants takes a path of two names, application/cache, but '"
                + named
                + "' has "
                + named.names().size());
      }
      return named.acrossTenants();
    }
    PathKey cache = named.asCache(false);
    if (isCache || isBeneath) {
      return isCache ? cache : named;
    }
    Answers ofCache = read(connection, servers, cache);
    Answers ofNamespace = read(connection, servers, named);
    boolean hasCache = !ofCache.versions.isEmpty();
    if (hasCache && !ofNamespace.versions.isEmpty()) {
      throw new UsageException(
          "'"
              + named
              + "' is a cache, and holds caches: --cache clears the one, --beneath the others");
    }
    Answers unknown = ofCache.failures.isEmpty() ? ofNamespace : ofCache;
    if (!unknown.failures.isEmpty()) {
      report(unknown);
      throw new CacheException(
          "Whether '"
              + named
              + "' is a cache or holds caches isn't known while a server is away: --cache clears the"
              + " one, --beneath the others, on the servers that answer. Nothing was cleared");
    }
    return hasCache ? cache : named;
  }

  /** Names each server that doesn't answer. */
  private void report(Answers answers) {
    answers.failures.values().forEach(failure -> console().error("" + failure.getMessage()));
  }

  private boolean isConfirmed(PathKey level, int servers) {
    return console()
        .confirms(
            "Clear '"
                + level
                + "' and all beneath it, for all processes, on "
                + (servers == 1 ? "1 server" : servers + " servers")
                + "?");
  }

  private void show(
      Connection connection, List<Integer> servers, PathKey level, Answers before, Answers after) {
    Table table =
        new Table(
            Column.text("level", "LEVEL"),
            Column.text("server", "SERVER"),
            Column.text("before", "OLD VERSION"),
            Column.text("after", "NEW VERSION"));
    for (int server : servers) {
      table.add(
          level.canonical(), connection.name(server), before.shown(server), after.shown(server));
    }
    print(table);
  }

  /** Asks each server for its version of a level. */
  private static Answers read(Connection connection, List<Integer> servers, PathKey level) {
    Map<Integer, Long> versions = new HashMap<>();
    Map<Integer, RequestFailedException> failures = new TreeMap<>();
    for (int server : servers) {
      try {
        @Nullable Long version = connection.versions(server, List.of(level)).get(level);
        if (version != null) {
          versions.put(server, version);
        }
      } catch (RequestFailedException e) {
        failures.put(server, e);
      }
    }
    return new Answers(versions, failures);
  }
}
