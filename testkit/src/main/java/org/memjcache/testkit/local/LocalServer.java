// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import org.memjcache.testkit.server.Ports;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

/**
 * A memcached that runs as a process of this machine and listens on 127.0.0.1, if no other address
 * is asked for.
 *
 * <p>Thread safe: killing, pausing, restarting and closing happen one after the other.
 */
public final class LocalServer implements ServerHandle {

  private static final int PORTS_TO_TRY = 20;
  private static final Duration PORT_BACK = Duration.ofSeconds(5);
  private static final Duration STOPPED = Duration.ofSeconds(1);

  private final Launcher launcher;
  private final int port;
  private final boolean isPortReserved;
  private GuardedProcess process;
  private boolean closed;

  private LocalServer(Launcher launcher, int port, boolean isPortReserved, GuardedProcess process) {
    this.launcher = launcher;
    this.port = port;
    this.isPortReserved = isPortReserved;
    this.process = process;
  }

  /**
   * Starts a server that lets everybody in, on a free port, and returns when it answers.
   *
   * @param executable what to start
   * @param settings what to start it with
   * @return the server
   * @throws IllegalStateException if it doesn't start; the message quotes what memcached said
   */
  public static LocalServer start(Executable executable, ServerSettings settings) {
    return start(executable, settings, LoginFiles.none());
  }

  /**
   * Starts a server on a free port, or where the settings say, and returns when it answers.
   *
   * @param executable what to start
   * @param settings what to start it with
   * @param files what the login of the settings needs
   * @return the server
   * @throws UnsupportedOperationException if this memcached can't ask for such a login, or has no
   *     TLS
   * @throws IllegalStateException if it doesn't start; the message quotes what memcached said
   */
  public static LocalServer start(
      Executable executable, ServerSettings settings, LoginFiles files) {
    Launcher launcher = new Launcher(executable, settings, files);
    if (settings.listen().isPresent()) {
      int port = settings.listen().get().getPort();
      try {
        return new LocalServer(launcher, port, false, launcher.launch(port));
      } catch (PortTakenException e) {
        throw new IllegalStateException(e.getMessage(), e);
      }
    }
    for (int attempt = 1; ; attempt++) {
      int port = Ports.reserve();
      try {
        return new LocalServer(launcher, port, true, launcher.launch(port));
      } catch (PortTakenException e) {
        Ports.release(port);
        if (attempt == PORTS_TO_TRY) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      } catch (RuntimeException e) {
        Ports.release(port);
        throw e;
      }
    }
  }

  @Override
  public String host() {
    return launcher.host();
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
  public synchronized OptionalLong pid() {
    return process.isAlive() ? OptionalLong.of(process.pid()) : OptionalLong.empty();
  }

  @Override
  public synchronized boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public synchronized void kill() {
    process.destroy();
  }

  @Override
  public synchronized void pause() {
    signal("STOP");
    awaitStopped();
  }

  @Override
  public synchronized void resume() {
    signal("CONT");
  }

  @Override
  public synchronized void restart() {
    if (closed) {
      throw new IllegalStateException("memcached on port %d is closed".formatted(port));
    }
    process.destroy();
    long deadline = System.nanoTime() + PORT_BACK.toNanos();
    while (true) {
      try {
        process = launcher.launch(port);
        return;
      } catch (PortTakenException e) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      process.destroy();
      if (isPortReserved) {
        Ports.release(port);
      }
    }
  }

  private void signal(String signal) {
    try {
      process.signal(signal);
    } catch (IOException e) {
      throw new IllegalStateException(
          "memcached on port %d is not running: it can't take SIG%s".formatted(port, signal), e);
    }
  }

  /** Waits until the kernel has stopped the process, where that can be seen. */
  private void awaitStopped() {
    Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
    long deadline = System.nanoTime() + STOPPED.toNanos();
    while (Files.exists(stat) && state(stat) != 'T' && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  /** {@return the process state: the letter after the command's name in brackets} */
  private static char state(Path stat) {
    try {
      String line = Files.readString(stat);
      return line.charAt(line.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return '?';
    }
  }
}
