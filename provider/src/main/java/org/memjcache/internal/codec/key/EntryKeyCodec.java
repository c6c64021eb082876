// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.serialization.KeyClassValidator;
import org.memjcache.internal.codec.serialization.KeyCollections;
import org.memjcache.internal.codec.value.Encoding;
import org.memjcache.internal.codec.value.Encodings;
import org.memjcache.internal.text.PercentText;

/**
 * Turns the keys of a cache into text and back.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Equal keys have equal texts, also if they were made in different processes.
 *   <li>Different keys have different texts; {@code 1} and {@code "1"} are different.
 *   <li>A key that can't be held to this is refused, with its class, the reason, and what to use
 *       instead.
 * </ul>
 *
 * <p>The first letter names the type:
 *
 * <table>
 * <caption>Types of keys</caption>
 * <tr><th>letter</th><th>type</th><th>text</th></tr>
 * <tr><td>S</td><td>String</td><td>percent-escaped</td></tr>
 * <tr><td>I L H B</td><td>Integer, Long, Short, Byte</td><td>decimal</td></tr>
 * <tr><td>C</td><td>Character</td><td>percent-escaped</td></tr>
 * <tr><td>Z</td><td>Boolean</td><td>true, false</td></tr>
 * <tr><td>D F</td><td>Double, Float</td><td>hexadecimal, as of {@code toHexString}</td></tr>
 * <tr><td>N</td><td>BigInteger</td><td>decimal</td></tr>
 * <tr><td>M</td><td>BigDecimal</td><td>all digits, {@code _}, scale</td></tr>
 * <tr><td>U</td><td>UUID</td><td>as of {@code toString}</td></tr>
 * <tr><td>t</td><td>java.util.Date</td><td>milliseconds since 1970</td></tr>
 * <tr><td>T d h w</td><td>Instant, LocalDate, LocalTime, LocalDateTime</td>
 * <td>ISO 8601, percent-escaped</td></tr>
 * <tr><td>E</td><td>enum</td><td>class {@code /} constant, percent-escaped</td></tr>
 * <tr><td>l</td><td>List of any class</td>
 * <td>{@code (} texts of the elements with commas between {@code )}</td></tr>
 * <tr><td>s</td><td>Set of a class of the JDK</td>
 * <td>the same, in the order of the texts</td></tr>
 * <tr><td>m</td><td>Map of a class of the JDK</td>
 * <td>{@code (} texts of key, value, key, value in the order of the texts {@code )}</td></tr>
 * <tr><td>e</td><td>Map.Entry</td><td>{@code (} texts of key, value {@code )}</td></tr>
 * <tr><td>n</td><td>null in one of these</td><td></td></tr>
 * <tr><td>v</td><td>the other types of java.time</td>
 * <td>base64url of the encoding as a value: its number, its bytes</td></tr>
 * <tr><td>x</td><td>all others</td><td>base64url of {@link Serializer#serializeKey}</td></tr>
 * </table>
 *
 * <p>Known limits: the text of a serialized key changes with the serialized form of its class, so a
 * key class should declare its {@code serialVersionUID} and keep its fields. That {@code equals}
 * compares all serialized fields and no others is the application's duty.
 *
 * <p>Thread-safe if the serializer is.
 */
public final class EntryKeyCodec {

  static final char ENUM = 'E';
  static final char LIST = 'l';
  static final char SET = 's';
  static final char MAP = 'm';
  static final char ENTRY = 'e';
  static final char NULL = 'n';
  static final char COMPACT = 'v';
  static final char SERIALIZED = 'x';

  /** How many characters of a text that can't be read an error quotes. */
  private static final int LONGEST_QUOTE = 100;

  /** The deepest nesting of lists, sets and maps in each other. */
  static final int MAX_DEPTH = 50;

  private static final Base64.Encoder TO_BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final Serializer serializer;

  /** The serializer takes the keys of types that have no text of their own, and finds enums. */
  public EntryKeyCodec(Serializer serializer) {
    this.serializer = serializer;
  }

  /**
   * Returns the text of a key, the same for all equal keys.
   *
   * @throws CacheException if its type can't be a key; names the class, the reason and what to use
   *     instead
   */
  public EntryKey encode(Object key) {
    if (key instanceof String text) {
      return new EntryKey("S".concat(PercentText.escape(text)));
    }
    return new EntryKey(text(key, 0));
  }

  private String text(@Nullable Object key, int depth) {
    if (key == null) {
      return String.valueOf(NULL);
    }
    Class<?> type = key.getClass();
    KeyType<?> keyType = KeyType.of(type);
    if (keyType != null) {
      return keyType.text(key);
    }
    if (key instanceof Enum<?> constant) {
      return enumText(constant);
    }
    if (KeyCollections.include(key)) {
      return collectionText(key, depth + 1);
    }
    Encoding<?> encoding = Encodings.of(type);
    if (encoding != null && !type.isArray()) {
      byte[] content = encoding.encode(key);
      byte[] numbered = new byte[1 + content.length];
      numbered[0] = (byte) encoding.number();
      System.arraycopy(content, 0, numbered, 1, content.length);
      return COMPACT + TO_BASE64.encodeToString(numbered);
    }
    return SERIALIZED + TO_BASE64.encodeToString(serialize(key, type));
  }

  private String enumText(Enum<?> constant) {
    Class<?> type = constant.getDeclaringClass();
    serializer.checkEnum(type);
    return ENUM + PercentText.escape(type.getName()) + '/' + PercentText.escape(constant.name());
  }

  private String collectionText(Object collection, int depth) {
    Class<?> type = collection.getClass();
    if (depth > MAX_DEPTH) {
      throw refused(
          type,
          "its lists, sets and maps are nested deeper than " + MAX_DEPTH + "; use flatter ones");
    }
    String refusal = KeyCollections.refusal(collection);
    if (refusal != null) {
      throw refused(type, refusal);
    }
    List<String> texts = new ArrayList<>();
    if (collection instanceof List<?> list) {
      list.forEach(element -> texts.add(text(element, depth)));
      return inBrackets(LIST, texts);
    }
    if (collection instanceof Map.Entry<?, ?> entry) {
      texts.add(pairText(entry, depth));
      return inBrackets(ENTRY, texts);
    }
    if (collection instanceof Set<?> set) {
      set.forEach(element -> texts.add(text(element, depth)));
    } else {
      ((Map<?, ?>) collection).entrySet().forEach(entry -> texts.add(pairText(entry, depth)));
    }
    Collections.sort(texts);
    return inBrackets(collection instanceof Set ? SET : MAP, texts);
  }

  private String pairText(Map.Entry<?, ?> entry, int depth) {
    return text(entry.getKey(), depth) + ',' + text(entry.getValue(), depth);
  }

  private static String inBrackets(char tag, List<String> texts) {
    return tag + "(" + String.join(",", texts) + ")";
  }

  private byte[] serialize(Object key, Class<?> type) {
    String refusal = KeyClassValidator.refusal(type);
    if (refusal != null) {
      throw refused(type, refusal);
    }
    return serializer.serializeKey(key);
  }

  /** Returns the error for a key that is refused. */
  static CacheException refused(Class<?> type, String why) {
    return new CacheException("Class " + type.getName() + " can't be a cache key: " + why);
  }

  /**
   * Returns the key whose text this is.
   *
   * @param text as {@link EntryKey#text} gave it; not to be trusted, since it may come from a key
   *     dump
   * @return a key that is equal to the one encoded; of the same class, but for lists, sets, maps
   *     and map entries
   * @throws CacheException if no key has this text, or its class isn't there or isn't allowed
   */
  public Object decode(String text) {
    try {
      Object key = new EntryKeyReader(serializer, text).whole();
      if (key != null) {
        return key;
      }
    } catch (CacheException e) {
      throw new CacheException(unreadable(text) + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new CacheException(unreadable(text), e);
    }
    throw new CacheException(unreadable(text));
  }

  private static String unreadable(String text) {
    String start = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
    return "The text of an entry key can't be read: "
        + start.replaceAll("\\p{Cc}|\\p{Zl}|\\p{Zp}", "?");
  }

  /**
   * Returns whether a text may be that of a key of this type, by its first letter, so that what
   * another program put between the cache's own keys need not be decoded.
   */
  public static boolean mayBe(String text, Class<?> type) {
    KeyType<?> known = Modifier.isFinal(type.getModifiers()) ? KeyType.of(type) : null;
    return known == null || (!text.isEmpty() && text.charAt(0) == known.tag());
  }
}
