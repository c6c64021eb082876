// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.authentication;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.channel.TlsException;
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
public abstract class Authentication {

  /** A record of TLS that says what is wrong with what was sent (RFC 8446, "Alert Protocol"). */
  private static final int TLS_ALERT = 0x15;

  /** Of the text protocol, and as much as is shown of others. */
  static final int LONGEST_ANSWER = 256;

  private final ServerChannel channel;
  private final long deadline;
  private final ServerAddress server;
  private final @Nullable Credentials credentials;
  private final byte[] heard = new byte[LONGEST_ANSWER];
  private int heardBytes;
  private final ByteBuffer next = ByteBuffer.allocate(1);

  Authentication(
      ServerChannel channel,
      long deadline,
      ServerAddress server,
      @Nullable Credentials credentials) {
    this.channel = channel;
    this.deadline = deadline;
    this.server = server;
    this.credentials = credentials;
  }

  /**
   * Returns what to say to a server of a cluster.
   *
   * @param channel with nothing said yet
   * @param deadline of all of it, by {@link System#nanoTime}
   */
  public static Authentication over(
      ServerChannel channel, long deadline, ServerAddress server, ClusterSettings settings) {
    Credentials credentials = settings.credentials();
    return switch (settings.protocol()) {
      case TEXT -> new TextAuthentication(channel, deadline, server, credentials);
      case BINARY -> new BinaryAuthentication(channel, deadline, server, credentials);
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
  public abstract void exchange() throws IOException;

  /** Returns what is asked for first, to be read after "asked for". */
  abstract String question();

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

  /**
   * Makes the exception for an answer that lets nobody in, or that no memcached gives.
   *
   * @param more to be said of it, may be empty
   */
  final IOException notMemcached(String answer, String more) {
    return new IOException(
        answer.contains("Too many open connections")
            ? "it has as many connections as it takes, and answered '"
                + answer
                + "'; raise memcached's option -c (1024 if it isn't given), or open fewer: option"
                + " 'connections', number of processes"
            : "asked for "
                + question()
                + " it answered '"
                + answer
                + "', not like a memcached"
                + more);
  }

  final void send(byte[] bytes) throws IOException {
    try {
      channel.write(ByteBuffer.wrap(bytes), deadline);
    } catch (ClosedChannelException | SocketTimeoutException | TlsException e) {
      throw e; // closed by this process
    } catch (IOException e) {
      throw hungUp(e);
    }
  }

  /** Returns the next byte, 0 to 255. */
  final int read() throws IOException {
    int read = receive();
    if (read < 0) {
      throw hungUp(null);
    }
    if (heardBytes < heard.length) {
      heard[heardBytes++] = (byte) read;
    }
    if (heardBytes == 1 && read == TLS_ALERT) {
      throw new IOException(
          "it answered with an alert of TLS, which it expects: set the option tls=true, or write"
              + " memcacheds:// in the URI");
    }
    return read;
  }

  private int receive() throws IOException {
    try {
      next.clear();
      return channel.read(next, deadline) < 0 ? -1 : next.get(0) & 0xff;
    } catch (SocketTimeoutException e) {
      throw (IOException)
          new SocketTimeoutException(
                  e.getMessage() + (heardBytes > 0 ? " in the middle of its answer" : advice()))
              .initCause(e);
    } catch (ClosedChannelException | TlsException e) { // closed by this process
      throw e;
    } catch (IOException e) {
      throw hungUp(e);
    }
  }

  /** Makes the exception for the end of the connection, which is no way to answer. */
  private IOException hungUp(@Nullable IOException cause) {
    String how = cause == null ? "it closed the connection" : String.valueOf(cause.getMessage());
    return new IOException(
        heardBytes > 0
            ? how + " in the middle of its answer '" + heard() + "'"
            : how
                + " when asked for "
                + question()
                + ". "
                + channel.suspicion()
                + "; or it is a proxy without this command, as twemproxy before 0.5 is: name the"
                + " memcached behind it"
                + advice(),
        cause);
  }

  /** Returns what has come so far, fit for a message. */
  final String heard() {
    return printable(heard, heardBytes);
  }

  /** Hears what has come already, and does not wait for more. */
  final void hearOut() throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(heard, heardBytes, heard.length - heardBytes);
    if (rest.hasRemaining()) {
      heardBytes += Math.max(0, channel.read(rest));
    }
  }

  /** Returns what came as text fit for a message. */
  static String printable(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1)
        .strip()
        .replaceAll("[^ -~]", ".");
  }
}
