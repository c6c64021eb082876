// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

@DisabledOnOs(OS.WINDOWS)
class DebianPackagesTest {

  @TempDir private Path folder;

  private Path tools;

  @BeforeEach
  void createFolderForTools() throws IOException {
    tools = Files.createDirectory(folder.resolve("tools"));
  }

  @Tag("slow")
  @Test
  void take_twoAtOnceThenAgain_unpackedOnceAndUsedAgainWithoutApt() throws Exception {
    Machine machine = machine(System.getenv("PATH"), Path.of("/etc/os-release"));
    assumeTrue(Files.exists(machine.osRelease()), "no distribution");
    List<CompletableFuture<Origin>> both =
        List.of(takeInBackground(machine), takeInBackground(machine));
    for (CompletableFuture<Origin> one : both) {
      try (ServerHandle server = joinOrSkip(one).start(ServerSettings.defaults())) {
        assertThat(server.isRunning()).isTrue();
      }
    }
    try (Stream<Path> unpacked = Files.list(machine.cacheFolder())) {
      assertThat(unpacked).hasSize(1);
    }

    script("apt-get", "echo must not be called; exit 1");
    String toolsFirst = tools + File.pathSeparator + System.getenv("PATH");
    Origin again = new DebianPackages(machine(toolsFirst, machine.osRelease())).take();
    assertThat(again.description())
        .contains("from the distribution's packages")
        .contains(machine.cacheFolder().toString());
  }

  @Test
  void take_otherDistribution_notTakenNamesIt() throws Exception {
    Path osRelease = osRelease("ID=fedora\nPRETTY_NAME=\"Fedora Linux 42\"\n");
    assertThatThrownBy(() -> new DebianPackages(machine(tools.toString(), osRelease)).take())
        .isInstanceOf(NotTakenException.class)
        .hasMessage("this system is Fedora Linux 42");
  }

  @Test
  void take_noApt_notTakenNamesTheTool() throws Exception {
    script("sh", "");
    Path osRelease = osRelease("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n");
    assertThatThrownBy(() -> new DebianPackages(machine(tools.toString(), osRelease)).take())
        .isInstanceOf(NotTakenException.class)
        .hasMessage("there is no apt-get on the PATH");
  }

  @Test
  void take_sourcesOutOfReach_notTakenWithAptsWordsAndNothingLeft() throws Exception {
    for (String tool : List.of("sh", "dpkg", "dpkg-query")) {
      script(tool, "");
    }
    script("apt-get", "echo 'W: Failed to fetch http://deb.example/'");
    script("apt-cache", "echo 'E: No packages found'; exit 100");
    Machine machine = machine(tools.toString(), osRelease("ID=debian\nVERSION_ID=\"12\"\n"));
    assertThatThrownBy(() -> new DebianPackages(machine).take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("E: No packages found")
        .hasMessageContaining("W: Failed to fetch http://deb.example/");
    assertThat(machine.cacheFolder()).isEmptyDirectory();
  }

  private static CompletableFuture<Origin> takeInBackground(Machine machine) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return new DebianPackages(machine).take();
          } catch (NotTakenException e) {
            throw new CompletionException(e);
          }
        });
  }

  private static Origin joinOrSkip(CompletableFuture<Origin> origin) {
    try {
      return origin.join();
    } catch (CompletionException e) {
      String reason = e.getCause().getMessage();
      if (Stream.of("this system is", "there is no", "Failed to fetch")
          .anyMatch(reason::contains)) {
        return abort(reason);
      }
      throw e;
    }
  }

  private Machine machine(String path, Path osRelease) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", path);
    environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
    return new Machine(environment, folder, osRelease);
  }

  private Path osRelease(String text) throws IOException {
    return Files.writeString(folder.resolve("os-release"), text);
  }

  private void script(String name, String text) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
