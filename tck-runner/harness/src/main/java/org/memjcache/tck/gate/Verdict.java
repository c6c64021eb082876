// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.memjcache.tck.gate.Reports.Counts;
import org.memjcache.tck.run.RunFacts;

/**
 * What the gate thinks of one run.
 *
 * @param run the run's name, that of its folder
 * @param leftOut why the run didn't take place, or empty if it did
 * @param outcome what it reported, or empty if it reported nothing
 * @param problems in what the run is not as expected; none means passed
 */
record Verdict(
    String run, Optional<String> leftOut, Optional<Outcome> outcome, List<String> problems) {

  /** What a run reported. */
  record Outcome(Reports reports, RunFacts facts) {}

  private static final String PROVIDER = "org.memjcache.MemcachedCachingProvider";

  /**
   * Judges the run in a folder by its reports under {@code target}.
   *
   * @throws GateException if what is expected is not told rightly
   * @throws IOException if what is expected is not told, or something can't be read
   */
  static Verdict on(Path run) throws IOException {
    String name = Objects.requireNonNull(run.toAbsolutePath().normalize().getFileName()).toString();
    Expectation expected = Expectation.of(run);
    Path leftOut = run.resolve("target/tck/left-out.txt");
    Path reports = run.resolve("target/surefire-reports");
    Path facts = run.resolve("target/tck/facts.properties");
    if (Files.exists(leftOut)) {
      return leftOut(name, expected, Files.readString(leftOut).strip());
    }
    if (!Files.exists(facts) || !Files.exists(reports)) {
      return new Verdict(
          name,
          Optional.empty(),
          Optional.empty(),
          List.of("expected the reports of a run, found none in " + run.resolve("target")));
    }
    Outcome outcome = new Outcome(Reports.in(reports), RunFacts.read(facts));
    return new Verdict(name, Optional.empty(), Optional.of(outcome), problems(expected, outcome));
  }

  /** Returns whether the run is as expected. */
  boolean isGood() {
    return problems.isEmpty();
  }

  /** Returns the run's name and what came of it. */
  @Override
  public String toString() {
    return run
        + ": "
        + leftOut
            .map(reason -> "not run: " + reason)
            .or(() -> outcome.map(Outcome::reports).map(Reports::toString))
            .orElse("nothing reported");
  }

  private static Verdict leftOut(String name, Expectation expected, String reason) {
    List<String> problems =
        expected.mayBeLeftOut()
            ? List.of()
            : List.of("expected a run, but it was left out: " + reason);
    return new Verdict(name, Optional.of(reason), Optional.empty(), problems);
  }

  private static List<String> problems(Expectation expected, Outcome outcome) {
    List<String> problems = new ArrayList<>();
    Reports reports = outcome.reports();
    RunFacts facts = outcome.facts();
    check(problems, "tests of the TCK", expected.tests(), reports.tck());
    check(problems, "own tests", expected.ownTests(), reports.own());
    check(problems, "excluded tests", expected.excluded(), reports.excluded());
    check(problems, "JCache providers", List.of(PROVIDER), facts.cachingProviders());
    check(problems, "BeanProviders", expected.beanProviders(), facts.beanProviders());
    int servers = facts.memcachedVersions().size();
    if (servers != expected.servers()) {
      problems.add("expected %d servers, had %d".formatted(expected.servers(), servers));
    }
    int java = facts.javaVersion().feature();
    if (expected.java().isPresent() && expected.java().getAsInt() != java) {
      problems.add("expected Java %d, had %d".formatted(expected.java().getAsInt(), java));
    }
    return problems;
  }

  private static void check(List<String> problems, String what, int expected, Counts found) {
    if (found.run() != expected || !found.areGood()) {
      problems.add("%s: expected %d run and all passed, found %s".formatted(what, expected, found));
    }
  }

  /** Each name must be there once. */
  private static void check(
      List<String> problems, String what, Collection<String> expected, List<String> found) {
    for (String name : new TreeSet<>(expected)) {
      if (!found.contains(name)) {
        problems.add("%s: lacks %s".formatted(what, name));
      }
    }
    List<String> rest = new ArrayList<>(found);
    expected.forEach(rest::remove);
    for (String name : rest) {
      problems.add(
          expected.contains(name)
              ? "%s: %s is there twice".formatted(what, name)
              : "%s: %s must not be there".formatted(what, name));
    }
  }
}
