// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.GuardedProcess;
import org.memjcache.testkit.local.Program;
import org.memjcache.testkit.origin.Programs;
import org.memjcache.testkit.server.Ports;
import org.opentest4j.TestAbortedException;

/** A TLS proxy in a process of its own, on a free port of 127.0.0.1. */
final class Stunnel implements AutoCloseable {

  private static final Program PROGRAM =
      new Program(
          "stunnel4", List.of("stunnel4"), "-version", "Initializing inetd mode configuration");

  private static final String FOREGROUND =
      """
      foreground = yes
      pid =
      """;

  private final GuardedProcess process;
  private final int port;

  private Stunnel(GuardedProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a proxy and returns when it accepts connections.
   *
   * @param folder for its configuration file
   * @param service the configuration of one service, with {@code %PORT%} where its port belongs
   * @throws TestAbortedException if there is no stunnel to be had
   */
  static Stunnel start(Path folder, String service) throws InterruptedException {
    Executable executable;
    try {
      executable = Programs.find(PROGRAM);
    } catch (IllegalStateException e) {
      throw new TestAbortedException("There is no stunnel: " + e.getMessage(), e);
    }
    int port = Ports.reserve();
    try {
      Path configuration =
          Files.writeString(
              folder.resolve("stunnel-" + port + ".conf"),
              FOREGROUND + service.replace("%PORT%", Integer.toString(port)));
      GuardedProcess process =
          GuardedProcess.start(
              List.of(executable.path().toString(), configuration.toString()),
              executable.environment());
      Stunnel stunnel = new Stunnel(process, port);
      await("stunnel accepts connections").until(stunnel::accepts);
      return stunnel;
    } catch (IOException e) {
      throw new UncheckedIOException("stunnel was not started: " + e.getMessage(), e);
    }
  }

  private boolean accepts() {
    if (!process.isAlive()) {
      throw new IllegalStateException("stunnel has ended: " + process.errors());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    Ports.release(port);
  }
}
