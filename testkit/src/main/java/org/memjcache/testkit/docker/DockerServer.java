// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.memjcache.testkit.server.Ports;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A memcached in a container, published on a port of this machine that stays the same over
 * restarts.
 *
 * <p>Testcontainers' own companion container removes it if the JVM is killed. Thread safe.
 */
public final class DockerServer implements ServerHandle {

  /** The image, as a Docker registry knows it. */
  public static final String IMAGE = "memcached:1.6-alpine";

  private static final int PORT_INSIDE = 11211;
  private static final int PORTS_TO_TRY = 5;
  private static final Duration READY = Duration.ofSeconds(30);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final long POLL_MILLIS = 10;

  private final Container container;
  private final int port;
  private boolean closed;

  private DockerServer(Container container, int port) {
    this.container = container;
    this.port = port;
  }

  /**
   * Starts a container on a free port and returns when memcached answers.
   *
   * @param settings what memcached is to be started with
   * @return the server
   * @throws IllegalStateException if it doesn't start
   * @throws UnsupportedOperationException if it is to want a login or to speak TLS
   */
  public static DockerServer start(ServerSettings settings) {
    if (settings.login().isPresent()) {
      throw new UnsupportedOperationException(
          "A memcached in Docker is not started with a login: put one on the PATH for this test");
    }
    if (settings.tls().isPresent()) {
      throw new UnsupportedOperationException(
          "A memcached in Docker is not started with TLS: put one on the PATH for this test");
    }
    if (settings.listen().isPresent()) {
      throw new UnsupportedOperationException(
          "A memcached in Docker has an address of its own: put one on the PATH for this test");
    }
    for (int attempt = 1; ; attempt++) {
      int port = Ports.reserve();
      Container container = new Container(port, settings);
      try {
        container.start();
        DockerServer server = new DockerServer(container, port);
        server.awaitAnswer();
        return server;
      } catch (RuntimeException e) {
        container.stop();
        Ports.release(port);
        if (attempt == PORTS_TO_TRY || !isPortTaken(e)) {
          throw new IllegalStateException("memcached doesn't start in Docker (" + IMAGE + ")", e);
        }
      }
    }
  }

  @Override
  public String host() {
    String host = container.getHost();
    return host.equals("localhost") ? "127.0.0.1" : host;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean isManaged() {
    return true;
  }

  @Override
  public OptionalLong pid() {
    return OptionalLong.empty();
  }

  @Override
  public synchronized boolean isRunning() {
    return !closed && Boolean.TRUE.equals(state().getRunning());
  }

  @Override
  public synchronized void kill() {
    if (isRunning()) {
      resume(); // a paused container takes no signal
      docker().killContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void pause() {
    if (!isRunning()) {
      throw new IllegalStateException("memcached on port %d is not running".formatted(port));
    }
    if (!Boolean.TRUE.equals(state().getPaused())) {
      docker().pauseContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void resume() {
    if (!isRunning()) {
      throw new IllegalStateException("memcached on port %d is not running".formatted(port));
    }
    if (Boolean.TRUE.equals(state().getPaused())) {
      docker().unpauseContainerCmd(container.getContainerId()).exec();
    }
  }

  @Override
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException("memcached on port %d is closed".formatted(port));
    }
    kill();
    docker().startContainerCmd(container.getContainerId()).exec();
    awaitAnswer();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      try {
        kill();
      } finally {
        closed = true;
        container.stop();
        Ports.release(port);
      }
    }
  }

  private DockerClient docker() {
    return container.getDockerClient();
  }

  private ContainerState state() {
    return docker().inspectContainerCmd(container.getContainerId()).exec().getState();
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + READY.toNanos();
    while (true) {
      try (TextConnection connection = TextConnection.open(host(), port, ANSWER)) {
        connection.ask("version");
        return;
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "no answer from port %d after %s".formatted(port, READY), e);
        }
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while memcached was starting", e);
      }
    }
  }

  private static boolean isPortTaken(Throwable problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (message.contains("port is already allocated")
          || message.contains("address already in use")) {
        return true;
      }
    }
    return false;
  }

  private static final class Container extends GenericContainer<Container> {

    Container(int port, ServerSettings settings) {
      super(DockerImageName.parse(IMAGE));
      addFixedExposedPort(port, PORT_INSIDE);
      List<String> arguments = new ArrayList<>(List.of("memcached", "-U", "0"));
      arguments.addAll(settings.arguments());
      setCommand(arguments.toArray(String[]::new));
    }
  }
}
