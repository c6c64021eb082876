// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.memjcache.testkit.local.Command;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.LoginFiles;
import org.memjcache.testkit.local.Program;
import org.memjcache.testkit.server.Login;

/**
 * Makes the files by which a memcached of this machine knows whom to let in. They are in a folder
 * of their own, readable by all, since memcached may run as another user; they are removed when
 * this JVM ends.
 */
final class Logins {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * Writes users into a database of SASL's; the other packages have the mechanism PLAIN and the
   * reading of that database.
   */
  private static final Program SASLPASSWD =
      new Program(
          "saslpasswd2",
          List.of("sasl2-bin", "libsasl2-modules", "libsasl2-modules-db"),
          "-v",
          "This product");

  private Logins() {}

  /**
   * {@return what memcached has to be started with}
   *
   * @throws UnsupportedOperationException if this machine hasn't got what it takes
   */
  static LoginFiles prepare(Optional<Login> login) {
    if (login.isEmpty()) {
      return LoginFiles.none();
    }
    try {
      Path folder = Files.createTempDirectory("memjcache-login-");
      folder.toFile().deleteOnExit();
      return switch (login.get().way()) {
        case TEXT -> text(login.get(), folder);
        case SASL -> sasl(login.get(), folder);
      };
    } catch (IOException e) {
      throw new UncheckedIOException("The files for a login can't be made: " + e.getMessage(), e);
    }
  }

  private static LoginFiles text(Login login, Path folder) throws IOException {
    Path users = folder.resolve("users");
    Files.writeString(users, login.user() + ":" + login.password() + "\n");
    publish(folder, users);
    return new LoginFiles(List.of("-Y", users.toString()), Map.of());
  }

  private static LoginFiles sasl(Login login, Path folder) throws IOException {
    Executable saslpasswd;
    try {
      saslpasswd = Programs.find(SASLPASSWD);
    } catch (IllegalStateException e) {
      throw new UnsupportedOperationException(
          "Can't make a database of SASL users for memcached -S: " + e.getMessage(), e);
    }
    Path users = folder.resolve("users");
    Command.of(
            saslpasswd.path().toString(),
            "-p",
            "-c",
            "-a",
            "memcached",
            "-f",
            users.toString(),
            login.user())
        .with(saslpasswd.environment())
        .input(login.password().getBytes(UTF_8))
        .run(LIMIT);
    Path configuration = folder.resolve("memcached.conf");
    Files.writeString(
        configuration,
        """
        mech_list: plain
        pwcheck_method: auxprop
        auxprop_plugin: sasldb
        sasldb_path: %s
        """
            .formatted(users));
    publish(folder, users, configuration);
    Map<String, String> environment = new HashMap<>(saslpasswd.environment());
    environment.put("SASL_CONF_PATH", folder.toString());
    for (Path plugins : saslpasswd.libraryFolders()) {
      if (plugins.endsWith("sasl2")) {
        environment.put("SASL_PATH", published(plugins, folder).toString());
      }
    }
    return new LoginFiles(List.of("-S"), environment);
  }

  /** Copies unpacked mechanisms to where memcached's user can read them, too. */
  private static Path published(Path plugins, Path folder) throws IOException {
    Path copy = Files.createDirectory(folder.resolve("sasl2"));
    copy.toFile().deleteOnExit();
    try (Stream<Path> files = Files.list(plugins)) {
      for (Path file : files.toList()) {
        Path target = copy.resolve(file.getFileName());
        Files.copy(file, target);
        publish(copy, target);
      }
    }
    return copy;
  }

  private static void publish(Path folder, Path... files) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    for (Path file : files) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      file.toFile().deleteOnExit();
    }
  }
}
