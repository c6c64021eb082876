// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** memcached refuses to run as root unless it is told as which user to go on. */
final class RootUser {

  private static final List<String> HARMLESS = List.of("nobody", "memcache", "memcached", "daemon");

  private RootUser() {}

  /** {@return the user to go on as, or empty if this JVM doesn't run as root} */
  static Optional<String> substitute() {
    return isRoot() ? Optional.of(harmlessUser(Path.of("/etc/passwd"))) : Optional.empty();
  }

  /** {@return a user of little power that exists, or root if there is none} */
  static String harmlessUser(Path passwd) {
    try {
      List<String> users =
          Files.readAllLines(passwd).stream().map(line -> line.split(":", 2)[0]).toList();
      return HARMLESS.stream().filter(users::contains).findFirst().orElse("root");
    } catch (IOException e) {
      return "root";
    }
  }

  private static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "root".equals(System.getProperty("user.name"));
    }
  }
}
