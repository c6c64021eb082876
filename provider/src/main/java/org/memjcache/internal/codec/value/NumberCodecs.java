package org.memjcache.internal.codec.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** The encodings of numbers and other small values of {@code java.lang} and {@code java.util}. */
public final class NumberCodecs {

  static final List<ValueCodec<?>> ALL =
      List.of(
          ValueCodec.fixed(
              10, Integer.class, 4, (value, out) -> out.putInt(value), ByteBuffer::getInt),
          ValueCodec.fixed(
              11, Long.class, 8, (value, out) -> out.putLong(value), ByteBuffer::getLong),
          ValueCodec.fixed(
              12, Short.class, 2, (value, out) -> out.putShort(value), ByteBuffer::getShort),
          ValueCodec.fixed(13, Byte.class, 1, (value, out) -> out.put(value), ByteBuffer::get),
          ValueCodec.fixed(
              14, Character.class, 2, (value, out) -> out.putChar(value), ByteBuffer::getChar),
          ValueCodec.fixed(
              15,
              Boolean.class,
              1,
              (value, out) -> out.put((byte) (value ? 1 : 0)),
              NumberCodecs::readBoolean),
          ValueCodec.fixed(
              16, Double.class, 8, (value, out) -> out.putDouble(value), ByteBuffer::getDouble),
          ValueCodec.fixed(
              17, Float.class, 4, (value, out) -> out.putFloat(value), ByteBuffer::getFloat),
          ValueCodec.variable(
              18, BigInteger.class, BigInteger::toByteArray, NumberCodecs::readBigInteger),
          ValueCodec.variable(
              19, BigDecimal.class, NumberCodecs::writeBigDecimal, NumberCodecs::readBigDecimal),
          ValueCodec.fixed(
              20,
              UUID.class,
              16,
              (value, out) ->
                  out.putLong(value.getMostSignificantBits())
                      .putLong(value.getLeastSignificantBits()),
              in -> new UUID(in.getLong(), in.getLong())),
          ValueCodec.fixed(
              21,
              Date.class,
              8,
              (value, out) -> out.putLong(millis(value)),
              in -> date(in.getLong())));

  private NumberCodecs() {}

  private static Boolean readBoolean(ByteBuffer in) {
    byte value = in.get();
    if (value != 0 && value != 1) {
      throw new IllegalArgumentException("Neither true nor false: " + value);
    }
    return value == 1;
  }

  private static BigInteger readBigInteger(ByteBuffer in) {
    byte[] bytes = new byte[in.remaining()];
    in.get(bytes);
    return new BigInteger(bytes);
  }

  private static byte[] writeBigDecimal(BigDecimal value) {
    byte[] digits = value.unscaledValue().toByteArray();
    return ByteBuffer.allocate(4 + digits.length).putInt(value.scale()).put(digits).array();
  }

  private static BigDecimal readBigDecimal(ByteBuffer in) {
    int scale = in.getInt();
    return new BigDecimal(readBigInteger(in), scale);
  }

  /** Returns a date's milliseconds since 1970. */
  @SuppressWarnings("JavaUtilDate") // not our choice, but that of whoever caches it
  public static long millis(Date value) {
    return value.getTime();
  }

  /** Returns the date of so many milliseconds since 1970. */
  @SuppressWarnings("JavaUtilDate")
  public static Date date(long millis) {
    return new Date(millis);
  }
}
