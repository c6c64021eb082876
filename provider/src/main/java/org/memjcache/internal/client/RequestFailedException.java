package org.memjcache.internal.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.ServerAddress;

/**
 * Something that was asked of memcached did not happen, or nobody knows whether it did.
 *
 * <p>The message names the server and, where it tells something, the time waited. Unchecked,
 * because the layer above turns it into the exception of its own specification.
 */
public class RequestFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What went wrong, as far as a caller acts on it. */
  public enum Kind {
    /** No connection, or it was lost. A request that had been sent may have had its effect. */
    DOWN,
    /** The server wants a user and password, and none or a wrong one is configured. */
    REFUSED_ACCESS,
    /** No answer in time. The request may have had its effect, or may still have it later. */
    TIMEOUT,
    /** An answer that can't be understood; the connection was closed. */
    PROTOCOL,
    /** The server understood and answered with an error; the connection goes on. */
    REFUSED_COMMAND,
    /** The calling thread was interrupted while it waited; its interrupt flag is set. */
    INTERRUPTED,
    /** The cluster has been closed. */
    CLOSED
  }

  /** What went wrong. */
  private final Kind kind;

  private final transient @Nullable ServerAddress server;

  /** How long the caller had waited. */
  private final Duration waited;

  /** Whether it is certain that nothing was sent. */
  private final boolean unsent;

  /**
   * Creates an exception about something that may have been sent.
   *
   * @param kind what went wrong
   * @param server the server that was asked, null if no single one
   * @param waited how long the caller had waited, zero if it failed at once
   * @param message what was expected, what came, and what to do; names the server
   * @param cause the cause or null
   */
  public RequestFailedException(
      Kind kind,
      @Nullable ServerAddress server,
      Duration waited,
      String message,
      @Nullable Throwable cause) {
    this(kind, server, waited, message, cause, false);
  }

  /** Creates an exception that knows whether anything was sent. */
  public RequestFailedException(
      Kind kind,
      @Nullable ServerAddress server,
      Duration waited,
      String message,
      @Nullable Throwable cause,
      boolean unsent) {
    super(message, cause);
    this.kind = kind;
    this.server = server;
    this.waited = waited;
    this.unsent = unsent;
  }

  /**
   * Returns what went wrong.
   *
   * @return the kind of failure
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Returns the server that was asked.
   *
   * @return the server, or null if no single one, or after deserialization
   */
  public @Nullable ServerAddress server() {
    return server;
  }

  /**
   * Returns how long the caller had waited.
   *
   * @return the time, zero if it failed at once
   */
  public Duration waited() {
    return waited;
  }

  /** Returns whether a server is away or out of its mind, and not the caller or the client. */
  public boolean isOfServer() {
    return kind == Kind.DOWN || kind == Kind.TIMEOUT || kind == Kind.PROTOCOL;
  }

  /**
   * Returns true if it is certain that the request was not sent and never will be.
   *
   * @return false if it may have been carried out, or may still be
   */
  public boolean isUnsent() {
    return unsent;
  }
}
