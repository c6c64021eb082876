// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to memcached failed, or it is unknown whether the server carried it out. The message
 * names the server.
 */
public class RequestFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, as far as a caller acts on it. */
  public enum Kind {
    /** No connection, or it was lost. A request that had been sent may have had its effect. */
    DOWN,
    /** The server asks for a user and password, and none or a wrong one is configured. */
    REFUSED_ACCESS,
    /** No response in time. The request may have had its effect, or may still have it later. */
    TIMEOUT,
    /** The response can't be understood; the connection was closed. */
    PROTOCOL,
    /**
     * A proxy responded that the server behind it is away; the connection stays open. The request
     * may have had its effect.
     */
    BACKEND_DOWN,
    /** The server responded with an error; the connection stays open. */
    REFUSED_COMMAND,
    /** The calling thread was interrupted while it waited; its interrupt flag is set. */
    INTERRUPTED,
    /** The cluster has been closed. */
    CLOSED;

    /** Returns whether a server is away or out of its mind, and not the caller or the client. */
    public boolean isOfServer() {
      return switch (this) {
        case DOWN, TIMEOUT, PROTOCOL, BACKEND_DOWN -> true;
        case REFUSED_ACCESS, REFUSED_COMMAND, INTERRUPTED, CLOSED -> false;
      };
    }
  }

  /**
   * A failure that is yet to be made: its stack trace costs time, and keeps classes.
   *
   * @param exception makes it, each time that it is asked for
   */
  public record Unmade(Kind kind, Supplier<RequestFailedException> exception) {

    /** Returns one that is made already. */
    public static Unmade of(RequestFailedException made) {
      return new Unmade(made.kind(), () -> made);
    }
  }

  private final Kind kind;
  private final Duration waited;
  private final boolean unsent;

  /** Creates an exception about a request that may have been sent. */
  public RequestFailedException(
      Kind kind, Duration waited, String message, @Nullable Throwable cause) {
    this(kind, waited, message, cause, false);
  }

  /**
   * Creates an exception.
   *
   * @param waited how long the caller had waited, zero if the request failed at once
   * @param unsent whether it is certain that nothing was sent
   */
  public RequestFailedException(
      Kind kind, Duration waited, String message, @Nullable Throwable cause, boolean unsent) {
    super(message, cause);
    this.kind = kind;
    this.waited = waited;
    this.unsent = unsent;
  }

  public Kind kind() {
    return kind;
  }

  /** Returns how long the caller had waited, zero if the request failed at once. */
  public Duration waited() {
    return waited;
  }

  /** Returns whether its {@link Kind#isOfServer kind is of a server}. */
  public boolean isOfServer() {
    return kind.isOfServer();
  }

  /** Returns whether it is certain that the request was not sent and never will be. */
  public boolean isUnsent() {
    return unsent;
  }
}
