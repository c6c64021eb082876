package org.memjcache.store;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** {@code incr}: adds to the decimal number stored under a key, atomically, on the server. */
public final class Increment extends Request {

  private static final byte[] NOT_FOUND = Answer.ascii("NOT_FOUND");

  private final String key;
  private final long delta;
  private OptionalLong value = OptionalLong.empty();

  /**
   * Creates a request.
   *
   * @param key the key
   * @param delta what to add, 0 or more
   */
  public Increment(String key, long delta) {
    this.key = requireKey(key);
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
   * @throws StoreException if the request failed; {@link StoreException.Kind#REFUSED_COMMAND} if
   *     the item is not a number
   */
  public OptionalLong value() {
    requireResult();
    return value;
  }

  @Override
  WireForm binary() {
    return new BinaryIncrement(this, key, delta);
  }

  /** Takes the number after the increment. */
  void answered(long number) {
    value = OptionalLong.of(number);
  }

  @Override
  int encodedSize() {
    return 5 + key.length() + 20 + 2;
  }

  @Override
  void encode(Outgoing out) {
    out.text("incr ").text(key).number(delta).endOfLine();
  }

  @Override
  boolean decode(ByteBuffer in) {
    int end = Answer.endOfLine(in);
    if (end < 0) {
      return false;
    }
    byte first = in.get(in.position());
    if (first >= '0' && first <= '9') {
      value = OptionalLong.of(Answer.unsigned(in, in.position(), end - 1, 20));
    } else if (!Answer.is(in, end, NOT_FOUND)) {
      refuse(in, end);
    }
    in.position(end + 1);
    return true;
  }
}
