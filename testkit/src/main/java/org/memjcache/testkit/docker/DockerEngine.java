// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.docker;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks for a Docker engine without Testcontainers, which waits long and logs much when there is
 * none.
 *
 * <p>Asks {@code GET /_ping} where Testcontainers would look: {@code DOCKER_HOST}, else the usual
 * sockets. An engine behind TLS counts as there if it takes the connection.
 */
public final class DockerEngine {

  private static final byte[] PING =
      "GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);
  private static final File WINDOWS_PIPE = new File("//./pipe/docker_engine");

  private final Map<String, String> environment;
  private final Path home;
  private final Duration limit;

  /**
   * Creates a search.
   *
   * @param environment the environment variables to go by
   * @param home the user's home folder
   * @param limit the longest wait for one engine's answer
   */
  public DockerEngine(Map<String, String> environment, Path home, Duration limit) {
    this.environment = Map.copyOf(environment);
    this.home = home;
    this.limit = limit;
  }

  /** {@return why no engine can be used, or empty if one answers} */
  public Optional<String> problem() {
    String dockerHost = environment.getOrDefault("DOCKER_HOST", "");
    return dockerHost.isBlank() ? problemOfUsualSockets() : problemOf(dockerHost);
  }

  private Optional<String> problemOfUsualSockets() {
    List<Path> sockets = usualSockets().stream().filter(Files::exists).toList();
    List<String> problems = new ArrayList<>();
    for (Path socket : sockets) {
      Optional<String> problem = problemOf("unix://" + socket);
      if (problem.isEmpty()) {
        return problem;
      }
      problems.add(problem.get());
    }
    if (System.getProperty("os.name").startsWith("Windows") && WINDOWS_PIPE.exists()) {
      return Optional.empty();
    }
    return Optional.of(
        problems.isEmpty()
            ? "no Docker engine: DOCKER_HOST is not set and there is no socket " + usualSockets()
            : String.join("; ", problems));
  }

  private List<Path> usualSockets() {
    List<Path> sockets = new ArrayList<>();
    sockets.add(Path.of("/var/run/docker.sock"));
    Optional.ofNullable(environment.get("XDG_RUNTIME_DIR"))
        .ifPresent(folder -> sockets.add(Path.of(folder, "docker.sock")));
    sockets.add(home.resolve(".docker/run/docker.sock"));
    return sockets;
  }

  private Optional<String> problemOf(String dockerHost) {
    try {
      URI uri = URI.create(dockerHost);
      return switch (String.valueOf(uri.getScheme())) {
        case "unix" -> ping(UnixDomainSocketAddress.of(uri.getPath()), true, dockerHost);
        case "tcp", "http", "https" ->
            ping(new InetSocketAddress(uri.getHost(), uri.getPort()), !isTls(uri), dockerHost);
        default -> Optional.empty(); // such as npipe or ssh: left to Testcontainers
      };
    } catch (IllegalArgumentException e) {
      return Optional.of("DOCKER_HOST is not understood: " + dockerHost);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.of("no Docker engine at %s: %s".formatted(dockerHost, e.getMessage()));
    }
  }

  private boolean isTls(URI uri) {
    return uri.getScheme().equals("https")
        || !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty();
  }

  private Optional<String> ping(SocketAddress address, boolean readable, String where)
      throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    try (SocketChannel channel = open(address);
        Selector selector = Selector.open()) {
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
      if (!channel.connect(address)) {
        await(selector, deadline);
        if (!channel.finishConnect()) {
          throw new IOException("no connection within " + limit);
        }
      }
      if (!readable) {
        return Optional.empty();
      }
      channel.write(ByteBuffer.wrap(PING));
      key.interestOps(SelectionKey.OP_READ);
      await(selector, deadline);
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      String statusLine = new String(answer.array(), 0, answer.position(), US_ASCII);
      return statusLine.startsWith("HTTP/1.1 200") || statusLine.startsWith("HTTP/1.0 200")
          ? Optional.empty()
          : Optional.of("no Docker engine at %s: silent or strange".formatted(where));
    }
  }

  private static SocketChannel open(SocketAddress address) throws IOException {
    return address instanceof UnixDomainSocketAddress
        ? SocketChannel.open(StandardProtocolFamily.UNIX)
        : SocketChannel.open();
  }

  private static void await(Selector selector, long deadline) throws IOException {
    selector.select(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
  }
}
