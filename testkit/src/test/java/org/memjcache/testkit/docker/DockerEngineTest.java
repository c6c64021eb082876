// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class DockerEngineTest {

  private static final String GOOD = "HTTP/1.1 200 OK\r\nApi-Version: 1.44\r\n\r\nOK";

  @TempDir private Path folder;

  @Test
  void problem_engineOnTcp_none() throws Exception {
    try (FakeEngine engine = FakeEngine.tcp(GOOD)) {
      assertThat(problem(Map.of("DOCKER_HOST", engine.dockerHost()))).isEmpty();
    }
  }

  @Test
  void problem_engineOnUnixSocket_none() throws Exception {
    try (FakeEngine engine = FakeEngine.unix(folder.resolve("d.sock"), GOOD)) {
      assertThat(problem(Map.of("DOCKER_HOST", engine.dockerHost()))).isEmpty();
    }
  }

  @Test
  void problem_engineOnUsualSocket_none() throws Exception {
    try (FakeEngine engine = FakeEngine.unix(folder.resolve("docker.sock"), GOOD)) {
      assertThat(problem(Map.of("XDG_RUNTIME_DIR", folder.toString()))).isEmpty();
      assertThat(engine.dockerHost()).endsWith("docker.sock");
    }
  }

  @Test
  @Timeout(10)
  void problem_silentEngine_saidAfterTheLimit() throws Exception {
    try (FakeEngine engine = FakeEngine.tcp("")) {
      Map<String, String> environment = Map.of("DOCKER_HOST", engine.dockerHost());
      assertThat(problem(environment, Duration.ofMillis(200)).orElseThrow())
          .contains(engine.dockerHost());
    }
  }

  @Test
  void problem_somethingElseAnswers_said() throws Exception {
    try (FakeEngine engine = FakeEngine.tcp("ERROR\r\n")) {
      assertThat(problem(Map.of("DOCKER_HOST", engine.dockerHost()))).isPresent();
    }
  }

  @Test
  void problem_engineBehindTls_connectionIsEnough() throws Exception {
    try (FakeEngine engine = FakeEngine.tcp("")) {
      assertThat(problem(Map.of("DOCKER_HOST", engine.dockerHost(), "DOCKER_TLS_VERIFY", "1")))
          .isEmpty();
    }
  }

  @Test
  void problem_socketFileLeftOver_said() throws Exception {
    Path file = Files.createFile(folder.resolve("docker.sock"));
    assertThat(problem(Map.of("DOCKER_HOST", "unix://" + file)).orElseThrow())
        .startsWith("no Docker engine at unix://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://127.0.0.1:1", "tcp://127.0.0.1", "unix:///nowhere", "a b", "tcp:"})
  void problem_nothingThere_saidAtOnce(String dockerHost) {
    assertThat(problem(Map.of("DOCKER_HOST", dockerHost)).orElseThrow()).contains(dockerHost);
  }

  private Optional<String> problem(Map<String, String> environment) {
    return problem(environment, Duration.ofSeconds(30)); // machines are busy
  }

  private Optional<String> problem(Map<String, String> environment, Duration limit) {
    return new DockerEngine(environment, folder, limit).problem();
  }
}
