// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.memjcache.tck.gate.Reports.Counts;
import org.memjcache.tck.gate.Verdict.Outcome;
import org.memjcache.tck.run.RunFacts;

/**
 * Sums up all runs, with a line for each, and judges them once more.
 *
 * <p>Arguments: the file for the summary, then the folders of all runs.
 */
public final class Summary {

  private Summary() {}

  /**
   * Writes the summary to the file and to standard output.
   *
   * @throws IOException if something can't be read or written
   * @throws RuntimeException if a run is not as expected, or was not run at all
   */
  public static void main(String[] arguments) throws IOException {
    List<Path> paths = Arrays.stream(arguments).map(Path::of).toList();
    write(paths.get(0), paths.subList(1, paths.size()), System.out);
  }

  /** Does what {@link #main} does, and prints where it is told. */
  static void write(Path file, List<Path> runs, PrintStream out) throws IOException {
    List<Verdict> verdicts = Gate.judge(runs);
    String summary = of(verdicts);
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    Files.writeString(file, summary);
    out.println();
    out.println(summary);
    Gate.pass(verdicts);
  }

  private static String of(List<Verdict> verdicts) {
    StringBuilder table = new StringBuilder("javax.cache:cache-tests:1.1.1 over MemJCache\n\n");
    append(table, row("run", "run", "failed", "errors", "skipped", "excluded", ""));
    for (Verdict verdict : verdicts) {
      append(table, row(verdict));
    }
    table.append("\nExcluded tests are counted as run: the TCK passes over them in silence.\n");
    return table.toString();
  }

  private static String row(Verdict verdict) {
    if (verdict.leftOut().isPresent()) {
      return "%-14s not run: %s".formatted(verdict.run(), verdict.leftOut().get());
    }
    if (verdict.outcome().isEmpty()) {
      return "%-14s nothing reported".formatted(verdict.run());
    }
    Outcome outcome = verdict.outcome().get();
    Counts counts = outcome.reports().tck();
    return row(
        verdict.run(),
        counts.run(),
        counts.failed(),
        counts.errors(),
        counts.skipped(),
        outcome.reports().excluded().size(),
        remark(outcome.facts()));
  }

  private static String remark(RunFacts facts) {
    List<String> servers = facts.memcachedVersions();
    Set<String> versions = new TreeSet<>(servers);
    String remark =
        "Java %d, %d %s of memcached %s"
            .formatted(
                facts.javaVersion().feature(),
                servers.size(),
                servers.size() == 1 ? "server" : "servers",
                String.join(" and ", versions));
    List<String> beanProviders =
        facts.beanProviders().stream().map(name -> name.replaceAll(".*\\.", "")).toList();
    return beanProviders.isEmpty() ? remark : remark + ", " + String.join(" and ", beanProviders);
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-14s %5s %7s %7s %8s %9s   %s", cells).stripTrailing();
  }

  private static void append(StringBuilder table, String line) {
    table.append(line).append('\n');
  }
}
