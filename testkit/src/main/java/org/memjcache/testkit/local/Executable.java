// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An executable, memcached unless another program is named, that was seen to work on this machine.
 *
 * @param path the file to execute
 * @param libraryFolders where its shared libraries are, if not in the system's folders; immutable
 * @param version what it calls itself, such as {@code memcached 1.6.18}
 */
public record Executable(Path path, List<Path> libraryFolders, String version) {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /**
   * Asks a memcached for its version.
   *
   * @param path the file to execute
   * @param libraryFolders where its shared libraries are, if not in the system's folders
   * @return the executable with its version
   * @throws IOException if it can't be executed or isn't memcached; the message says which
   */
  public static Executable check(Path path, List<Path> libraryFolders) throws IOException {
    return check(Program.MEMCACHED, path, libraryFolders);
  }

  /**
   * Asks an executable for its version.
   *
   * @param program what it should be
   * @param path the file to execute
   * @param libraryFolders where its shared libraries are, if not in the system's folders
   * @return the executable with its version
   * @throws IOException if it can't be executed or isn't that program; the message says which
   */
  public static Executable check(Program program, Path path, List<Path> libraryFolders)
      throws IOException {
    String answer =
        Command.of(path.toString(), program.versionOption())
            .with(environment(libraryFolders))
            .run(LIMIT)
            .strip();
    if (!answer.startsWith(program.versionStart())) {
      throw new IOException(
          "%s %s: expected %s's version, got: %s"
              .formatted(path, program.versionOption(), program.name(), answer));
    }
    return new Executable(path, libraryFolders, answer.lines().findFirst().orElse(answer));
  }

  /** {@return the environment variables it has to be started with} */
  public Map<String, String> environment() {
    return environment(libraryFolders);
  }

  private static Map<String, String> environment(List<Path> libraryFolders) {
    return libraryFolders.isEmpty()
        ? Map.of()
        : Map.of(
            "LD_LIBRARY_PATH",
            libraryFolders.stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator)));
  }
}
