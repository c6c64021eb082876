// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.memjcache.benchmarks.compression.Compressions;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.plan.Tournament;
import org.memjcache.benchmarks.report.Machine;
import org.memjcache.benchmarks.report.Report;
import org.memjcache.benchmarks.server.Servers;
import org.memjcache.benchmarks.stampede.Stampede;
import org.memjcache.benchmarks.tenants.Tenants;

/** Starts all servers, lets the contestants take turns, and writes the report. */
public final class Main {

  private Main() {}

  /**
   * Runs the benchmarks.
   *
   * @param arguments see {@link CommandLine#USAGE}
   * @throws IOException if the report can't be written
   */
  public static void main(String[] arguments) throws IOException {
    CommandLine line;
    try {
      line = CommandLine.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    Results results = new Results();
    Set<String> versions = new TreeSet<>();
    for (Group group : line.groups()) {
      System.out.println(group.title());
      run(line, group, results, versions);
    }
    List<String> facts = Machine.facts(versions);
    new Report(line.extent(), line.rounds(), results, facts).write(line.folder());
    System.out.println("Report: " + line.folder().toAbsolutePath());
  }

  /** Each group has servers of its own, so that it finds no entries of another one. */
  private static void run(CommandLine line, Group group, Results results, Set<String> versions)
      throws IOException {
    if (group == Group.COMPRESSION) {
      versions.add(new Compressions(line.extent(), line.rounds(), results, Main::progress).run());
      return;
    }
    if (group == Group.TENANTS) {
      versions.add(
          new Tenants(line.extent(), line.rounds(), line.jvmOptions(), results, Main::progress)
              .run());
      return;
    }
    if (group == Group.STAMPEDE) {
      versions.add(
          new Stampede(line.extent(), line.jvmOptions(), results, line.folder(), Main::progress)
              .run());
      return;
    }
    Set<ContestantKind> contestants = EnumSet.copyOf(group.contestants());
    contestants.retainAll(line.contestants());
    List<String> options = new ArrayList<>(group.jvmOptions());
    options.addAll(line.jvmOptions());
    try (Servers servers = Servers.start(contestants, group.distance());
        Tournament tournament =
            Tournament.start(contestants, servers.endpoints(), options, Main::progress)) {
      versions.addAll(servers.versions());
      tournament.run(line.cells(group), line.rounds(), line.extent(), results);
    } catch (UnsupportedOperationException e) {
      progress("Left out: " + e.getMessage());
    }
  }

  private static void progress(String text) {
    System.out.println(text);
  }
}
