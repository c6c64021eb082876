// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Runs the command line: {@code java -jar memjcache-cli.jar --help}. */
public final class Main {

  private static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  private Main() {}

  /**
   * Runs a command and ends the process.
   *
   * @param args the command and its options; {@code --help} lists them
   */
  public static void main(String[] args) {
    if (System.getProperty(LOG_LEVEL) == null) {
      System.setProperty(LOG_LEVEL, "off"); // errors say all of it, in one line
    }
    Charset charset = Charset.defaultCharset();
    int code =
        Memjcache.run(
            new org.memjcache.cli.output.Console(
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                terminal()),
            InstantSource.system(),
            args);
    System.exit(code);
  }

  /** Returns where answers of a person come from; null if input or output isn't a terminal. */
  @SuppressWarnings("SystemConsoleNull") // with JDK 17, it is null
  private static @Nullable BufferedReader terminal() {
    Console console = System.console();
    return console == null || !isTerminal(console) ? null : new BufferedReader(console.reader());
  }

  /** From Java 22 on there is a console without a terminal, too. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
