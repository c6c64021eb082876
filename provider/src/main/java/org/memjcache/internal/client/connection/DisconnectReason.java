// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestFailedException;

/**
 * Why a connection ended.
 *
 * @param kind the kind of failure for the requests that were waiting
 * @param reason to be read after "the connection was closed:"
 * @param cause the exception behind it, if there is one
 * @param isSilence whether the server had not answered for long, and is not expected to answer
 */
public record DisconnectReason(
    RequestFailedException.Kind kind, String reason, @Nullable Throwable cause, boolean isSilence) {

  /** The cluster was closed. */
  public static final DisconnectReason CLOSED =
      new DisconnectReason(
          RequestFailedException.Kind.CLOSED, "the cluster was closed", null, false);

  /** The name of the server was found to lead elsewhere. */
  public static final DisconnectReason MOVED =
      connection("its name leads to another memcached than before", null);

  /** Something happened to the connection. */
  public static DisconnectReason connection(String reason, @Nullable Throwable cause) {
    return new DisconnectReason(RequestFailedException.Kind.DOWN, reason, cause, false);
  }

  /** The server did not answer for so long that nobody should wait for it any more. */
  public static DisconnectReason silence(String reason) {
    return new DisconnectReason(RequestFailedException.Kind.DOWN, reason, null, true);
  }

  /** The server sent something that is no answer. */
  public static DisconnectReason protocol(ProtocolException cause) {
    return new DisconnectReason(
        RequestFailedException.Kind.PROTOCOL,
        "unexpected response: " + cause.getMessage(),
        cause,
        false);
  }

  /**
   * Returns the reason for messages whose response was not being read: only the one whose response
   * was wrong failed by protocol, the others by the closing.
   */
  DisconnectReason forOthers() {
    return kind == RequestFailedException.Kind.PROTOCOL ? connection(reason, cause) : this;
  }
}
