// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ObjectStreamConstants;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;
import org.memjcache.SerializerContext;

/** The serializer of one cache. Thread-safe. */
final class JsonValues implements Serializer {

  /** What Spring's caches hold for null. */
  private static final String NULL_VALUE = "org.springframework.cache.support.NullValue";

  private final SerializerContext context;
  private final JsonFormat format;

  /** The classes of which a value was read back. */
  private final Set<Class<?>> checked = ConcurrentHashMap.newKeySet();

  JsonValues(SerializerContext context, JsonFormat format) {
    this.context = context;
    this.format = format;
  }

  @Override
  public byte[] serialize(Object value) {
    if (value.getClass().getName().equals(NULL_VALUE)) {
      return "null".getBytes(US_ASCII);
    }
    try {
      byte[] bytes = format.write(value);
      if (!checked.contains(value.getClass())) {
        check(value, bytes);
        checked.add(value.getClass());
      }
      return bytes;
    } catch (Exception | StackOverflowError e) {
      throw new CacheException(
          "A value of " + value.getClass().getName() + " can't be kept as JSON: " + reason(e), e);
    }
  }

  /** Refuses a value that would be another one when it is read. */
  private void check(Object value, byte[] bytes) throws Exception {
    Object copy = format.read(bytes, 0, bytes.length);
    if (copy == null || (copy.getClass() != value.getClass() && !isSameKind(value, copy))) {
      throw new CacheException(
          "read back, it is of "
              + (copy == null ? "no class at all, but null" : copy.getClass().getName())
              + "; expected @JsonTypeInfo in "
              + context.valueType().getName()
              + ", or a cache that declares its values as Object");
    }
    byte[] again = format.write(copy);
    if (!comparable(format.readPlain(bytes)).equals(comparable(format.readPlain(again)))) {
      throw new CacheException(
          "read back and written again, it is other JSON, as if a property held an object of a"
              + " subclass of its type; expected @JsonTypeInfo in that type");
    }
  }

  /** Returns whether both are collections that compare by their elements. */
  private static boolean isSameKind(Object value, Object copy) {
    return Stream.of(List.class, Set.class, Map.class)
        .anyMatch(kind -> kind.isInstance(value) && kind.isInstance(copy));
  }

  /** Returns something equal for JSON that differs in the order of elements only, as sets may. */
  private static Object comparable(@Nullable Object json) {
    if (json instanceof Map<?, ?> map) {
      Map<Object, Object> result = new HashMap<>();
      map.forEach((name, value) -> result.put(name, comparable(value)));
      return result;
    }
    if (json instanceof Collection<?> elements) {
      Map<Object, Integer> counts = new HashMap<>();
      elements.forEach(one -> counts.merge(comparable(one), 1, Integer::sum));
      return counts;
    }
    return json == null ? Void.class : json;
  }

  @Override
  public Object deserialize(byte[] bytes, int offset, int length) {
    Object value;
    try {
      value = format.read(bytes, offset, length);
    } catch (Exception | StackOverflowError e) {
      throw new CacheException(
          isJavaSerialization(bytes, offset, length)
              ? "This was written by Java serialization, perhaps before the cache had its"
                  + " serializer; clear the cache once"
              : "This is no JSON of " + context.valueType().getName() + ": " + reason(e),
          e);
    }
    return value == null ? nullValue() : value;
  }

  private Object nullValue() {
    try {
      return context.findClass(NULL_VALUE).getField("INSTANCE").get(null);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new CacheException("The JSON is null, which stands for Spring's " + NULL_VALUE, e);
    }
  }

  /** Returns whether there is the magic number that all its streams begin with. */
  private static boolean isJavaSerialization(byte[] bytes, int offset, int length) {
    return length > 1
        && (short) (bytes[offset] << 8 | (bytes[offset + 1] & 0xff))
            == ObjectStreamConstants.STREAM_MAGIC;
  }

  private static String reason(Throwable e) {
    return e instanceof StackOverflowError
        ? "its objects are nested too deeply, or in a circle"
        : String.valueOf(e.getMessage());
  }

  @Override
  public byte[] serializeKey(Object key) {
    return context.javaSerializer().serializeKey(key);
  }

  @Override
  public Object deserializeKey(byte[] bytes, int offset, int length) {
    return context.javaSerializer().deserializeKey(bytes, offset, length);
  }

  @Override
  public void checkEnum(Class<?> type) {
    context.javaSerializer().checkEnum(type);
  }

  @Override
  public Class<?> findEnum(String name) {
    return context.javaSerializer().findEnum(name);
  }
}
