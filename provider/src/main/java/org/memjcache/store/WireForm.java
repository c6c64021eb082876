package org.memjcache.store;

import java.nio.ByteBuffer;

/** How one request goes over the wire in one protocol, and how its answer is read. */
abstract class WireForm {

  WireForm() {}

  /** Returns the length of what {@link #encode} writes, in bytes, large values left out. */
  abstract int encodedSize();

  /** Appends the request as it goes over the wire. */
  abstract void encode(Outgoing out);

  /**
   * Reads the answer, or the part of it that has arrived.
   *
   * <p>Whatever can be consumed is: what is left unread is never more than {@link Answer#MAX_LINE}.
   * Runs on the thread that reads from the connection.
   *
   * @return whether the answer is complete; if not, this is called again with the bytes left unread
   *     and more behind them
   * @throws ProtocolException if this can't be the answer
   */
  abstract boolean decode(ByteBuffer in);
}
