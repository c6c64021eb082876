// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.net.URI;
import java.util.Properties;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Console;
import org.memjcache.cli.output.Format;

/** What the options before a command say. */
public interface Context {

  /** Returns the servers, to be closed; nothing is connected yet. */
  Connection connect();

  /** Returns the URI of a manager of these servers. */
  URI uri();

  /** Returns the options of a manager that aren't in its URI. */
  Properties properties();

  /** Returns where to print to. */
  Console console();

  /** Returns how results are to be printed. */
  Format format();
}
