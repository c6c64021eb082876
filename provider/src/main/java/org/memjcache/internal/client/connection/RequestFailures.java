// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.authentication.RefusedAccessException;
import org.memjcache.internal.client.command.ErrorLine;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.config.value.ServerAddress;

/** Words for failures. Every message names the server, what happened and what it means. */
public final class RequestFailures {

  private static final String UNKNOWN = "; whether the request was carried out is unknown";
  private static final String UNSENT = "; the request was not sent";

  private RequestFailures() {}

  public static RequestFailedException interrupted(
      ServerAddress server, Duration waited, boolean sent) {
    return new RequestFailedException(
        Kind.INTERRUPTED,
        waited,
        "Interrupted after "
            + millis(waited)
            + " while waiting for memcached "
            + server
            + (sent ? UNKNOWN : UNSENT),
        null,
        !sent);
  }

  /**
   * Returns the failure of a clear that did not reach a server and that no other one took note of.
   *
   * @param interrupted whether that is because the thread was interrupted
   */
  public static RequestFailedException unnoted(ServerAddress server, boolean interrupted) {
    return new RequestFailedException(
        interrupted ? Kind.INTERRUPTED : Kind.DOWN,
        Duration.ZERO,
        (interrupted ? "Interrupted: memcached " : "memcached ")
            + server
            + ", which other processes use, was not reached by the clear, and no server of this"
            + " process's list took note of that: other processes may still read what was stored"
            + " there; clear again",
        null,
        true);
  }

  public static RequestFailedException timedOut(
      ServerAddress server, Duration waited, boolean neverSent) {
    return new RequestFailedException(
        Kind.TIMEOUT,
        waited,
        "No response from memcached "
            + server
            + " within "
            + millis(waited)
            + (neverSent ? UNSENT : UNKNOWN),
        null,
        neverSent);
  }

  public static RequestFailedException lost(
      ServerAddress server, Duration waited, DisconnectReason loss, boolean neverSent) {
    return new RequestFailedException(
        loss.kind(),
        waited,
        "The connection to memcached "
            + server
            + " was closed after "
            + millis(waited)
            + " of waiting for a response: "
            + loss.reason()
            + (neverSent ? UNSENT : UNKNOWN),
        loss.cause(),
        neverSent);
  }

  /** Returns what an error line means that was the response to a request. */
  public static RequestFailedException refused(ServerAddress server, Duration waited, String line) {
    if (ErrorLine.meansAway(line)) {
      return new RequestFailedException(
          Kind.BACKEND_DOWN,
          waited,
          "The proxy "
              + server
              + " responded after "
              + millis(waited)
              + " that the memcached behind it is away: "
              + line
              + UNKNOWN,
          null);
    }
    return new RequestFailedException(
        Kind.REFUSED_COMMAND,
        Duration.ZERO,
        "memcached " + server + " answered with an error: " + line,
        null);
  }

  public static RequestFailedException refusedAccess(
      ServerAddress server, Duration waited, String why, @Nullable RefusedAccessException cause) {
    return new RequestFailedException(
        Kind.REFUSED_ACCESS,
        waited,
        "memcached " + server + " refuses access: " + why + UNSENT,
        cause);
  }

  /**
   * Returns the failure of a request for which there was no connection.
   *
   * @param outage null if connecting has not failed yet
   */
  static RequestFailedException unconnected(
      ServerAddress server, Duration waited, @Nullable Outage outage) {
    if (outage != null && outage.refusesAccess()) {
      return refusedAccess(server, waited, outage.why(), null);
    }
    String what =
        outage == null
            ? " could not be connected to within " + millis(waited)
            : " has been down since "
                + outage.since()
                + " ("
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - outage.sinceNanos())
                + " ms): "
                + outage.why();
    return new RequestFailedException(
        Kind.DOWN,
        waited,
        "memcached " + server + what + UNSENT + ", connecting goes on in the background",
        null,
        true);
  }

  public static RequestFailedException noDumpInBinary(ServerAddress server) {
    return new RequestFailedException(
        Kind.REFUSED_COMMAND,
        Duration.ZERO,
        "The keys of memcached "
            + server
            + " can't be listed: the binary protocol (option protocol=binary) has no command for"
            + " it. Use protocol=text, for access by password with memcached's option -Y in place"
            + " of -S",
        null);
  }

  public static RequestFailedException closed(ServerAddress server) {
    return new RequestFailedException(
        Kind.CLOSED,
        Duration.ZERO,
        "The client of memcached "
            + server
            + " was closed with the last cache manager that used it"
            + UNSENT,
        null,
        true);
  }

  public static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }
}
