// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.jdk;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * Tells Maven which JDK to run with, or to leave the run out where there is none.
 *
 * <p>Arguments: the version, such as 25; the folder for the answers; whether the TCK is to be
 * skipped anyway. The answers are the properties {@code jdk.home} and {@code jdk.skip} in the file
 * {@code jdk.properties}, and the reason in the file {@code left-out.txt} if no JDK is found.
 */
public final class FindJdk {

  private FindJdk() {}

  /**
   * Searches on this machine.
   *
   * @throws IOException if something can't be read or written
   */
  public static void main(String[] arguments) throws IOException {
    answer(
        JdkSearch.onThisMachine(),
        Integer.parseInt(arguments[0]),
        Path.of(arguments[1]),
        Boolean.parseBoolean(arguments[2]));
  }

  static void answer(JdkSearch search, int feature, Path folder, boolean skip) throws IOException {
    Optional<Path> home = skip ? Optional.empty() : search.find(feature);
    Properties answer = new Properties();
    answer.setProperty("jdk.home", home.map(Path::toString).orElse(""));
    answer.setProperty("jdk.skip", Boolean.toString(home.isEmpty()));
    Files.createDirectories(folder);
    try (Writer out = Files.newBufferedWriter(folder.resolve("jdk.properties"))) {
      answer.store(out, null);
    }
    if (home.isEmpty() && !skip) {
      Files.writeString(folder.resolve("left-out.txt"), search.notFound(feature));
    }
  }
}
