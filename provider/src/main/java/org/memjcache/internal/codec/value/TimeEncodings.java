// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.memjcache.internal.codec.value.Encoding.fixed;
import static org.memjcache.internal.codec.value.Encoding.rest;
import static org.memjcache.internal.codec.value.Encoding.variable;

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
final class TimeEncodings {

  static final List<Encoding<?>> ALL =
      List.of(
          fixed(
              30,
              Instant.class,
              12,
              (out, value) -> out.putLong(value.getEpochSecond()).putInt(value.getNano()),
              in -> Instant.ofEpochSecond(in.getLong(), nanos(in))),
          fixed(31, LocalDate.class, 8, TimeEncodings::put, TimeEncodings::date),
          fixed(32, LocalTime.class, 8, TimeEncodings::put, TimeEncodings::time),
          fixed(33, LocalDateTime.class, 16, TimeEncodings::put, TimeEncodings::dateTime),
          fixed(
              34,
              OffsetDateTime.class,
              20,
              (out, value) -> put(put(out, value.toLocalDateTime()), value.getOffset()),
              in -> OffsetDateTime.of(dateTime(in), offset(in))),
          fixed(
              35,
              OffsetTime.class,
              12,
              (out, value) -> put(put(out, value.toLocalTime()), value.getOffset()),
              in -> OffsetTime.of(time(in), offset(in))),
          variable(36, ZonedDateTime.class, TimeEncodings::zonedBytes, TimeEncodings::zoned),
          fixed(
              37,
              Duration.class,
              12,
              (out, value) -> out.putLong(value.getSeconds()).putInt(value.getNano()),
              in -> Duration.ofSeconds(in.getLong(), nanos(in))),
          fixed(
              38,
              Period.class,
              12,
              (out, value) ->
                  out.putInt(value.getYears()).putInt(value.getMonths()).putInt(value.getDays()),
              in -> Period.of(in.getInt(), in.getInt(), in.getInt())),
          fixed(39, Year.class, 4, (out, year) -> out.putInt(year.getValue()), TimeEncodings::year),
          fixed(
              40,
              YearMonth.class,
              5,
              (out, value) -> out.putInt(value.getYear()).put((byte) value.getMonthValue()),
              in -> YearMonth.of(in.getInt(), in.get())),
          fixed(
              41,
              MonthDay.class,
              2,
              (out, value) ->
                  out.put((byte) value.getMonthValue()).put((byte) value.getDayOfMonth()),
              in -> MonthDay.of(in.get(), in.get())),
          fixed(42, ZoneOffset.class, 4, TimeEncodings::put, TimeEncodings::offset),
          // The class of all zones but the offsets is not public
          variable(43, ZoneId.of("UTC").getClass(), TimeEncodings::zoneBytes, TimeEncodings::zone));

  private TimeEncodings() {}

  private static int nanos(ByteBuffer in) {
    int nanos = in.getInt();
    if (nanos < 0 || nanos > 999_999_999) {
      throw new IllegalArgumentException("Not nanoseconds of a second: " + nanos);
    }
    return nanos;
  }

  private static ByteBuffer put(ByteBuffer out, LocalDate value) {
    return out.putLong(value.toEpochDay());
  }

  private static LocalDate date(ByteBuffer in) {
    return LocalDate.ofEpochDay(in.getLong());
  }

  private static ByteBuffer put(ByteBuffer out, LocalTime value) {
    return out.putLong(value.toNanoOfDay());
  }

  private static LocalTime time(ByteBuffer in) {
    return LocalTime.ofNanoOfDay(in.getLong());
  }

  private static ByteBuffer put(ByteBuffer out, LocalDateTime value) {
    return put(put(out, value.toLocalDate()), value.toLocalTime());
  }

  private static LocalDateTime dateTime(ByteBuffer in) {
    return LocalDateTime.of(date(in), time(in));
  }

  private static ByteBuffer put(ByteBuffer out, ZoneOffset value) {
    return out.putInt(value.getTotalSeconds());
  }

  private static ZoneOffset offset(ByteBuffer in) {
    return ZoneOffset.ofTotalSeconds(in.getInt());
  }

  private static Year year(ByteBuffer in) {
    return Year.of(in.getInt());
  }

  private static byte[] zoneBytes(ZoneId value) {
    return value.getId().getBytes(UTF_8);
  }

  private static ZoneId zone(ByteBuffer in) {
    return ZoneId.of(new String(rest(in), UTF_8));
  }

  private static byte[] zonedBytes(ZonedDateTime value) {
    byte[] zone = zoneBytes(value.getZone());
    ByteBuffer out = ByteBuffer.allocate(20 + zone.length);
    return put(put(out, value.toLocalDateTime()), value.getOffset()).put(zone).array();
  }

  private static ZonedDateTime zoned(ByteBuffer in) {
    return ZonedDateTime.ofInstant(dateTime(in), offset(in), zone(in));
  }
}
