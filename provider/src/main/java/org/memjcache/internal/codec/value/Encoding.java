// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import java.nio.ByteBuffer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The compact encoding of one type of value. Numbers are big-endian.
 *
 * <p>A value comes back equal and of the same class. Only objects of exactly the class take part:
 * not subclasses, which may hold more.
 *
 * @param number in the flags of an item; never given to another encoding again
 * @param length of the bytes, or {@link #ANY_LENGTH}
 * @param write returns the bytes
 * @param read takes exactly the bytes that {@code write} returned, or throws a {@link
 *     RuntimeException}
 */
public record Encoding<T>(
    int number,
    Class<? extends T> type,
    int length,
    Function<T, byte[]> write,
    Function<ByteBuffer, T> read) {

  private static final int ANY_LENGTH = -1;

  static <T> Encoding<T> fixed(
      int number,
      Class<? extends T> type,
      int length,
      BiConsumer<ByteBuffer, T> write,
      Function<ByteBuffer, T> read) {
    Function<T, byte[]> toBytes =
        value -> {
          ByteBuffer out = ByteBuffer.allocate(length);
          write.accept(out, value);
          return out.array();
        };
    return new Encoding<>(number, type, length, toBytes, read);
  }

  static <T> Encoding<T> variable(
      int number,
      Class<? extends T> type,
      Function<T, byte[]> write,
      Function<ByteBuffer, T> read) {
    return new Encoding<>(number, type, ANY_LENGTH, write, read);
  }

  /** Returns whether so many bytes can be right. */
  boolean accepts(int size) {
    return length == ANY_LENGTH || length == size;
  }

  /**
   * Returns the bytes of a value, which may be the value itself if that is an array.
   *
   * @param value an object of exactly this class
   */
  @SuppressWarnings("unchecked") // found by the value's class
  public byte[] encode(Object value) {
    return write.apply((T) value);
  }

  /**
   * Returns a new value.
   *
   * @param in from its position to its limit; consumed
   * @throws RuntimeException of any kind if the bytes are not those of this encoding
   */
  public T decode(ByteBuffer in) {
    T value = read.apply(in);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes too many");
    }
    return value;
  }

  /** Takes all bytes that are left. */
  static byte[] rest(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return bytes;
  }
}
