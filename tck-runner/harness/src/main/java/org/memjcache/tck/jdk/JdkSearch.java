// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.jdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where to look for a JDK of a certain version, in this order: an environment variable such as
 * {@code JAVA25_HOME}, the JVM that runs this, folders where JDKs are usually installed.
 *
 * @param environment the environment variables
 * @param running the version of the JVM that runs this
 * @param runningHome its home
 * @param places folders with a JDK in each of their folders
 */
record JdkSearch(
    Map<String, String> environment, Runtime.Version running, Path runningHome, List<Path> places) {

  /** Returns the search on this machine. */
  static JdkSearch onThisMachine() {
    Path userHome = Path.of(System.getProperty("user.home"));
    return new JdkSearch(
        System.getenv(),
        Runtime.version(),
        Path.of(System.getProperty("java.home")),
        List.of(
            Path.of("/usr/lib/jvm"),
            Path.of("/Library/Java/JavaVirtualMachines"),
            userHome.resolve(".sdkman/candidates/java"),
            userHome.resolve(".jdks")));
  }

  /**
   * Returns the home of a JDK, or empty if there is none.
   *
   * @param feature the version, such as 25
   * @throws IllegalStateException if the environment variable names something else than a JDK
   * @throws IOException if a folder can't be read
   */
  Optional<Path> find(int feature) throws IOException {
    String variable = variable(feature);
    String named = environment.get(variable);
    if (named != null && !named.isBlank()) {
      Path home = Path.of(named);
      if (!hasJava(home)) {
        throw new IllegalStateException(
            "%s is set to %s, but there is no JDK".formatted(variable, named));
      }
      return Optional.of(home);
    }
    if (running.feature() == feature) {
      return Optional.of(runningHome);
    }
    for (Path place : places) {
      for (Path home : homesIn(place)) {
        if (hasJava(home) && isVersion(home, feature)) {
          return Optional.of(home);
        }
      }
    }
    return Optional.empty();
  }

  /** Says that there is no such JDK, and how to name one. */
  String notFound(int feature) {
    return "no JDK %d found in %s; set %s to one"
        .formatted(
            feature,
            places.stream().map(Path::toString).collect(Collectors.joining(", ")),
            variable(feature));
  }

  private static String variable(int feature) {
    return "JAVA" + feature + "_HOME";
  }

  private static List<Path> homesIn(Path place) throws IOException {
    List<Path> homes = new ArrayList<>();
    if (Files.isDirectory(place)) {
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(place)) {
        for (Path folder : folders) {
          homes.add(folder);
          homes.add(folder.resolve("Contents/Home")); // on macOS
        }
      }
    }
    homes.sort(null);
    return homes;
  }

  private static boolean hasJava(Path home) {
    return Files.isExecutable(home.resolve("bin/java"))
        || Files.isExecutable(home.resolve("bin/java.exe"));
  }

  /** Asks the file that tells a JDK's version, which every JDK has. */
  private static boolean isVersion(Path home, int feature) throws IOException {
    Path release = home.resolve("release");
    if (!Files.isRegularFile(release)) {
      return false;
    }
    return Files.readAllLines(release).stream()
        .anyMatch(line -> line.matches("JAVA_VERSION=\"" + feature + "[^0-9].*"));
  }
}
