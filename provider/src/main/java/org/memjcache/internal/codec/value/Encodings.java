// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import static org.memjcache.internal.codec.value.Encoding.fixed;
import static org.memjcache.internal.codec.value.Encoding.rest;
import static org.memjcache.internal.codec.value.Encoding.variable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All compact encodings, by class for writing and by number for reading.
 *
 * <p>A number is never given to another encoding again, because items with it may still be stored.
 */
public final class Encodings {

  /** The number for what the serializer writes. */
  static final int SERIALIZED = 1;

  @SuppressWarnings("JavaUtilDate") // applications store it
  private static final List<Encoding<?>> NUMBERS =
      List.of(
          fixed(10, Integer.class, 4, ByteBuffer::putInt, ByteBuffer::getInt),
          fixed(11, Long.class, 8, ByteBuffer::putLong, ByteBuffer::getLong),
          fixed(12, Short.class, 2, ByteBuffer::putShort, ByteBuffer::getShort),
          fixed(13, Byte.class, 1, (out, value) -> out.put(value), ByteBuffer::get),
          fixed(14, Character.class, 2, ByteBuffer::putChar, ByteBuffer::getChar),
          fixed(
              15,
              Boolean.class,
              1,
              (out, value) -> out.put((byte) (value ? 1 : 0)),
              Encodings::readBoolean),
          fixed(16, Double.class, 8, ByteBuffer::putDouble, ByteBuffer::getDouble),
          fixed(17, Float.class, 4, ByteBuffer::putFloat, ByteBuffer::getFloat),
          variable(18, BigInteger.class, BigInteger::toByteArray, in -> new BigInteger(rest(in))),
          variable(19, BigDecimal.class, Encodings::writeDecimal, Encodings::readDecimal),
          fixed(
              20,
              UUID.class,
              16,
              (out, value) ->
                  out.putLong(value.getMostSignificantBits())
                      .putLong(value.getLeastSignificantBits()),
              in -> new UUID(in.getLong(), in.getLong())),
          fixed(
              21,
              Date.class,
              8,
              (out, value) -> out.putLong(value.getTime()),
              in -> new Date(in.getLong())));

  private static final Map<Class<?>, Encoding<?>> BY_CLASS = new HashMap<>();
  private static final @Nullable Encoding<?>[] BY_NUMBER =
      new Encoding<?>[EncodedValue.MAX_ENCODING + 1];

  static {
    for (List<Encoding<?>> group : List.of(TextEncodings.ALL, NUMBERS, TimeEncodings.ALL)) {
      for (Encoding<?> encoding : group) {
        if (encoding.number() <= SERIALIZED || BY_NUMBER[encoding.number()] != null) {
          throw new IllegalStateException(
              "number of an encoding given twice: " + encoding.number());
        }
        BY_CLASS.put(encoding.type(), encoding);
        BY_NUMBER[encoding.number()] = encoding;
      }
    }
    BY_CLASS.remove(String.class); // has three encodings: see TextEncodings
  }

  private Encodings() {}

  /** Returns the encoding for objects of exactly this class, or null; null for String too. */
  public static @Nullable Encoding<?> of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  /** Returns the encoding with this number, or null; null for {@link #SERIALIZED} too. */
  public static @Nullable Encoding<?> numbered(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  static boolean isKnown(int number) {
    return number == SERIALIZED || numbered(number) != null;
  }

  /** Returns whether so many bytes can be of this encoding; false if there is no such encoding. */
  static boolean accepts(int number, int size) {
    Encoding<?> encoding = numbered(number);
    return encoding == null ? number == SERIALIZED : encoding.accepts(size);
  }

  /**
   * Returns whether an object surely can't be changed, so that callers may share it. Of what the
   * serializer writes that isn't known.
   */
  @SuppressWarnings("JavaUtilDate") // it is one of those that can
  public static boolean isImmutable(Object value) {
    Class<?> type = value.getClass();
    return type == String.class
        || (BY_CLASS.containsKey(type) && !type.isArray() && type != Date.class);
  }

  private static Boolean readBoolean(ByteBuffer in) {
    byte value = in.get();
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("Neither true nor false: " + value);
    }
    return value == 1;
  }

  private static byte[] writeDecimal(BigDecimal value) {
    byte[] digits = value.unscaledValue().toByteArray();
    return ByteBuffer.allocate(4 + digits.length).putInt(value.scale()).put(digits).array();
  }

  private static BigDecimal readDecimal(ByteBuffer in) {
    int scale = in.getInt();
    return new BigDecimal(new BigInteger(rest(in)), scale);
  }
}
