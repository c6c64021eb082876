// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.output.Console;

/**
 * What came of a run of the command line.
 *
 * @param code the exit code
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
record Run(int code, String out, String err) {

  /** Runs a command, without a terminal. */
  static Run on(URI uri, String... args) {
    return of(
        InstantSource.system(),
        null,
        Stream.concat(Stream.of("-u", uri.toString()), Arrays.stream(args)).toArray(String[]::new));
  }

  /** Runs a command at a terminal, where a person types. */
  static Run atTerminal(URI uri, String typed, String... args) {
    return of(
        InstantSource.system(),
        typed,
        Stream.concat(Stream.of("-u", uri.toString()), Arrays.stream(args)).toArray(String[]::new));
  }

  static Run of(InstantSource clock, @Nullable String typed, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Console console =
        new Console(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            typed == null ? null : new BufferedReader(new StringReader(typed)));
    int code = Memjcache.run(console, clock, args);
    return new Run(code, out.toString(), err.toString());
  }

  /** Returns the rows of a CSV output, the first column as key; no cell has a comma in it. */
  Map<String, List<String>> rows() {
    return out.lines()
        .skip(1)
        .map(line -> Arrays.asList(line.split(",", -1)))
        .collect(Collectors.toMap(row -> row.get(0), row -> row));
  }
}
