// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.GuardedProcess;
import org.memjcache.testkit.local.Program;
import org.memjcache.testkit.origin.Programs;
import org.memjcache.testkit.server.Ports;

/** A Redis server without persistence, on a free port of 127.0.0.1. */
final class RedisServer implements AutoCloseable {

  private static final Program REDIS =
      new Program(
          "redis-server", List.of("redis-server", "redis-tools"), "--version", "Redis server ");

  private static final String HOST = "127.0.0.1";

  private final GuardedProcess process;
  private final int port;
  private final String version;

  private RedisServer(GuardedProcess process, int port, String version) {
    this.process = process;
    this.port = port;
    this.version = version;
  }

  /**
   * Starts a server and returns when it accepts connections.
   *
   * @throws IllegalStateException if there is none, or it doesn't start
   */
  static RedisServer start() {
    Executable executable = Programs.find(REDIS);
    int port = Ports.reserve();
    try {
      GuardedProcess process =
          GuardedProcess.start(
              List.of(
                  executable.path().toString(),
                  "--bind",
                  HOST,
                  "--port",
                  Integer.toString(port),
                  "--save",
                  "",
                  "--appendonly",
                  "no"),
              executable.environment());
      RedisServer server = new RedisServer(process, port, executable.version());
      server.awaitAnswer();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("can't start redis-server: " + e.getMessage(), e);
    }
  }

  private void awaitAnswer() {
    Awaiting.until(
        "redis-server",
        () -> {
          if (!process.isAlive()) {
            throw new IllegalStateException("redis-server has ended: " + process.errors());
          }
          try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
            return socket.getInputStream().read() == '+';
          } catch (IOException e) {
            return false;
          }
        });
  }

  String address() {
    return HOST + ":" + port;
  }

  /** Returns its name and version. */
  String version() {
    return version;
  }

  @Override
  public void close() {
    process.destroy();
    Ports.release(port);
  }
}
