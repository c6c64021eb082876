// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a run must report to pass: the file {@code expected.properties} in the run's folder.
 *
 * @param tests how many tests of the TCK must be run, excluded ones counted in
 * @param ownTests how many tests of our own must be run with them
 * @param excluded the tests that the TCK must leave out, no more and no fewer, as {@code
 *     class#method}
 * @param servers the number of memcached servers
 * @param java the Java version of the run's JVM, or empty if any is right
 * @param beanProviders the BeanProviders on the class path
 * @param mayBeLeftOut whether the run may say why it didn't take place
 */
record Expectation(
    int tests,
    int ownTests,
    Set<String> excluded,
    int servers,
    OptionalInt java,
    List<String> beanProviders,
    boolean mayBeLeftOut) {

  static final String FILE = "expected.properties";

  private static final String COMMENT = "#";

  Expectation {
    excluded = Set.copyOf(excluded);
    beanProviders = List.copyOf(beanProviders);
  }

  /**
   * Reads what is expected of the run in a folder.
   *
   * @throws GateException if a key is unknown, lacking or has a senseless value
   * @throws IOException if a file is lacking or can't be read
   */
  static Expectation of(Path run) throws IOException {
    Properties text = new Properties();
    try (Reader in = Files.newBufferedReader(run.resolve(FILE))) {
      text.load(in);
    }
    Keys keys = new Keys(run.resolve(FILE), text);
    Expectation expectation =
        new Expectation(
            keys.number("tests").orElseThrow(() -> keys.bad("tests", "is lacking")),
            keys.number("ownTests").orElse(0),
            names(run, keys.value("excluded")),
            keys.number("servers").orElse(1),
            keys.number("java"),
            keys.list("beanProviders"),
            Boolean.parseBoolean(keys.value("mayBeLeftOut")));
    keys.refuseTheRest();
    return expectation;
  }

  /** Reads the names from a file with one in each line; no file, no names. */
  private static Set<String> names(Path run, @Nullable String file) throws IOException {
    if (file == null) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(run.resolve(file))) {
      if (!line.isBlank() && !line.startsWith(COMMENT)) {
        names.add(line.strip());
      }
    }
    return names;
  }

  /** Properties that are used up as they are read, so that a misspelt one is found. */
  private record Keys(Path file, Properties rest) {

    @Nullable String value(String key) {
      return (String) rest.remove(key);
    }

    OptionalInt number(String key) {
      String value = value(key);
      try {
        return value == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(value));
      } catch (NumberFormatException e) {
        throw bad(key, "is not a number: " + value);
      }
    }

    List<String> list(String key) {
      String value = value(key);
      return value == null ? List.of() : Arrays.asList(value.split(","));
    }

    void refuseTheRest() {
      rest.stringPropertyNames().stream()
          .findFirst()
          .ifPresent(
              key -> {
                throw bad(key, "is unknown");
              });
    }

    GateException bad(String key, String problem) {
      return new GateException(String.format(Locale.ROOT, "%s: %s %s", file, key, problem));
    }
  }
}
