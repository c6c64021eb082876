// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.tck.gate.RunFolder.PROVIDER;
import static org.memjcache.tck.gate.RunFolder.excluding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.tck.run.RunFacts;

class SummaryTest {

  @TempDir private Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  void summary_hasALineForEachRun() throws IOException {
    RunFolder main = run("three-servers").expecting("tests = 5", "excluded = names", "servers = 3");
    main.file("names", List.of("org.jsr107.tck.CacheTest#a", "org.jsr107.tck.CacheTest#b"));
    main.facts(facts(List.of("1.6.18", "1.6.18", "1.6.18"), List.of()));
    String suite = "org.jsr107.tck.CacheTest";
    main.report(suite, 5, 0, 0, 0, excluding(suite, "a") + excluding(suite, "b"));

    RunFolder leftOut = run("java-25").expecting("tests = 5", "mayBeLeftOut = true");
    leftOut.file("target/tck/left-out.txt", List.of("no JDK 25 found"));

    RunFolder annotations =
        run("cdi").expecting("tests = 12", "ownTests = 2", "beanProviders = com.acme.Beans");
    annotations.facts(facts(List.of("1.6.18"), List.of("com.acme.Beans")));
    annotations.report("org.jsr107.tck.annotation.ATest", 12, 0, 0, 0, "");
    annotations.report("org.memjcache.tck.annotation.BeanProviderTest", 2, 0, 0, 0, "");

    write(main, leftOut, annotations);

    String[] lines = {
      "javax.cache:cache-tests:1.1.1 over MemJCache",
      "",
      "run              run  failed  errors  skipped  excluded",
      "three-servers      5       0       0        0         2"
          + "   Java 17, 3 servers of memcached 1.6.18",
      "java-25        not run: no JDK 25 found",
      "cdi               12       0       0        0         0"
          + "   Java 17, 1 server of memcached 1.6.18, Beans",
      "",
      "Excluded tests are counted as run: the TCK passes over them in silence."
    };
    assertThat(Files.readAllLines(folder.resolve("target/summary.txt"))).containsExactly(lines);
    assertThat(printed.toString(StandardCharsets.UTF_8).lines()).contains(lines);
  }

  @Test
  void badRun_failsAfterTheSummaryIsWritten() throws IOException {
    RunFolder bad = run("cdi").expecting("tests = 12");
    bad.facts(facts(List.of("1.6.18"), List.of()));
    bad.report("org.jsr107.tck.annotation.ATest", 11, 1, 0, 0, "");
    RunFolder missing = run("guice").expecting("tests = 12");

    assertThatThrownBy(() -> write(bad, missing))
        .isInstanceOf(GateException.class)
        .hasMessageContainingAll(
            "cdi: tests of the TCK: expected 12 run and all passed,"
                + " found 11 run, 1 failed, 0 errors, 0 skipped",
            "guice: expected the reports of a run, found none in ");
    assertThat(Files.readAllLines(folder.resolve("target/summary.txt")))
        .contains("guice          nothing reported");
  }

  @Test
  void gate_passesAGoodRunAndNoOther() throws IOException {
    RunFolder run = run("cdi").expecting("tests = 12");
    run.facts(facts(List.of("1.6.18"), List.of()));
    run.report("org.jsr107.tck.annotation.ATest", 12, 0, 0, 0, "");
    String[] arguments = {run.path().toString()};

    assertThatCode(() -> Gate.main(arguments)).doesNotThrowAnyException();

    run.report("org.jsr107.tck.annotation.BTest", 1, 0, 0, 0, "");

    assertThatThrownBy(() -> Gate.main(arguments)).isInstanceOf(GateException.class);
  }

  private RunFolder run(String name) {
    return new RunFolder(folder.resolve(name));
  }

  private void write(RunFolder... runs) throws IOException {
    List<Path> paths = Arrays.stream(runs).map(RunFolder::path).toList();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      Summary.write(folder.resolve("target/summary.txt"), paths, out);
    }
  }

  private static RunFacts facts(List<String> memcached, List<String> beanProviders) {
    return new RunFacts(
        Runtime.Version.parse("17.0.12+7"), memcached, List.of(PROVIDER), beanProviders);
  }
}
