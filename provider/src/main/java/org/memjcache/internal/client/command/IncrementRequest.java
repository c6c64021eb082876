// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** {@code incr}: adds to the decimal number stored under a key, atomically, on the server. */
public final class IncrementRequest extends LineRequest {

  private static final byte[] NOT_FOUND = ResponseLines.ascii("NOT_FOUND");

  private final long delta;
  private OptionalLong value = OptionalLong.empty();

  /**
   * Creates a request.
   *
   * @param key the key
   * @param delta what to add, 0 or more
   */
  public IncrementRequest(String key, long delta) {
    super(key);
    if (delta < 0) {
      throw new IllegalArgumentException("incr can't add a negative number: " + delta);
    }
    this.delta = delta;
  }

  /**
   * Returns the number after the increment, or empty if there is no such item. Anything else the
   * server may answer is an error of the connection.
   *
   * @return the number, unsigned: negative if it is 2^63 or more
   * @throws RequestFailedException if the request failed; {@link
   *     RequestFailedException.Kind#REFUSED_COMMAND} if the item is not a number
   */
  public OptionalLong value() {
    requireResult();
    return value;
  }

  /** Takes the number after the increment. */
  public void answered(long number) {
    value = OptionalLong.of(number);
  }

  public long delta() {
    return delta;
  }

  @Override
  public int encodedSize() {
    return 5 + key.length() + 20 + 2;
  }

  @Override
  public void encode(RequestBuffer out) {
    out.text("incr ").text(key).number(delta).endOfLine();
  }

  @Override
  void read(ByteBuffer in, int end) {
    byte first = in.get(in.position());
    if (first >= '0' && first <= '9') {
      value = OptionalLong.of(ResponseLines.unsigned(in, in.position(), end - 1, 20));
    } else if (!ResponseLines.is(in, end, NOT_FOUND)) {
      takeErrorLine(in, end);
    }
  }
}
