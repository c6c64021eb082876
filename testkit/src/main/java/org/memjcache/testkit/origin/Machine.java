// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the ways to a memcached need to know about the machine.
 *
 * @param environment the environment variables
 * @param home the user's home folder
 * @param osRelease the file that describes the distribution
 */
record Machine(Map<String, String> environment, Path home, Path osRelease) {

  Machine {
    environment = Map.copyOf(environment);
  }

  /** {@return the machine this JVM runs on} */
  static Machine actual() {
    return new Machine(
        System.getenv(), Path.of(System.getProperty("user.home", "/")), Path.of("/etc/os-release"));
  }

  /** {@return an environment variable that is set and not blank} */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** {@return the first executable file of this name on the {@code PATH}} */
  Optional<Path> executable(String name) {
    return variable("PATH").stream()
        .flatMap(path -> Stream.of(path.split(Pattern.quote(File.pathSeparator))))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(file -> file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** {@return the folder for files of this user that can be made again, existing or not} */
  Path cacheFolder() {
    return variable("XDG_CACHE_HOME")
        .map(Path::of)
        .filter(Path::isAbsolute)
        .orElse(home.resolve(".cache"))
        .resolve("memjcache");
  }

  /** {@return the description of the distribution, without quotes; empty if there is none} */
  Map<String, String> distribution() {
    Map<String, String> values = new HashMap<>();
    try {
      for (String line : Files.readAllLines(osRelease)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1).replaceAll("[\"']", ""));
        }
      }
    } catch (IOException e) {
      return Map.of();
    }
    return values;
  }
}
