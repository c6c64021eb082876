// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.memjcache.testkit.origin.Origins;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;
import org.memjcache.testkit.server.TextConnection;

/**
 * A real memcached server for tests. It starts empty, in about 20 milliseconds.
 *
 * <pre>{@code
 * try (MemcachedServer server = MemcachedServer.start()) {
 *   server.command("set greeting 0 0 5\r\nhello");   // [STORED]
 *   server.pause();                                   // connections hang from here on
 * }
 * }</pre>
 *
 * <p>Where memcached comes from is told in {@linkplain org.memjcache.testkit the package's
 * description}. The server is gone when it is closed, and at the latest when this JVM ends, however
 * it ends.
 *
 * <p>Thread safe.
 */
public final class MemcachedServer implements AutoCloseable {

  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final ServerHandle handle;
  private final ServerSettings settings;
  private volatile boolean closed;

  private MemcachedServer(ServerHandle handle, ServerSettings settings) {
    this.handle = handle;
    this.settings = settings;
  }

  /**
   * Starts a server with memcached's own settings and returns when it answers.
   *
   * @return the server, empty
   * @throws IllegalStateException if there is no memcached to start or it doesn't come up
   */
  public static MemcachedServer start() {
    return builder().start();
  }

  /** {@return a builder for a server with other settings} */
  public static Builder builder() {
    return new Builder();
  }

  static MemcachedServer start(ServerSettings settings) {
    return new MemcachedServer(Origins.ofThisJvm().start(settings), settings);
  }

  /** {@return the host name or address, {@code 127.0.0.1} if the test kit started the server} */
  public String host() {
    return handle.host();
  }

  /** {@return the TCP port} It stays the same over restarts. */
  public int port() {
    return handle.port();
  }

  /** {@return {@code host:port}} */
  public String address() {
    String host = host();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
  }

  /**
   * {@return the URI of a cache manager on this server, {@code memcached://host:port/path}} With
   * {@linkplain MemcachedOptions#tls() TLS} it is {@code memcacheds://}, with what the client has
   * to know as options {@code tls.trust}, and {@code tls.certificate} with {@code tls.key} if the
   * server demands one, unless the path has them itself.
   *
   * @param path the namespace and, after a {@code ?}, options; as it stands in a URI, with or
   *     without a slash at its beginning
   * @throws IllegalArgumentException if it can't stand in a URI
   */
  public URI uri(String path) {
    return MemcachedUri.of(address(), path, settings.tls());
  }

  /**
   * {@return whether the test kit started this server} One of {@code MEMJCACHE_TEST_SERVERS} can't
   * be killed, paused or restarted; a test may go by this.
   */
  public boolean isManaged() {
    return handle.isManaged();
  }

  /** {@return the id of memcached's process on this machine, or empty if there is none} */
  public OptionalLong pid() {
    return handle.pid();
  }

  /** {@return whether the server exists} A paused one does, a killed or closed one doesn't. */
  public boolean isRunning() {
    return !closed && handle.isRunning();
  }

  /**
   * Kills the server as SIGKILL does and returns when it is gone. Also works while it is paused.
   * Does nothing if it isn't running.
   *
   * @throws UnsupportedOperationException if the test kit didn't start it
   */
  public void kill() {
    handle.kill();
  }

  /**
   * Freezes the server as SIGSTOP does: the system still accepts connections for it, but nothing is
   * answered. Does nothing if it is paused already.
   *
   * @throws IllegalStateException if it isn't running
   * @throws UnsupportedOperationException if the test kit didn't start it
   */
  public void pause() {
    handle.pause();
  }

  /**
   * Lets a paused server go on, with what it held and with what it was sent meanwhile. Does nothing
   * if it isn't paused.
   *
   * @throws IllegalStateException if it isn't running
   * @throws UnsupportedOperationException if the test kit didn't start it
   */
  public void resume() {
    handle.resume();
  }

  /**
   * Kills the server if it is running and starts it again, empty, on the same port. Returns when it
   * answers.
   *
   * @throws IllegalStateException if it doesn't come up, or is closed
   * @throws UnsupportedOperationException if the test kit didn't start it
   */
  public void restart() {
    handle.restart();
  }

  /**
   * {@return the server's general statistics, such as {@code curr_items}, in its order}
   *
   * @throws UncheckedIOException if the server is away or doesn't answer within 5 seconds
   */
  public Map<String, String> stats() {
    return stats("");
  }

  /**
   * {@return a section of the server's statistics, such as {@code settings} or {@code items}}
   *
   * @param section the word after {@code stats}; an empty text for the general statistics
   * @throws UncheckedIOException if the server is away, doesn't answer within 5 seconds, or answers
   *     something else than statistics
   */
  public Map<String, String> stats(String section) {
    return talk("stats " + section, connection -> connection.stats(section));
  }

  /**
   * Makes the server forget everything.
   *
   * @throws UncheckedIOException if the server is away or doesn't answer within 5 seconds
   */
  public void flushAll() {
    command("flush_all");
  }

  /**
   * Sends one command of the text protocol over a connection of its own and returns the answer's
   * lines without their line ends: {@code command("get k")} gives {@code [VALUE k 0 5, hello,
   * END]}, a data block being one line whatever it holds. Errors of the server are answers too. A
   * command that is answered with silence, such as one with {@code noreply}, is done when this
   * returns. If the server wants a login, the command comes after it.
   *
   * @param line the command, with its data block after {@code \r\n} if it has one: {@code "set k 0
   *     0 5\r\nhello"}. One character, up to U+00FF, stands for one byte, in answers as well.
   * @return the lines of the answer; none if the server closes the connection as told, or is silent
   * @throws IllegalArgumentException if a character doesn't fit in a byte
   * @throws UncheckedIOException if the server is away or doesn't answer within 5 seconds
   */
  public List<String> command(String line) {
    return talk(line, connection -> connection.ask(line));
  }

  /**
   * Kills the server, paused or not; one that the test kit didn't start is given back and left
   * running. May be called again.
   */
  @Override
  public void close() {
    closed = true;
    handle.close();
  }

  @Override
  public String toString() {
    return "memcached at " + address();
  }

  private <T> T talk(String command, Conversation<T> conversation) {
    Optional<Login> login = settings.login();
    if (login.filter(as -> as.way() == Login.Way.SASL).isPresent()) {
      throw new UnsupportedOperationException(
          this + " speaks only the binary protocol, as it was started with -S");
    }
    try (TextConnection connection = TextConnection.open(host(), port(), ANSWER, settings.tls())) {
      if (login.isPresent()) {
        connection.logIn(login.get());
      }
      return conversation.with(connection);
    } catch (IOException e) {
      String firstLine = command.strip().lines().findFirst().orElse("");
      throw new UncheckedIOException(
          "%s%s: %s: %s".formatted(this, closed ? " (closed)" : "", firstLine, e.getMessage()), e);
    }
  }

  private interface Conversation<T> {
    T with(TextConnection connection) throws IOException;
  }

  /** Settings of a server to be started. Not thread safe. */
  public static final class Builder extends MemcachedOptions<Builder> {

    private Optional<InetSocketAddress> listen = Optional.empty();

    private Builder() {}

    /**
     * Lets the server listen on an address and port of its own choice, as the servers behind a name
     * with several addresses do, which have one port in common: on Linux each address that begins
     * with 127 is there and belongs to this machine. Starting fails if somebody else has the port.
     *
     * <p>Only memcached as a process of this machine can be started so; otherwise starting throws
     * {@link UnsupportedOperationException}.
     *
     * @param address an address of this machine, such as {@code 127.0.0.2}
     * @param port a port, such as that of another server
     * @return this builder
     * @throws IllegalArgumentException if it is no port
     */
    public Builder listen(String address, int port) {
      listen = Optional.of(InetSocketAddress.createUnresolved(address, port));
      return this;
    }

    /**
     * Starts a server and returns when it answers. May be called several times.
     *
     * @return the server, empty
     * @throws IllegalStateException if there is no memcached to start or it doesn't come up; the
     *     message quotes what memcached said
     * @throws UnsupportedOperationException if there are settings and the servers are those of
     *     {@code MEMJCACHE_TEST_SERVERS}
     */
    public MemcachedServer start() {
      ServerSettings settings = settings();
      return MemcachedServer.start(listen.map(settings::listeningOn).orElse(settings));
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
