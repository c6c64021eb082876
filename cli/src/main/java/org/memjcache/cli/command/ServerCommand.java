// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.concurrent.Callable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.UsageException;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Console;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.codec.key.PathKey;

/** A command that talks to servers. Run once, by one thread. */
abstract class ServerCommand implements Callable<Integer> {

  private final Context context;

  ServerCommand(Context context) {
    this.context = context;
  }

  @Override
  public final Integer call() {
    try (Connection connection = context.connect()) {
      return run(connection);
    }
  }

  /** Does it, and returns the {@link ExitCode}. */
  abstract int run(Connection connection);

  final Context context() {
    return context;
  }

  final Console console() {
    return context.console();
  }

  final void print(Table table) {
    table.print(context.format(), console().out());
  }

  /** Returns the path of a level, which has to be given here or by the URI. */
  static PathKey requirePath(Connection connection, String path) {
    PathKey level = connection.path(path.equals(".") ? null : path);
    if (level == null) {
      throw new UsageException("The path '.' stands for that of the URI, which has none");
    }
    return level;
  }
}
