package org.memjcache.store;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended.
 *
 * @param kind the kind of failure for the requests that were waiting
 * @param reason to be read after "the connection was closed:"
 * @param cause the exception behind it, if there is one
 */
record Loss(StoreException.Kind kind, String reason, @Nullable Throwable cause) {

  /** The last lease on the cluster was closed. */
  static final Loss CLOSED = new Loss(StoreException.Kind.CLOSED, "the cluster was closed", null);

  /** Something happened to the connection. */
  static Loss connection(String reason, @Nullable Throwable cause) {
    return new Loss(StoreException.Kind.DOWN, reason, cause);
  }

  /** The server sent something that is no answer. */
  static Loss protocol(ProtocolException cause) {
    return new Loss(
        StoreException.Kind.PROTOCOL, "instead of an answer came " + cause.getMessage(), cause);
  }
}
