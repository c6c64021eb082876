// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.tck.gate.RunFolder.PROVIDER;
import static org.memjcache.tck.gate.RunFolder.excluding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.tck.run.RunFacts;

/** What the gate lets through, and what it doesn't. */
class VerdictTest {

  private static final String CACHE_TEST = "org.jsr107.tck.CacheTest";
  private static final String DUMMY = "org.jsr107.tck.CachingTest";
  private static final String OWN_TEST = "org.memjcache.tck.annotation.BeanProviderTest";
  private static final RunFacts GOOD_FACTS =
      facts(17, List.of("1.6.18"), List.of(PROVIDER), List.of());

  @TempDir private Path folder;
  private RunFolder run;

  /** A small run that is as expected; each test changes one thing. */
  @BeforeEach
  void goodRun() throws IOException {
    run =
        new RunFolder(folder.resolve("one-server"))
            .expecting("tests = 7", "excluded = ../excluded.txt", "servers = 1")
            .file("../excluded.txt", List.of("# why", "", DUMMY + "#dummyTest"))
            .report(CACHE_TEST, 4, 0, 0, 0, "")
            .report(DUMMY, 3, 0, 0, 0, excluding(DUMMY, "dummyTest"))
            .facts(GOOD_FACTS);
  }

  @Test
  void run_asExpected_isGood() throws IOException {
    Verdict verdict = Verdict.on(run.path());

    assertThat(verdict.problems()).isEmpty();
    assertThat(verdict.isGood()).isTrue();
    assertThat(verdict.run()).isEqualTo("one-server");
  }

  @Test
  void toString_isOneLine() throws IOException {
    assertThat(Verdict.on(run.path()))
        .hasToString("one-server: 7 run, 0 failed, 0 errors, 0 skipped, 1 excluded");

    run.report(OWN_TEST, 2, 0, 0, 0, "");
    assertThat(Verdict.on(run.path()))
        .hasToString(
            "one-server: 7 run, 0 failed, 0 errors, 0 skipped, 1 excluded"
                + " (and of our own: 2 run, 0 failed, 0 errors, 0 skipped)");

    run.file("target/tck/left-out.txt", List.of("no JDK 25 found"));
    assertThat(Verdict.on(run.path())).hasToString("one-server: not run: no JDK 25 found");
  }

  @Nested
  class Counts {

    @Test
    void testFewer_isAProblem() throws IOException {
      run.report(CACHE_TEST, 3, 0, 0, 0, "");

      assertProblems(
          "tests of the TCK: expected 7 run and all passed,"
              + " found 6 run, 0 failed, 0 errors, 0 skipped");
    }

    @Test
    void testMore_isAProblem() throws IOException {
      run.report("javax.cache.CachingTest", 1, 0, 0, 0, "");

      assertProblems(
          "tests of the TCK: expected 7 run and all passed,"
              + " found 8 run, 0 failed, 0 errors, 0 skipped");
    }

    @Test
    void failure_isAProblem() throws IOException {
      run.report(CACHE_TEST, 4, 1, 0, 0, "");

      assertProblems(
          "tests of the TCK: expected 7 run and all passed,"
              + " found 7 run, 1 failed, 0 errors, 0 skipped");
    }

    @Test
    void error_isAProblem() throws IOException {
      run.report(CACHE_TEST, 4, 0, 2, 0, "");

      assertProblems(
          "tests of the TCK: expected 7 run and all passed,"
              + " found 7 run, 0 failed, 2 errors, 0 skipped");
    }

    @Test
    void skippedTest_isAProblem() throws IOException {
      run.report(CACHE_TEST, 4, 0, 0, 1, "");

      assertProblems(
          "tests of the TCK: expected 7 run and all passed,"
              + " found 7 run, 0 failed, 0 errors, 1 skipped");
    }

    @Test
    void ownTests_areCountedApart() throws IOException {
      run.report(OWN_TEST, 2, 0, 0, 0, "");

      assertProblems(
          "own tests: expected 0 run and all passed,"
              + " found 2 run, 0 failed, 0 errors, 0 skipped");
    }

    @Test
    void ownTestsLacking_isAProblem() throws IOException {
      run.expecting("tests = 7", "ownTests = 2", "excluded = ../excluded.txt");

      assertProblems(
          "own tests: expected 2 run and all passed,"
              + " found 0 run, 0 failed, 0 errors, 0 skipped");
    }
  }

  @Nested
  class Exclusions {

    @Test
    void exclusionMore_isAProblem() throws IOException {
      run.report(CACHE_TEST, 4, 0, 0, 0, excluding(CACHE_TEST, "put"));

      assertProblems("excluded tests: org.jsr107.tck.CacheTest#put must not be there");
    }

    @Test
    void exclusionFewer_isAProblem() throws IOException {
      run.report(DUMMY, 3, 0, 0, 0, "");

      assertProblems("excluded tests: lacks org.jsr107.tck.CachingTest#dummyTest");
    }

    @Test
    void anotherExclusion_isAProblem() throws IOException {
      run.report(DUMMY, 3, 0, 0, 0, excluding(DUMMY, "getCacheManager"));

      assertProblems(
          "excluded tests: lacks org.jsr107.tck.CachingTest#dummyTest",
          "excluded tests: org.jsr107.tck.CachingTest#getCacheManager must not be there");
    }

    @Test
    void exclusionTwice_isAProblem() throws IOException {
      run.report(DUMMY, 3, 0, 0, 0, excluding(DUMMY, "dummyTest") + excluding(DUMMY, "dummyTest"));

      assertProblems("excluded tests: org.jsr107.tck.CachingTest#dummyTest is there twice");
    }

    @Test
    void exclusionWhereNoneIsExpected_isAProblem() throws IOException {
      run.expecting("tests = 7");

      assertProblems("excluded tests: org.jsr107.tck.CachingTest#dummyTest must not be there");
    }
  }

  @Nested
  class Facts {

    @Test
    void secondProvider_isAProblem() throws IOException {
      run.facts(facts(17, List.of("1.6.18"), List.of("com.acme.Provider", PROVIDER), List.of()));

      assertProblems("JCache providers: com.acme.Provider must not be there");
    }

    @Test
    void anotherProvider_isAProblem() throws IOException {
      run.facts(facts(17, List.of("1.6.18"), List.of("com.acme.Provider"), List.of()));

      assertProblems(
          "JCache providers: lacks org.memjcache.MemcachedCachingProvider",
          "JCache providers: com.acme.Provider must not be there");
    }

    @Test
    void noBeanProvider_isAProblemOfAnnotationRun() throws IOException {
      run.expecting("tests = 7", "excluded = ../excluded.txt", "beanProviders = com.acme.Beans");

      assertProblems("BeanProviders: lacks com.acme.Beans");
    }

    @Test
    void beanProvider_isAProblemOfMainRun() throws IOException {
      run.facts(facts(17, List.of("1.6.18"), List.of(PROVIDER), List.of("com.acme.Beans")));

      assertProblems("BeanProviders: com.acme.Beans must not be there");
    }

    @Test
    void serversFewer_isAProblem() throws IOException {
      run.expecting("tests = 7", "excluded = ../excluded.txt", "servers = 3");

      assertProblems("expected 3 servers, had 1");
    }

    @Test
    void anotherJava_isAProblem() throws IOException {
      run.expecting("tests = 7", "excluded = ../excluded.txt", "java = 25");

      assertProblems("expected Java 25, had 17");
    }
  }

  @Nested
  class MissingRun {

    @Test
    void noReports_isAProblem() throws IOException {
      delete("target/surefire-reports");

      assertNothingReported();
    }

    @Test
    void noFacts_isAProblem() throws IOException {
      delete("target/tck");

      assertNothingReported();
    }

    @Test
    void leftOut_isAProblem() throws IOException {
      run.file("target/tck/left-out.txt", List.of("no JDK 25 found"));

      assertProblems("expected a run, but it was left out: no JDK 25 found");
    }

    @Test
    void leftOut_isGoodWhereItMayBe() throws IOException {
      run.expecting("tests = 7", "mayBeLeftOut = true");
      run.file("target/tck/left-out.txt", List.of("no JDK 25 found"));

      Verdict verdict = Verdict.on(run.path());

      assertThat(verdict.problems()).isEmpty();
      assertThat(verdict.leftOut()).contains("no JDK 25 found");
    }

    @Test
    void noReports_isAProblemEvenWhereItMayBeLeftOut() throws IOException {
      run.expecting("tests = 7", "mayBeLeftOut = true");
      delete("target/tck");

      assertNothingReported();
    }

    private void assertNothingReported() throws IOException {
      assertProblems(
          "expected the reports of a run, found none in " + run.path().resolve("target"));
    }

    private void delete(String name) throws IOException {
      try (var files = Files.list(run.path().resolve(name))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(run.path().resolve(name));
    }
  }

  @Nested
  class BadExpectation {

    @Test
    void misspeltKey_isRefused() throws IOException {
      run.expecting("tests = 7", "exclude = ../excluded.txt");

      assertThatThrownBy(() -> Verdict.on(run.path()))
          .isInstanceOf(GateException.class)
          .hasMessageEndingWith("expected.properties: exclude is unknown");
    }

    @Test
    void noNumberOfTests_isRefused() throws IOException {
      run.expecting("servers = 1");

      assertThatThrownBy(() -> Verdict.on(run.path()))
          .isInstanceOf(GateException.class)
          .hasMessageEndingWith("expected.properties: tests is lacking");
    }

    @Test
    void noNumber_isRefused() throws IOException {
      run.expecting("tests = all");

      assertThatThrownBy(() -> Verdict.on(run.path()))
          .isInstanceOf(GateException.class)
          .hasMessageEndingWith("expected.properties: tests is not a number: all");
    }

    @Test
    void noExpectation_isRefused() throws IOException {
      Files.delete(run.path().resolve("expected.properties"));

      assertThatThrownBy(() -> Verdict.on(run.path())).isInstanceOf(NoSuchFileException.class);
    }
  }

  private void assertProblems(String... problems) throws IOException {
    assertThat(Verdict.on(run.path()).problems()).containsExactly(problems);
    assertThat(Verdict.on(run.path()).isGood()).isFalse();
  }

  private static RunFacts facts(
      int java, List<String> memcached, List<String> cachingProviders, List<String> beanProviders) {
    return new RunFacts(
        Runtime.Version.parse(Integer.toString(java)), memcached, cachingProviders, beanProviders);
  }
}
