// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.LocalServer;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;

class RunningServersTest {

  private static LocalServer one;
  private static LocalServer two;

  @BeforeAll
  static void start() {
    Executable executable = LocalExecutable.findOrSkip();
    one = LocalServer.start(executable, ServerSettings.defaults());
    two = LocalServer.start(executable, ServerSettings.defaults());
  }

  @AfterAll
  static void close() {
    one.close();
    two.close();
  }

  @Test
  void take_notSetOrBlank_notTaken() {
    assertThatThrownBy(() -> origin(" "))
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"host", "host:", ":1", "host:0", "host:65536", "a:1,,b:2", "a:1;b:2"})
  void take_notAddresses_refused(String list) {
    assertThatThrownBy(() -> origin(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("MEMJCACHE_TEST_SERVERS: expected host:port,host:port");
  }

  @Test
  void start_twoListed_handedOutInOrderAndEmptied() throws Exception {
    assertThat(ask(one, "set k 0 0 1\r\n1")).containsExactly("STORED");
    Origin origin = bothServers();
    try (ServerHandle first = origin.start(ServerSettings.defaults());
        ServerHandle second = origin.start(ServerSettings.defaults())) {
      assertThat(first.port()).isEqualTo(one.port());
      assertThat(second.port()).isEqualTo(two.port());
      assertThat(ask(one, "get k")).containsExactly("END");
      assertThat(first.isRunning()).isTrue();
      assertThat(first.isManaged()).isFalse();
      assertThat(first.pid()).isEmpty();
    }
  }

  @Test
  void start_moreThanListed_errorSaysWhatToDo() throws Exception {
    Origin origin = bothServers();
    ServerHandle first = origin.start(ServerSettings.defaults());
    origin.start(ServerSettings.defaults());
    assertThatThrownBy(() -> origin.start(ServerSettings.defaults()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("all 2 of MEMJCACHE_TEST_SERVERS are in use")
        .hasMessageContaining("127.0.0.1:" + two.port());
    first.close();
    first.close();
    assertThat(origin.start(ServerSettings.defaults()).port()).isEqualTo(one.port());
    assertThatThrownBy(() -> origin.start(ServerSettings.defaults()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void start_sameServerListedTwice_handedOutOnce() throws Exception {
    String address = "127.0.0.1:" + one.port();
    Origin origin = origin(address + ", " + address);
    origin.start(ServerSettings.defaults());
    assertThatThrownBy(() -> origin.start(ServerSettings.defaults()))
        .hasMessageContaining("all 1 of");
  }

  @Test
  void start_settings_unsupportedWithWords() throws Exception {
    ServerSettings settings =
        new ServerSettings(
            OptionalInt.of(9),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    Origin origin = bothServers();
    assertUnsupported(() -> origin.start(settings), "start it with -m 9");
    ServerSettings login =
        new ServerSettings(
            OptionalInt.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            List.of(),
            Optional.of(new Login(Login.Way.TEXT, "alice", "secret")),
            Optional.empty());
    assertUnsupported(() -> origin.start(login), "let it want a login");
  }

  @Test
  void killPauseResumeRestart_unsupportedWithWords() throws Exception {
    try (ServerHandle server = bothServers().start(ServerSettings.defaults())) {
      assertUnsupported(server::kill, "kill 127.0.0.1:");
      assertUnsupported(server::pause, "pause 127.0.0.1:");
      assertUnsupported(server::resume, "resume 127.0.0.1:");
      assertUnsupported(server::restart, "restart 127.0.0.1:");
      assertThat(server.isRunning()).isTrue();
    }
    assertThat(one.isRunning()).isTrue();
  }

  @Test
  void start_nobodyThere_errorNamesAddressAndMayBeTriedAgain() throws Exception {
    Origin origin = origin("127.0.0.1:1");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> origin.start(ServerSettings.defaults()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("MEMJCACHE_TEST_SERVERS names 127.0.0.1:1, but no memcached");
    }
  }

  @Test
  void description_always_saysThatServersAreEmptied() throws Exception {
    assertThat(origin("a:1 , [::1]:2").description())
        .isEqualTo(
            "the running servers of MEMJCACHE_TEST_SERVERS, emptied before use: a:1,[::1]:2");
  }

  private static void assertUnsupported(ThrowingCallable call, String wish) {
    assertThatThrownBy(call)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("Can't " + wish)
        .hasMessageContaining("Unset the variable");
  }

  private static Origin bothServers() throws NotTakenException {
    return origin("127.0.0.1:%d, 127.0.0.1:%d".formatted(one.port(), two.port()));
  }

  private static Origin origin(String variable) throws NotTakenException {
    Map<String, String> environment = Map.of(RunningServers.VARIABLE, variable);
    return new RunningServers(new Machine(environment, Path.of("/"), Path.of("/none"))).take();
  }

  private static List<String> ask(ServerHandle server, String command) throws Exception {
    try (TextConnection connection =
        TextConnection.open(server.host(), server.port(), Duration.ofSeconds(5))) {
      return connection.ask(command);
    }
  }
}
