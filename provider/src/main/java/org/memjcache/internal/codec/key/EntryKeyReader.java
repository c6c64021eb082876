// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.internal.codec.serialization.KeyCollections;
import org.memjcache.internal.codec.value.Encoding;
import org.memjcache.internal.codec.value.Encodings;
import org.memjcache.internal.text.PercentText;

/**
 * Reads one key from its text, from left to right; {@link EntryKeyCodec} has the form of the text,
 * and writes it. The text isn't trusted: it may come from a key dump.
 *
 * <p>Used once, by one thread.
 */
final class EntryKeyReader {

  private final Serializer serializer;
  private final String text;
  private int at;

  EntryKeyReader(Serializer serializer, String text) {
    this.serializer = serializer;
    this.text = text;
  }

  /**
   * Returns the key whose text this is; null if that is the text of null.
   *
   * @throws RuntimeException if no key has this text; of whichever kind
   */
  @Nullable Object whole() {
    Object key = next(0);
    if (at != text.length()) {
      throw new IllegalArgumentException("More after the end, at " + at);
    }
    return key;
  }

  private @Nullable Object next(int depth) {
    char tag = text.charAt(at++);
    if (tag == EntryKeyCodec.LIST
        || tag == EntryKeyCodec.SET
        || tag == EntryKeyCodec.MAP
        || tag == EntryKeyCodec.ENTRY) {
      return collection(tag, elements(depth + 1));
    }
    int end = at;
    while (end < text.length() && !isPunctuation(text.charAt(end))) {
      end++;
    }
    String content = text.substring(at, end);
    at = end;
    return scalar(tag, content);
  }

  private List<@Nullable Object> elements(int depth) {
    if (depth > EntryKeyCodec.MAX_DEPTH) {
      throw new IllegalArgumentException("Nested deeper than " + EntryKeyCodec.MAX_DEPTH);
    }
    List<@Nullable Object> list = new ArrayList<>();
    expect('(');
    if (text.charAt(at) != ')') {
      list.add(next(depth));
      while (text.charAt(at) == ',') {
        at++;
        list.add(next(depth));
      }
    }
    expect(')');
    return list;
  }

  private void expect(char c) {
    if (text.charAt(at) != c) {
      throw new IllegalArgumentException("No " + c + " at " + at);
    }
    at++;
  }

  private static boolean isPunctuation(char c) {
    return c == '(' || c == ')' || c == ',';
  }

  private static Object collection(char tag, List<@Nullable Object> elements) {
    if (tag == EntryKeyCodec.LIST) {
      return Collections.unmodifiableList(elements);
    }
    if (elements.size() > 2 * KeyCollections.MOST_ELEMENTS) {
      throw new IllegalArgumentException("More than " + KeyCollections.MOST_ELEMENTS);
    }
    if (tag == EntryKeyCodec.SET) {
      return Collections.unmodifiableSet(new LinkedHashSet<>(elements));
    }
    if (elements.size() % 2 != 0 || (tag == EntryKeyCodec.ENTRY && elements.size() != 2)) {
      throw new IllegalArgumentException("Not pairs of key and value");
    }
    if (tag == EntryKeyCodec.ENTRY) {
      return new AbstractMap.SimpleImmutableEntry<>(elements.get(0), elements.get(1));
    }
    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < elements.size(); i += 2) {
      map.put(elements.get(i), elements.get(i + 1));
    }
    return Collections.unmodifiableMap(map);
  }

  private @Nullable Object scalar(char tag, String content) {
    switch (tag) {
      case EntryKeyCodec.NULL -> {
        if (!content.isEmpty()) {
          throw new IllegalArgumentException("More than null: " + content);
        }
        return null;
      }
      case EntryKeyCodec.ENUM -> {
        return enumConstant(content);
      }
      case EntryKeyCodec.COMPACT -> {
        byte[] numbered = Base64.getUrlDecoder().decode(content);
        Encoding<?> encoding = Encodings.numbered(numbered[0]);
        if (encoding == null) {
          throw new IllegalArgumentException("Unknown encoding " + numbered[0]);
        }
        return encoding.decode(ByteBuffer.wrap(numbered, 1, numbered.length - 1).slice());
      }
      case EntryKeyCodec.SERIALIZED -> {
        byte[] bytes = Base64.getUrlDecoder().decode(content);
        return serializer.deserializeKey(bytes, 0, bytes.length);
      }
      default -> {
        KeyType<?> type = KeyType.tagged(tag);
        if (type == null) {
          throw new IllegalArgumentException("Unknown type " + tag);
        }
        return type.read().apply(content);
      }
    }
  }

  private Object enumConstant(String content) {
    int slash = content.indexOf('/');
    Class<?> type = serializer.findEnum(PercentText.unescape(content.substring(0, slash)));
    String name = PercentText.unescape(content.substring(slash + 1));
    Object[] constants = type.isEnum() ? type.getEnumConstants() : new Object[0];
    return Arrays.stream(constants)
        .filter(constant -> ((Enum<?>) constant).name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new CacheException(type.getName() + " is not an enum with a constant " + name));
  }
}
