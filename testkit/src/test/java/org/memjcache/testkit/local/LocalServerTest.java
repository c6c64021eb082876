// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.testkit.Processes;
import org.memjcache.testkit.origin.LocalExecutable;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;

class LocalServerTest {

  private static Executable executable;

  @BeforeAll
  static void find() {
    executable = LocalExecutable.findOrSkip();
  }

  @Test
  void launch_portOfAnotherMemcached_portTaken() {
    Launcher launcher = new Launcher(executable, ServerSettings.defaults(), LoginFiles.none());
    try (LocalServer other = LocalServer.start(executable, ServerSettings.defaults())) {
      assertThatThrownBy(() -> launcher.launch(other.port()))
          .isInstanceOf(PortTakenException.class)
          .hasMessageContaining(Integer.toString(other.port()));
      assertThat(other.isRunning()).isTrue();
    }
  }

  @Test
  void restart_portTakenForAMoment_comesBackThere() throws Exception {
    try (LocalServer server = LocalServer.start(executable, ServerSettings.defaults())) {
      server.kill();
      ServerSocket thief = new ServerSocket(server.port(), 1, InetAddress.getLoopbackAddress());
      CompletableFuture<Void> restart = CompletableFuture.runAsync(server::restart);
      assertThatThrownBy(() -> restart.get(300, TimeUnit.MILLISECONDS)).isNotNull();
      assertThat(restart).isNotDone();
      thief.close();
      restart.get(10, TimeUnit.SECONDS);
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void pid_running_isWhatTheServerSays() throws Exception {
    try (LocalServer server = LocalServer.start(executable, ServerSettings.defaults());
        TextConnection connection =
            TextConnection.open(server.host(), server.port(), Duration.ofSeconds(5))) {
      assertThat(connection.stats("").get("pid"))
          .isEqualTo(Long.toString(server.pid().orElseThrow()));
    }
  }

  @Test
  void pid_killed_isEmptyAndProcessGone() {
    try (LocalServer server = LocalServer.start(executable, ServerSettings.defaults())) {
      long pid = server.pid().orElseThrow();
      server.kill();
      assertThat(server.pid()).isEmpty();
      assertThat(Processes.isAlive(pid)).isFalse();
    }
  }

  @Test
  void isRunning_processKilledFromOutside_false() throws Exception {
    try (LocalServer server = LocalServer.start(executable, ServerSettings.defaults())) {
      ProcessHandle.of(server.pid().orElseThrow()).orElseThrow().destroyForcibly();
      await("server noticed as gone").until(() -> !server.isRunning());
      server.restart();
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void start_executableThatIsNotMemcached_errorQuotesItsOutput() {
    Executable other = new Executable(Path.of("/bin/ls"), List.of(), "memcached 0");
    assertThatThrownBy(() -> LocalServer.start(other, ServerSettings.defaults()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("memcached doesn't start")
        .hasMessageContaining("/bin/ls -l 127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "SASL, This server is not built with SASL support.",
    "TEXT, memcached: invalid option -- 'Y'"
  })
  void start_memcachedThatKnowsNoLogin_isUnsupported(
      Login.Way way, String complaint, @TempDir Path folder) throws IOException {
    Path script = folder.resolve("memcached");
    Files.writeString(script, "#!/bin/sh\necho \"%s\" >&2\nexit 64\n".formatted(complaint));
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Executable older = new Executable(script, List.of(), "memcached 1.4.31");
    ServerSettings settings =
        new ServerSettings(
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(),
            Optional.of(new Login(way, "alice", "sesame")),
            Optional.empty());

    assertThatThrownBy(() -> LocalServer.start(older, settings))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining(complaint);
    assertThatThrownBy(() -> LocalServer.start(older, ServerSettings.defaults()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void close_twice_secondDoesNothing() {
    LocalServer server = LocalServer.start(executable, ServerSettings.defaults());
    server.close();
    server.close();
    assertThat(server.isRunning()).isFalse();
    assertThatThrownBy(server::restart).isInstanceOf(IllegalStateException.class);
  }
}
