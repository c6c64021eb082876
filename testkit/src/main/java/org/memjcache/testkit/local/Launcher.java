// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;

/** Starts one memcached process on a given port and waits until it answers. */
final class Launcher {

  private static final String HOST = "127.0.0.1";

  private static final Duration READY = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final long POLL_MILLIS = 2;

  private final Executable executable;
  private final ServerSettings settings;
  private final LoginFiles files;

  /**
   * Makes a launcher.
   *
   * @param files what the login of the settings needs
   */
  Launcher(Executable executable, ServerSettings settings, LoginFiles files) {
    this.executable = executable;
    this.settings = settings;
    this.files = files;
  }

  /** {@return the address that the server listens on} */
  String host() {
    return settings.listen().map(InetSocketAddress::getHostString).orElse(HOST);
  }

  /**
   * Starts the process and returns when it answers.
   *
   * @throws PortTakenException if the process couldn't bind the port
   * @throws UnsupportedOperationException if it can't ask for the login of the settings, or has no
   *     TLS
   * @throws IllegalStateException if it doesn't come up for another reason
   */
  GuardedProcess launch(int port) throws PortTakenException {
    List<String> command = command(port);
    GuardedProcess process;
    try {
      process = GuardedProcess.start(command, environment());
    } catch (IOException e) {
      throw failure(command, "not started: " + e.getMessage(), e);
    }
    try {
      awaitAnswer(process, command, port);
      return process;
    } catch (PortTakenException | RuntimeException e) {
      process.destroy();
      throw e;
    }
  }

  private List<String> command(int port) {
    List<String> command = new ArrayList<>();
    command.add(executable.path().toString());
    command.addAll(List.of("-l", host(), "-p", Integer.toString(port), "-U", "0"));
    RootUser.substitute().ifPresent(user -> command.addAll(List.of("-u", user)));
    command.addAll(settings.arguments());
    command.addAll(files.arguments());
    return command;
  }

  private Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(executable.environment());
    environment.putAll(files.environment());
    return environment;
  }

  private void awaitAnswer(GuardedProcess process, List<String> command, int port)
      throws PortTakenException {
    long deadline = System.nanoTime() + READY.toNanos();
    String lastProblem = "no answer";
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        String errors = process.errors();
        if (errors.contains("Address already in use")) {
          throw new PortTakenException("Port %d is taken: %s".formatted(port, errors));
        }
        if (settings.login().isPresent() && knowsNoLogin(errors)) {
          throw new UnsupportedOperationException(
              "This memcached can't ask for such a login: %s [%s]"
                  .formatted(errors, String.join(" ", command)));
        }
        if (settings.tls().isPresent() && knowsNoTls(errors)) {
          throw new UnsupportedOperationException(
              "This memcached was built without TLS: %s [%s]"
                  .formatted(errors, String.join(" ", command)));
        }
        throw failure(command, "ended at once: " + errors, null);
      }
      try {
        String pid = pid(port);
        if (pid == null || pid.equals(Long.toString(process.pid()))) {
          return;
        }
        // Another server was faster to bind the port, and ours is about to find out.
        lastProblem = "port %d is answered by process %s instead".formatted(port, pid);
      } catch (IOException e) {
        lastProblem = Objects.toString(e.getMessage());
      }
      pause();
    }
    throw failure(
        command,
        "not ready after %s: %s %s".formatted(READY, lastProblem, process.errors()).strip(),
        null);
  }

  /** {@return whether memcached was built without SASL, or is older than its option -Y} */
  private static boolean knowsNoLogin(String errors) {
    return errors.contains("not built with SASL")
        || errors.contains("invalid option")
        || errors.contains("unrecognized option")
        || errors.contains("Illegal argument");
  }

  private static boolean knowsNoTls(String errors) {
    return errors.contains("compiled without TLS") || errors.contains("invalid option");
  }

  /** {@return the process that answers, null if it only says that it lets our user in} */
  private @Nullable String pid(int port) throws IOException {
    Optional<Login> login = settings.login();
    if (login.isPresent() && login.get().way() == Login.Way.SASL) {
      SaslLogin.check(host(), port, login.get(), ANSWER, settings.tls());
      return null;
    }
    try (TextConnection connection = TextConnection.open(host(), port, ANSWER, settings.tls())) {
      if (login.isPresent()) {
        connection.logIn(login.get());
      }
      return connection.stats("").get("pid");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while memcached was starting", e);
    }
  }

  private static IllegalStateException failure(
      List<String> command, String problem, @Nullable Exception cause) {
    return new IllegalStateException(
        "memcached doesn't start: %s [%s]".formatted(problem, String.join(" ", command)), cause);
  }
}
