// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.PercentText;

/**
 * A type of key with a readable text of its own: a tag, then the value.
 *
 * @param tag the letter that the text starts with
 * @param type the exact class
 * @param write gives the value as text, in characters that need no escape; equal values give equal
 *     texts and different ones different texts, in all versions of Java
 * @param read gives the value back, or throws a {@link RuntimeException}
 */
record KeyType<T>(char tag, Class<T> type, Function<T, String> write, Function<String, T> read) {

  static final char STRING = 'S';

  /**
   * Of a key that is a number; whoever can write to memcached could list larger ones, and to read a
   * million decimal digits takes a quarter of a minute.
   */
  private static final int MOST_DIGITS = 10_000;

  /** No number of so many bits has more digits. */
  private static final int MOST_BITS = 33_000;

  private static final List<KeyType<?>> ALL =
      List.of(
          new KeyType<>(STRING, String.class, PercentText::escape, PercentText::unescape),
          new KeyType<>('I', Integer.class, value -> value.toString(), Integer::valueOf),
          new KeyType<>('L', Long.class, value -> value.toString(), Long::valueOf),
          new KeyType<>('H', Short.class, value -> value.toString(), Short::valueOf),
          new KeyType<>('B', Byte.class, value -> value.toString(), Byte::valueOf),
          new KeyType<>('C', Character.class, KeyType::writeChar, KeyType::readChar),
          new KeyType<>('Z', Boolean.class, value -> value.toString(), KeyType::readBoolean),
          // In hexadecimal: Double.toString isn't the same in all versions of Java (JDK-4511638)
          new KeyType<>('D', Double.class, Double::toHexString, Double::valueOf),
          new KeyType<>('F', Float.class, Float::toHexString, Float::valueOf),
          new KeyType<>('N', BigInteger.class, KeyType::writeDigits, KeyType::readDigits),
          new KeyType<>('M', BigDecimal.class, KeyType::writeDecimal, KeyType::readDecimal),
          new KeyType<>('U', UUID.class, value -> value.toString(), UUID::fromString),
          new KeyType<>('t', Date.class, KeyType::writeDate, KeyType::readDate),
          escaped('T', Instant.class, Instant::parse),
          escaped('d', LocalDate.class, LocalDate::parse),
          escaped('h', LocalTime.class, LocalTime::parse),
          escaped('w', LocalDateTime.class, LocalDateTime::parse));

  private static final Map<Class<?>, KeyType<?>> BY_CLASS = new HashMap<>();
  private static final @Nullable KeyType<?>[] BY_TAG = new KeyType<?>[128];

  static {
    for (KeyType<?> type : ALL) {
      BY_CLASS.put(type.type, type);
      BY_TAG[type.tag] = type;
    }
  }

  /** Returns the type of keys of this class, or null if they have no text of their own. */
  static @Nullable KeyType<?> of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  /** Returns the type with this tag, or null. */
  static @Nullable KeyType<?> tagged(char tag) {
    return tag < BY_TAG.length ? BY_TAG[tag] : null;
  }

  /**
   * Returns tag and value.
   *
   * @param key an object of exactly this type
   */
  String text(Object key) {
    return tag + write.apply(type.cast(key));
  }

  /** For types whose own text can be parsed back but has colons or plus signs in it. */
  private static <T> KeyType<T> escaped(char tag, Class<T> type, Function<String, T> parse) {
    return new KeyType<>(
        tag,
        type,
        value -> PercentText.escape(value.toString()),
        text -> parse.apply(PercentText.unescape(text)));
  }

  private static String writeChar(Character value) {
    return PercentText.escape(value.toString());
  }

  private static Character readChar(String text) {
    String one = PercentText.unescape(text);
    if (one.length() != 1) {
      throw new IllegalArgumentException("Not one character: " + text);
    }
    return one.charAt(0);
  }

  private static Boolean readBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("Neither true nor false: " + text);
    };
  }

  private static String writeDigits(BigInteger value) {
    if (value.bitLength() > MOST_BITS) {
      throw EntryKeyCodec.refused(
          value.getClass(), "this one has more than " + MOST_BITS + " bits; use a String");
    }
    return value.toString();
  }

  private static BigInteger readDigits(String text) {
    if (text.length() > MOST_DIGITS + 1) {
      throw new IllegalArgumentException("More than " + MOST_DIGITS + " digits");
    }
    return new BigInteger(text);
  }

  /** Digits and scale apart: the scale counts for equality. */
  private static String writeDecimal(BigDecimal value) {
    return writeDigits(value.unscaledValue()) + '_' + value.scale();
  }

  private static BigDecimal readDecimal(String text) {
    int at = text.indexOf('_');
    if (at < 0) {
      throw new IllegalArgumentException("No scale: " + text);
    }
    return new BigDecimal(
        readDigits(text.substring(0, at)), Integer.parseInt(text.substring(at + 1)));
  }

  @SuppressWarnings("JavaUtilDate") // applications use it as a key
  private static String writeDate(Date value) {
    return Long.toString(value.getTime());
  }

  @SuppressWarnings("JavaUtilDate")
  private static Date readDate(String text) {
    return new Date(Long.parseLong(text));
  }
}
