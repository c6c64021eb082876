package org.memjcache.internal.codec.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** The encodings of {@code java.time}. */
final class TimeCodecs {

  static final List<ValueCodec<?>> ALL =
      List.of(
          ValueCodec.fixed(
              30,
              Instant.class,
              12,
              (value, out) -> out.putLong(value.getEpochSecond()).putInt(value.getNano()),
              TimeCodecs::readInstant),
          ValueCodec.fixed(31, LocalDate.class, 8, TimeCodecs::write, TimeCodecs::readDate),
          ValueCodec.fixed(32, LocalTime.class, 8, TimeCodecs::write, TimeCodecs::readTime),
          ValueCodec.fixed(33, LocalDateTime.class, 16, TimeCodecs::write, TimeCodecs::readBoth),
          ValueCodec.fixed(
              34,
              OffsetDateTime.class,
              20,
              (value, out) -> write(value.getOffset(), write(value.toLocalDateTime(), out)),
              in -> OffsetDateTime.of(readBoth(in), readOffset(in))),
          ValueCodec.fixed(
              35,
              OffsetTime.class,
              12,
              (value, out) -> write(value.getOffset(), write(value.toLocalTime(), out)),
              in -> OffsetTime.of(readTime(in), readOffset(in))),
          ValueCodec.variable(
              36, ZonedDateTime.class, TimeCodecs::writeZoned, TimeCodecs::readZoned),
          ValueCodec.fixed(
              37,
              Duration.class,
              12,
              (value, out) -> out.putLong(value.getSeconds()).putInt(value.getNano()),
              TimeCodecs::readDuration),
          ValueCodec.fixed(
              38,
              Period.class,
              12,
              (value, out) ->
                  out.putInt(value.getYears()).putInt(value.getMonths()).putInt(value.getDays()),
              in -> Period.of(in.getInt(), in.getInt(), in.getInt())),
          ValueCodec.fixed(
              39,
              Year.class,
              4,
              (value, out) -> out.putInt(value.getValue()),
              in -> Year.of(in.getInt())),
          ValueCodec.fixed(
              40,
              YearMonth.class,
              5,
              (value, out) -> out.putInt(value.getYear()).put((byte) value.getMonthValue()),
              in -> YearMonth.of(in.getInt(), in.get())),
          ValueCodec.fixed(
              41,
              MonthDay.class,
              2,
              (value, out) ->
                  out.put((byte) value.getMonthValue()).put((byte) value.getDayOfMonth()),
              in -> MonthDay.of(in.get(), in.get())),
          ValueCodec.fixed(42, ZoneOffset.class, 4, TimeCodecs::write, TimeCodecs::readOffset),
          // The class of all zones but the offsets is not public
          ValueCodec.variable(
              43, ZoneId.of("UTC").getClass(), TimeCodecs::writeZone, TimeCodecs::readZone));

  private TimeCodecs() {}

  private static Instant readInstant(ByteBuffer in) {
    return Instant.ofEpochSecond(in.getLong(), requireNanos(in.getInt()));
  }

  private static Duration readDuration(ByteBuffer in) {
    return Duration.ofSeconds(in.getLong(), requireNanos(in.getInt()));
  }

  private static int requireNanos(int nanos) {
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("Not nanoseconds of a second: " + nanos);
    }
    return nanos;
  }

  private static ByteBuffer write(LocalDate value, ByteBuffer out) {
    return out.putLong(value.toEpochDay());
  }

  private static LocalDate readDate(ByteBuffer in) {
    return LocalDate.ofEpochDay(in.getLong());
  }

  private static ByteBuffer write(LocalTime value, ByteBuffer out) {
    return out.putLong(value.toNanoOfDay());
  }

  private static LocalTime readTime(ByteBuffer in) {
    return LocalTime.ofNanoOfDay(in.getLong());
  }

  private static ByteBuffer write(LocalDateTime value, ByteBuffer out) {
    return write(value.toLocalTime(), write(value.toLocalDate(), out));
  }

  private static LocalDateTime readBoth(ByteBuffer in) {
    return LocalDateTime.of(readDate(in), readTime(in));
  }

  private static ByteBuffer write(ZoneOffset value, ByteBuffer out) {
    return out.putInt(value.getTotalSeconds());
  }

  private static ZoneOffset readOffset(ByteBuffer in) {
    return ZoneOffset.ofTotalSeconds(in.getInt());
  }

  private static byte[] writeZone(ZoneId value) {
    return value.getId().getBytes(UTF_8);
  }

  private static ZoneId readZone(ByteBuffer in) {
    byte[] id = new byte[in.remaining()];
    in.get(id);
    return ZoneId.of(new String(id, UTF_8));
  }

  private static byte[] writeZoned(ZonedDateTime value) {
    byte[] zone = writeZone(value.getZone());
    ByteBuffer out = ByteBuffer.allocate(20 + zone.length);
    return write(value.getOffset(), write(value.toLocalDateTime(), out)).put(zone).array();
  }

  private static ZonedDateTime readZoned(ByteBuffer in) {
    return ZonedDateTime.ofInstant(readBoth(in), readOffset(in), readZone(in));
  }
}
