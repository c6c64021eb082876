// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the figures depend on: the machine, and the versions of everything. */
public final class Machine {

  private static final List<String> LIBRARIES =
      List.of("memjcache-", "xmemcached-", "redisson-", "hazelcast-", "jmh-core-");

  private static final Pattern JAR = Pattern.compile("([a-z-]+)-([0-9].*)\\.jar");

  private Machine() {}

  /**
   * Returns the facts that a reader needs.
   *
   * @param serverVersions names and versions of the servers
   * @return one fact per line
   */
  public static List<String> facts(Collection<String> serverVersions) {
    List<String> facts = new ArrayList<>();
    facts.add("date: " + LocalDate.now(ZoneOffset.UTC));
    facts.add(
        "processors: "
            + Runtime.getRuntime().availableProcessors()
            + line("/proc/cpuinfo", "model name").map(model -> " × " + model).orElse(""));
    facts.add(
        "memory: " + line("/proc/meminfo", "MemTotal").map(Machine::gigabytes).orElse("unknown"));
    facts.add(
        "system: "
            + line("/etc/os-release", "PRETTY_NAME")
                .map(name -> name.replace("\"", ""))
                .orElse(System.getProperty("os.name"))
            + ", kernel "
            + System.getProperty("os.version")
            + ", "
            + System.getProperty("os.arch"));
    facts.add("JDK: " + System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.add("servers: " + String.join("; ", serverVersions));
    facts.add("libraries: " + String.join(", ", libraries()));
    return facts;
  }

  private static String gigabytes(String kilobytes) {
    long kb = Long.parseLong(kilobytes.replaceAll("\\D", ""));
    return Math.round(kb / 1024.0 / 1024) + " GB";
  }

  private static Optional<String> line(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Finds the versions in the names of the jars. */
  private static List<String> libraries() {
    List<String> found = new ArrayList<>();
    Path folder =
        Path.of(System.getProperty("java.class.path")).toAbsolutePath().resolveSibling("lib");
    try (Stream<Path> jars = Files.list(folder)) {
      jars.map(jar -> jar.getFileName().toString())
          .filter(name -> LIBRARIES.stream().anyMatch(name::startsWith))
          .sorted()
          .forEach(
              name -> {
                Matcher matcher = JAR.matcher(name);
                if (matcher.matches() && LIBRARIES.contains(matcher.group(1) + "-")) {
                  found.add(matcher.group(1) + " " + matcher.group(2));
                }
              });
    } catch (IOException e) {
      found.add("unknown: " + e.getMessage());
    }
    return found;
  }
}
