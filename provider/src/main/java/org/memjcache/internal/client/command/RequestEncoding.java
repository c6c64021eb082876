// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;

/** How one request goes over the wire in one protocol, and how its answer is read. */
public abstract class RequestEncoding {

  public RequestEncoding() {}

  /** Returns the length of what {@link #encode} writes, in bytes, large values left out. */
  public abstract int encodedSize();

  /** Appends the request as it goes over the wire. */
  public abstract void encode(RequestBuffer out);

  /**
   * Reads the answer, or the part of it that has arrived.
   *
   * <p>Whatever can be consumed is: what is left unread is never more than {@link
   * ResponseLines#MAX_LINE}. Runs on the thread that reads from the connection.
   *
   * @return whether the answer is complete; if not, this is called again with the bytes left unread
   *     and more behind them
   * @throws ProtocolException if this can't be the answer
   */
  public abstract boolean decode(ByteBuffer in);
}
