// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.io.Serial;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DayOfWeek;
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
import java.time.chrono.JapaneseDate;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;

/** Values at the edges of their types, and small classes of an application. */
public final class Samples {

  private Samples() {}

  /** Allows the classes in here. */
  static final AllowList ALLOWED =
      AllowList.parse("org.memjcache.support.Samples$Person")
          .and(Pair.class, Color.class, Named.class, Badge.class);

  public static JavaSerializer serializer() {
    return new JavaSerializer(ClassLookup.of(Samples.class.getClassLoader()), ALLOWED);
  }

  public enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "with a class of its own";
      }
    }
  }

  public record Person(String name, int age) implements Serializable {}

  public record Pair(Object left, Object right) implements Serializable {}

  public record Named(String name, List<?> list) implements Serializable {}

  /** A key class with an array that its equals looks into. */
  public static final class Badge implements Serializable {
    @Serial private static final long serialVersionUID = 1;
    private final byte[] content;

    public Badge(byte... content) {
      this.content = content;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Badge that && Objects.deepEquals(content, that.content);
    }

    @Override
    public int hashCode() {
      return content.length;
    }
  }

  /** Values that can be keys and have an encoding of their own. */
  public static List<Object> keys() {
    List<Object> all = new ArrayList<>();
    all.addAll(List.of("", "a", "1", "true", "é", "€", "😀", "\uD83D", "\uDE00\uD83D", "\uFFFD"));
    all.addAll(List.of(0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE));
    all.addAll(List.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE));
    all.addAll(List.of((short) 1, Short.MIN_VALUE, Short.MAX_VALUE));
    all.addAll(List.of((byte) 1, Byte.MIN_VALUE, Byte.MAX_VALUE));
    all.addAll(List.of('1', ':', '\0', 'é', '\uD83D', '\uFFFF'));
    all.addAll(List.of(true, false));
    all.addAll(List.of(0.0, -0.0, 1.0, 0.1, 2.0e-3, Math.PI, Double.NaN));
    all.addAll(List.of(Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE));
    all.addAll(List.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    all.addAll(List.of(0f, -0f, 1f, 0.1f, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE));
    all.addAll(List.of(Float.MIN_NORMAL, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY));
    all.addAll(List.of(BigInteger.ZERO, BigInteger.ONE, BigInteger.TEN.pow(400).negate()));
    all.addAll(List.of(new BigDecimal("1"), new BigDecimal("1.0"), new BigDecimal("-12.50")));
    all.addAll(List.of(new BigDecimal("0E+5"), new BigDecimal(BigInteger.ONE, Integer.MIN_VALUE)));
    all.addAll(List.of(new BigDecimal(BigInteger.TEN, Integer.MAX_VALUE)));
    all.addAll(List.of(new UUID(0, 0), new UUID(-1, -1), new UUID(1, Long.MIN_VALUE)));
    all.addAll(List.of(new Date(0), new Date(-1), new Date(Long.MAX_VALUE)));
    all.addAll(List.of(Instant.EPOCH, Instant.MIN, Instant.MAX, Instant.ofEpochSecond(-1, 1)));
    all.addAll(List.of(LocalDate.MIN, LocalDate.MAX, LocalDate.of(2024, 2, 29)));
    all.addAll(List.of(LocalDate.of(0, 1, 1), LocalDate.of(10_000, 1, 1)));
    all.addAll(List.of(LocalTime.MIN, LocalTime.MAX, LocalTime.of(10, 15), LocalTime.of(1, 2, 3)));
    all.addAll(List.of(LocalDateTime.MIN, LocalDateTime.MAX, LocalDateTime.of(2024, 1, 1, 0, 0)));
    all.addAll(List.of(OffsetDateTime.MIN, OffsetDateTime.MAX));
    all.addAll(List.of(OffsetTime.MIN, OffsetTime.MAX));
    all.addAll(List.of(Duration.ZERO, Duration.ofSeconds(Long.MIN_VALUE), Duration.ofNanos(-1)));
    all.addAll(List.of(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999)));
    all.addAll(List.of(Period.ZERO, Period.of(Integer.MIN_VALUE, -1, Integer.MAX_VALUE)));
    all.addAll(List.of(Year.of(Year.MIN_VALUE), Year.of(12_345)));
    all.addAll(List.of(YearMonth.of(2024, 12), YearMonth.of(Year.MAX_VALUE, 1)));
    all.addAll(List.of(MonthDay.of(2, 29), MonthDay.of(12, 31)));
    all.addAll(List.of(ZoneOffset.UTC, ZoneOffset.MAX, ZoneOffset.ofTotalSeconds(-1)));
    all.addAll(List.of(ZoneId.of("Europe/Paris"), ZoneId.of("UTC"), ZoneId.of("UTC+01:00")));
    ZonedDateTime twiceADay = // the hour that comes twice
        ZonedDateTime.of(LocalDateTime.of(2024, 10, 27, 2, 30), ZoneId.of("Europe/Paris"));
    all.addAll(List.of(twiceADay.withEarlierOffsetAtOverlap()));
    all.addAll(List.of(twiceADay.withLaterOffsetAtOverlap()));
    all.addAll(
        List.of(twiceADay.withFixedOffsetZone(), twiceADay.withZoneSameInstant(ZoneOffset.UTC)));
    return all;
  }

  /** Behind its serialized form are more objects. */
  private static Object japanese(int hour) {
    return JapaneseDate.of(2024, 1, 1).atTime(LocalTime.of(hour, 0));
  }

  /** Values whose classes the serializer takes, and that can be keys. */
  public static List<Object> otherKeys() {
    return List.of(
        Color.RED,
        Color.GREEN,
        DayOfWeek.MONDAY,
        new Person("Ada", 36),
        new Person("Ada", 37),
        new Pair(null, null),
        new Pair("a", "a"),
        new Pair("a", 1),
        new Pair(new Pair("a", Color.GREEN), LocalDate.of(2024, 1, 1)),
        new Named("a", List.of("a", new Person("a", 1))),
        new Named("a", null),
        new Pair(japanese(1), japanese(2)),
        new Pair(japanese(1), japanese(1)),
        new Badge((byte) 1, (byte) 2),
        List.of(),
        List.of(""),
        List.of("", ""),
        List.of("a,b"),
        List.of("a", "b"),
        List.of(List.of("a"), "b"),
        List.of(List.of("a", "b")),
        List.of(List.of(List.of()), 1, 1L, new Person("x", 1), Color.RED),
        new ArrayList<>(java.util.Arrays.asList(null, "n", null)),
        java.util.Currency.getInstance("EUR"),
        java.util.Locale.GERMANY);
  }
}
