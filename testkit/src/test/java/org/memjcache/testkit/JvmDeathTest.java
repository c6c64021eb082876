// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.LocalServer;
import org.memjcache.testkit.origin.LocalExecutable;
import org.memjcache.testkit.server.ServerSettings;

/** Servers don't outlive the JVM that started them, however it ends. */
@Tag("slow")
class JvmDeathTest {

  private static Executable executable;

  @BeforeAll
  static void find() {
    executable = LocalExecutable.findOrSkip();
  }

  @Test
  void sigkill_serversRunningPausedAndRestarted_allGone() throws Exception {
    Process jvm = startJvm("wait");
    try {
      List<Long> pids = readPids(jvm);
      assertThat(pids).hasSize(3).allMatch(Processes::isAlive);
      jvm.destroyForcibly();
      for (long pid : pids) {
        Processes.awaitEnd(pid);
      }
    } finally {
      jvm.destroyForcibly();
    }
  }

  @Test
  void exit_serversNotClosed_allGone() throws Exception {
    Process jvm = startJvm("exit");
    List<Long> pids = readPids(jvm);
    assertThat(jvm.waitFor()).isZero();
    assertThat(pids).hasSize(3).noneMatch(Processes::isAlive);
  }

  @Test
  void halt_noShutdownHooks_allGone() throws Exception {
    Process jvm = startJvm("halt");
    List<Long> pids = readPids(jvm);
    assertThat(pids).hasSize(3);
    for (long pid : pids) {
      Processes.awaitEnd(pid);
    }
  }

  private static Process startJvm(String end) throws IOException {
    Stream<String> libraryFolders = executable.libraryFolders().stream().map(Path::toString);
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xshare:auto",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName(),
                    end,
                    executable.path().toString()),
                libraryFolders)
            .toList();
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<Long> readPids(Process jvm) throws IOException {
    BufferedReader output = jvm.inputReader();
    return Stream.of(output.readLine().split(" ")).map(Long::valueOf).toList();
  }

  /** The JVM that dies. */
  static final class Child {

    public static void main(String[] arguments) throws Exception {
      List<Path> libraryFolders = Stream.of(arguments).skip(2).map(Path::of).toList();
      Executable memcached = Executable.check(Path.of(arguments[1]), libraryFolders);
      LocalServer running = LocalServer.start(memcached, ServerSettings.defaults());
      LocalServer paused = LocalServer.start(memcached, ServerSettings.defaults());
      LocalServer restarted = LocalServer.start(memcached, ServerSettings.defaults());
      LocalServer closed = LocalServer.start(memcached, ServerSettings.defaults());
      restarted.restart();
      closed.close();
      paused.pause();
      System.out.println(
          String.join(
              " ",
              Stream.of(running, paused, restarted)
                  .map(server -> Long.toString(server.pid().orElseThrow()))
                  .toList()));
      switch (arguments[0]) {
        case "exit" -> System.exit(0);
        case "halt" -> Runtime.getRuntime().halt(0);
        default -> Thread.sleep(Duration.ofMinutes(5).toMillis());
      }
    }
  }
}
