// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.testkit.docker.FakeEngine;

class DockerImageTest {

  @TempDir private Path home;

  @Test
  void take_testcontainersNotOnTheClassPath_notTaken() {
    ClassLoader without = ClassLoader.getPlatformClassLoader();
    assertThatThrownBy(() -> new DockerImage(machine("unix:///none"), without).take())
        .isInstanceOf(NotTakenException.class)
        .hasMessage("org.testcontainers:testcontainers is not on the class path");
  }

  @Test
  void take_noEngine_notTakenAtOnce() throws Exception {
    int deadPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      deadPort = socket.getLocalPort();
    }
    assertThatThrownBy(() -> new DockerImage(machine("tcp://127.0.0.1:" + deadPort)).take())
        .isInstanceOf(NotTakenException.class)
        .hasMessageContaining("no Docker engine at tcp://127.0.0.1:" + deadPort);
  }

  @Test
  void take_engineAnswers_takenWithoutStartingAnything() throws Exception {
    try (FakeEngine engine = FakeEngine.tcp("HTTP/1.1 200 OK\r\n\r\nOK")) {
      Origin origin = new DockerImage(machine(engine.dockerHost())).take();
      assertThat(origin.description()).contains("memcached:1.6-alpine");
      assertThat(engine.requests()).isEqualTo(1);
    }
  }

  private Machine machine(String dockerHost) {
    return new Machine(Map.of("DOCKER_HOST", dockerHost), home, home.resolve("none"));
  }
}
