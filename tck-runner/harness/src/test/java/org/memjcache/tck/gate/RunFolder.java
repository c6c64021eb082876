// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.memjcache.tck.run.RunFacts;

/** A run's folder as Maven leaves it, written by hand. */
record RunFolder(Path path) {

  static final String PROVIDER = "org.memjcache.MemcachedCachingProvider";

  RunFolder expecting(String... lines) throws IOException {
    return file("expected.properties", List.of(lines));
  }

  RunFolder file(String name, List<String> lines) throws IOException {
    Path file = path.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, lines);
    return this;
  }

  /** Writes a report of Surefire's, with as many good tests as are still wanting. */
  RunFolder report(String suite, int tests, int failures, int errors, int skipped, String output)
      throws IOException {
    return file(
        "target/surefire-reports/TEST-%s.xml".formatted(suite),
        List.of(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"%s\" tests=\"%d\" errors=\"%d\" skipped=\"%d\" failures=\"%d\">"
                .formatted(suite, tests, errors, skipped, failures),
            "  <testcase name=\"test\" classname=\"%s\">".formatted(suite),
            "    <system-err><![CDATA[%s]]></system-err>".formatted(output),
            "  </testcase>",
            "</testsuite>"));
  }

  RunFolder facts(RunFacts facts) throws IOException {
    facts.write(path.resolve("target/tck/facts.properties"));
    return this;
  }

  /** What the TCK logs when it leaves a test out. */
  static String excluding(String suite, String test) {
    return "Nov 22, 2026 9:37:31 AM org.jsr107.tck.testutil.AbstractTestExcluder$ExcludedStatement"
        + " evaluate\nINFO: ===== EXCLUDING TEST '%s'\t'%s'.\n".formatted(suite, test);
  }
}
