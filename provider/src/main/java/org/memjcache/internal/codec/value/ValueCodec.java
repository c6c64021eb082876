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
 * @param id the number in the envelope's flags; never given to another encoding again
 * @param runtimeClass the exact class of the values
 * @param length of the payload in bytes, or {@link #ANY_LENGTH}
 * @param write gives the bytes
 * @param read takes exactly the bytes that {@code write} gave, or throws a {@link RuntimeException}
 */
public record ValueCodec<T>(
    int id,
    Class<? extends T> runtimeClass,
    int length,
    Function<T, byte[]> write,
    Function<ByteBuffer, T> read) {

  static final int ANY_LENGTH = -1;

  static <T> ValueCodec<T> fixed(
      int id,
      Class<? extends T> type,
      int length,
      BiConsumer<T, ByteBuffer> write,
      Function<ByteBuffer, T> read) {
    Function<T, byte[]> toBytes =
        value -> {
          ByteBuffer out = ByteBuffer.allocate(length);
          write.accept(value, out);
          return out.array();
        };
    return new ValueCodec<>(id, type, length, toBytes, read);
  }

  static <T> ValueCodec<T> variable(
      int id, Class<? extends T> type, Function<T, byte[]> write, Function<ByteBuffer, T> read) {
    return new ValueCodec<>(id, type, ANY_LENGTH, write, read);
  }

  /** Tells whether a payload of this length can be right. */
  boolean accepts(int payloadLength) {
    return length == ANY_LENGTH || length == payloadLength;
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
   * @param payload from its position to its limit; consumed
   * @throws RuntimeException of any kind if the bytes are not what this encoding gives
   */
  public T decode(ByteBuffer payload) {
    T value = read.apply(payload);
    if (payload.hasRemaining()) {
      throw new IllegalArgumentException(payload.remaining() + " bytes too many");
    }
    return value;
  }
}
