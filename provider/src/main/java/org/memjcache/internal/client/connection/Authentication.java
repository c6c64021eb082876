package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * What is said first on a connection: finds out whether a memcached is there that speaks this
 * protocol, and logs in if it asks for that. Afterwards nothing is left to read.
 *
 * <p>The password is sent only to a server that has asked for it. One that lets everybody in would
 * store it for everybody to read.
 */
abstract class Authentication {

  private final ServerAddress server;
  private final @Nullable Credentials credentials;

  Authentication(ServerAddress server, @Nullable Credentials credentials) {
    this.server = server;
    this.credentials = credentials;
  }

  /** Returns the greeting for a server of a cluster. */
  static Authentication of(ServerAddress server, ClusterSettings settings) {
    return switch (settings.protocol()) {
      case TEXT -> new TextAuthentication(server, settings.credentials());
      case BINARY -> new BinaryAuthentication(server, settings.credentials());
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
   * @param socket connected, with a timeout for reading
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws IOException if the other side is silent, or not what was expected
   */
  abstract void exchange(Socket socket) throws IOException;

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

  /** Reads a byte. */
  final int read(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("it closed the connection at once" + advice());
    }
    return next;
  }

  /** Returns what came as text fit for a message. */
  static String printable(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .strip()
        .replaceAll("[^ -~]", ".");
  }
}
