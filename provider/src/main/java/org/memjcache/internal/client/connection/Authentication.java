package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * What is said first on a connection: finds out whether a memcached is there that speaks this
 * protocol, and logs in if it asks for that. Afterwards nothing is left to read. All of it has one
 * deadline, in however small pieces the answers come.
 *
 * <p>The password is sent only to a server that has asked for it. One that lets everybody in would
 * store it for everybody to read.
 *
 * <p>Used once, by one thread.
 */
abstract class Authentication {

  private final Socket socket;
  private final long deadline;
  private final ServerAddress server;
  private final @Nullable Credentials credentials;
  private boolean answering;

  Authentication(
      Socket socket, long deadline, ServerAddress server, @Nullable Credentials credentials) {
    this.socket = socket;
    this.deadline = deadline;
    this.server = server;
    this.credentials = credentials;
  }

  /**
   * Returns what to say to a server of a cluster.
   *
   * @param socket connected, in blocking mode
   * @param deadline of all of it, by {@link System#nanoTime}
   */
  static Authentication over(
      Socket socket, long deadline, ServerAddress server, ClusterSettings settings) {
    Credentials credentials = settings.credentials();
    return switch (settings.protocol()) {
      case TEXT -> new TextAuthentication(socket, deadline, server, credentials);
      case BINARY -> new BinaryAuthentication(socket, deadline, server, credentials);
    };
  }

  ServerAddress server() {
    return server;
  }

  /** Returns who to be, null if nobody is configured. */
  @Nullable Credentials credentials() {
    return credentials;
  }

  /**
   * Says it and reads the answers.
   *
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws SocketTimeoutException if not all of the answers came in time
   * @throws IOException if the other side hangs up, or is not what was expected
   */
  abstract void exchange() throws IOException;

  /**
   * Returns what to do if the other side is silent or hangs up: perhaps it speaks the other
   * protocol.
   */
  abstract String advice();

  /** Makes the exception for a server that asks for a login, when none is configured. */
  static RefusedAccessException nobodyConfigured(String option) {
    return new RefusedAccessException(
        "it asks for a user and a password (memcached option "
            + option
            + "), and none is configured; set the options 'user' and 'password'");
  }

  /** Makes the exception for a login that was turned down. */
  static RefusedAccessException turnedDown(Credentials as, String answer) {
    return new RefusedAccessException(
        "it refused the user '"
            + as.user()
            + "' and answered '"
            + answer
            + "'; check the options 'user' and 'password'");
  }

  /** Makes the exception for an answer that no memcached gives. */
  static IOException notMemcached(String answer) {
    return new IOException(
        "asked for its version it answered '" + answer + "', not like a memcached");
  }

  final void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Returns the next byte, 0 to 255. */
  final int read() throws IOException {
    try {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("Read timed out");
      }
      socket.setSoTimeout((int) left);
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("it closed the connection at once" + advice());
      }
      answering = true;
      return next;
    } catch (SocketTimeoutException e) {
      throw (IOException)
          new SocketTimeoutException(
                  e.getMessage() + (answering ? " in the middle of its answer" : advice()))
              .initCause(e);
    }
  }

  /** Returns what came as text fit for a message. */
  static String printable(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .strip()
        .replaceAll("[^ -~]", ".");
  }
}
