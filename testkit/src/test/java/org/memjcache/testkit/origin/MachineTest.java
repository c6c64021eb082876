// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {

  @TempDir private Path folder;

  @Test
  void cacheFolder_xdgCacheHome_absoluteOnesCount() {
    Path home = folder.resolve("home");
    String xdg = folder.resolve("xdg").toString();
    assertThat(machine(Map.of("XDG_CACHE_HOME", xdg)).cacheFolder())
        .isEqualTo(folder.resolve("xdg/memjcache"));
    assertThat(machine(Map.of("XDG_CACHE_HOME", "relative")).cacheFolder())
        .isEqualTo(home.resolve(".cache/memjcache"));
    assertThat(machine(Map.of()).cacheFolder()).isEqualTo(home.resolve(".cache/memjcache"));
  }

  @Test
  void executable_severalFolders_firstExecutableFileWins() throws Exception {
    Path one = Files.createDirectories(folder.resolve("one"));
    Path two = Files.createDirectories(folder.resolve("two"));
    Files.createDirectory(one.resolve("tool"));
    Files.createFile(two.resolve("tool"));
    Machine machine =
        machine(Map.of("PATH", String.join(File.pathSeparator, one.toString(), two.toString())));
    assertThat(machine.executable("tool").isPresent())
        .isEqualTo(Files.isExecutable(two.resolve("tool")));
    assertThat(two.resolve("tool").toFile().setExecutable(true)).isTrue();
    assertThat(machine.executable("tool")).contains(two.resolve("tool"));
    assertThat(machine.executable("other")).isEmpty();
    assertThat(machine(Map.of()).executable("tool")).isEmpty();
  }

  @Test
  void distribution_osRelease_valuesWithoutQuotes() throws Exception {
    Files.writeString(
        folder.resolve("os-release"),
        """
        PRETTY_NAME="Ubuntu 24.04.1 LTS"
        # a comment
        ID=ubuntu
        ID_LIKE='debian'
        """);
    assertThat(machine(Map.of()).distribution())
        .containsOnly(
            Map.entry("PRETTY_NAME", "Ubuntu 24.04.1 LTS"),
            Map.entry("ID", "ubuntu"),
            Map.entry("ID_LIKE", "debian"));
  }

  @Test
  void distribution_noFile_empty() {
    assertThat(machine(Map.of()).distribution()).isEmpty();
  }

  private Machine machine(Map<String, String> environment) {
    return new Machine(environment, folder.resolve("home"), folder.resolve("os-release"));
  }
}
