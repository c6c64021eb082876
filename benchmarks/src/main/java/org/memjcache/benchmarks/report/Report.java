// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.memjcache.benchmarks.plan.Extent;
import org.memjcache.benchmarks.plan.Results;

/**
 * The outcome of one run.
 *
 * @param extent how much was measured
 * @param rounds how often each contestant had its turn
 * @param results the figures
 * @param facts the conditions of the run
 */
public record Report(Extent extent, int rounds, Results results, List<String> facts) {

  /**
   * Writes {@code performance.md}, {@code performance.json} and {@code performance.svg}.
   *
   * @param folder where to write; created if missing
   * @throws IOException if that fails
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("performance.md"), new MarkdownReport(this).text());
    Files.writeString(folder.resolve("performance.json"), new JsonReport(this).text());
    Files.writeString(folder.resolve("performance.svg"), new Chart(results).text());
  }
}
