// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.Program;

/**
 * The fourth way: the packages of Debian or Ubuntu, unpacked into the user's cache folder.
 *
 * <p>Needs no root and changes nothing outside that folder. One folder for each release and
 * processor, so that a shared home folder works.
 */
record DebianPackages(Machine machine, Program program) implements Way {

  private static final List<String> TOOLS =
      List.of("sh", "apt-get", "apt-cache", "dpkg", "dpkg-query");

  DebianPackages(Machine machine) {
    this(machine, Program.MEMCACHED);
  }

  @Override
  public String name() {
    return "the packages of Debian or Ubuntu";
  }

  @Override
  public Origin take() throws NotTakenException {
    return new LocalOrigin(executable(), "from the distribution's packages");
  }

  /** {@return the program out of its packages} */
  Executable executable() throws NotTakenException {
    Map<String, String> distribution = machine.distribution();
    if (!isDebianOrLike(distribution)) {
      throw new NotTakenException(
          "this system is "
              + distribution.getOrDefault("PRETTY_NAME", System.getProperty("os.name", "unknown")));
    }
    for (String tool : TOOLS) {
      if (machine.executable(tool).isEmpty()) {
        throw new NotTakenException("there is no %s on the PATH".formatted(tool));
      }
    }
    CachedFolder folder = new CachedFolder(machine.cacheFolder().resolve(folderName(distribution)));
    try {
      return folder.getOrMake(
          this::open, root -> new Apt(machine).unpack(program.packages(), root));
    } catch (IOException e) {
      throw new NotTakenException(String.valueOf(e.getMessage()), e);
    }
  }

  private static boolean isDebianOrLike(Map<String, String> distribution) {
    return Stream.of("ID", "ID_LIKE")
        .flatMap(name -> Stream.of(distribution.getOrDefault(name, "").split(" ")))
        .anyMatch(Set.of("debian", "ubuntu")::contains);
  }

  private String folderName(Map<String, String> distribution) {
    String release =
        distribution.getOrDefault(
            "VERSION_ID", distribution.getOrDefault("VERSION_CODENAME", "rolling"));
    return String.join(
            "-", program.name(), distribution.get("ID"), release, System.getProperty("os.arch"))
        .replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private Executable open(Path root) throws IOException {
    Path file = root.resolve("usr/bin").resolve(program.name());
    if (!Files.exists(file)) {
      file = root.resolve("usr/sbin").resolve(program.name());
    }
    return Executable.check(program, file, libraryFolders(root));
  }

  private static List<Path> libraryFolders(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.getFileName().toString().contains(".so"))
          .map(Path::getParent)
          .distinct()
          .sorted()
          .toList();
    }
  }
}
