// SPDX-License-Identifier: Apache-2.0
package org.memjcache.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A copy of what is in the working tree, changes included, without what Git ignores. */
final class Clone {

  /** The root of the repository that this test is part of. */
  static final Path ORIGINAL = Path.of("..").toAbsolutePath().normalize();

  private Clone() {}

  static Path to(Path folder) throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
            .directory(ORIGINAL.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String files = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as("exit code of git ls-files").isZero();
    for (String file : files.split("\0")) {
      if (Files.exists(ORIGINAL.resolve(file))) { // else it is deleted, but not yet for Git
        copy(file, folder);
      }
    }
    return folder;
  }

  /** Copies files and folders to the same place in another folder. */
  static void copy(Path folder, String... paths) throws IOException {
    for (String path : paths) {
      try (var all = Files.walk(ORIGINAL.resolve(path))) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          copy(ORIGINAL.relativize(file).toString(), folder);
        }
      }
    }
  }

  private static void copy(String file, Path folder) throws IOException {
    Path target = folder.resolve(file);
    Files.createDirectories(target.getParent());
    Files.copy(ORIGINAL.resolve(file), target, StandardCopyOption.COPY_ATTRIBUTES);
  }
}
