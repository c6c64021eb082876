// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.Program;

@DisabledOnOs(OS.WINDOWS)
class PathExecutableTest {

  @TempDir private Path folder;

  @Test
  void take_executableThere_takenWithItsVersion() throws Exception {
    Path memcached = script("memcached", "echo memcached 1.6.99");
    script("sh", "");
    Origin origin = way().take();
    assertThat(origin.description())
        .isEqualTo("memcached 1.6.99 from the PATH (%s)".formatted(memcached));
  }

  @Test
  void executable_otherProgram_takenByItsOwnVersionOption() throws Exception {
    script("sh", "");
    Path redis = script("redis-server", "[ \"$1\" = --version ] && echo Redis server v=7.0.15");
    Program program =
        new Program("redis-server", List.of("redis-server"), "--version", "Redis server ");
    Executable executable = new PathExecutable(way().machine(), program).executable();
    assertThat(executable).isEqualTo(new Executable(redis, List.of(), "Redis server v=7.0.15"));
  }

  @Test
  void take_noneThere_notTaken() throws Exception {
    script("sh", "");
    assertThatThrownBy(() -> way().take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("none is there");
  }

  @Test
  void take_noShell_notTaken() throws Exception {
    script("memcached", "echo memcached 1.6.99");
    assertThatThrownBy(() -> way().take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("no sh on the PATH");
  }

  @Test
  void take_executableFails_notTakenWithItsWords() throws Exception {
    script("sh", "");
    script("memcached", "echo 'libevent: cannot open shared object file'; exit 127");
    assertThatThrownBy(() -> way().take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("exit status 127: libevent: cannot open");
  }

  @Test
  void take_somethingElseOfThatName_notTaken() throws Exception {
    script("sh", "");
    script("memcached", "echo hello");
    assertThatThrownBy(() -> way().take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("expected memcached's version, got: hello");
  }

  private PathExecutable way() {
    String path = String.join(File.pathSeparator, "relative", folder.toString());
    return new PathExecutable(new Machine(Map.of("PATH", path), folder, folder.resolve("none")));
  }

  private Path script(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }
}
