package org.memjcache.store;

import org.jspecify.annotations.Nullable;

/**
 * Why a connection ended.
 *
 * @param kind the kind of failure for the requests that were waiting
 * @param reason to be read after "the connection was closed:"
 * @param cause the exception behind it, if there is one
 * @param isSilence whether the server had not answered for long, and is not expected to answer
 */
record Loss(StoreException.Kind kind, String reason, @Nullable Throwable cause, boolean isSilence) {

  /** The last lease on the cluster was closed. */
  static final Loss CLOSED =
      new Loss(StoreException.Kind.CLOSED, "the cluster was closed", null, false);

  /** Something happened to the connection. */
  static Loss connection(String reason, @Nullable Throwable cause) {
    return new Loss(StoreException.Kind.DOWN, reason, cause, false);
  }

  /** The server did not answer for so long that nobody should wait for it any more. */
  static Loss silence(String reason) {
    return new Loss(StoreException.Kind.DOWN, reason, null, true);
  }

  /** The server sent something that is no answer. */
  static Loss protocol(ProtocolException cause) {
    return new Loss(
        StoreException.Kind.PROTOCOL,
        "instead of an answer came " + cause.getMessage(),
        cause,
        false);
  }
}
