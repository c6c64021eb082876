// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.gate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lets the build of a run pass only if the run reported what its {@code expected.properties} say.
 *
 * <p>Arguments: the folders of the runs to judge.
 */
public final class Gate {

  private Gate() {}

  /**
   * Judges runs, and prints a line for each.
   *
   * @throws IOException if something can't be read
   * @throws RuntimeException if a run is not as expected; the message names all that is amiss
   */
  public static void main(String[] arguments) throws IOException {
    List<Verdict> verdicts = judge(Arrays.stream(arguments).map(Path::of).toList());
    verdicts.forEach(verdict -> System.out.println("TCK " + verdict));
    pass(verdicts);
  }

  static List<Verdict> judge(List<Path> runs) throws IOException {
    List<Verdict> verdicts = new ArrayList<>();
    for (Path run : runs) {
      verdicts.add(Verdict.on(run));
    }
    return verdicts;
  }

  /**
   * Returns if all is well.
   *
   * @throws GateException if a run is not as expected
   */
  static void pass(List<Verdict> verdicts) {
    List<String> problems = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      verdict.problems().forEach(problem -> problems.add(verdict.run() + ": " + problem));
    }
    if (!problems.isEmpty()) {
      throw new GateException(
          "The TCK did not run as expected:\n  " + String.join("\n  ", problems));
    }
  }
}
