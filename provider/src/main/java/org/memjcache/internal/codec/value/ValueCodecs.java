package org.memjcache.internal.codec.value;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.Serializer;

/**
 * All compact encodings, by class for writing and by number for reading.
 *
 * <p>A number is never given to another encoding again, because items with it may still be stored.
 */
public final class ValueCodecs {

  /** The number for what the {@link Serializer} writes. */
  static final int SERIALIZED = 1;

  /** The highest number that the envelope's flags have room for. */
  public static final int MAX_ID = 127;

  private static final Map<Class<?>, ValueCodec<?>> BY_CLASS = new HashMap<>();
  private static final @Nullable ValueCodec<?>[] BY_ID = new ValueCodec<?>[MAX_ID + 1];

  static {
    for (List<ValueCodec<?>> group : List.of(TextCodecs.ALL, NumberCodecs.ALL, TimeCodecs.ALL)) {
      for (ValueCodec<?> codec : group) {
        if (codec.id() <= SERIALIZED || BY_ID[codec.id()] != null) {
          throw new IllegalStateException("Number of an encoding given twice: " + codec.id());
        }
        BY_CLASS.put(codec.runtimeClass(), codec);
        BY_ID[codec.id()] = codec;
      }
    }
    BY_CLASS.remove(String.class); // has three encodings: see TextCodecs.encode
  }

  private ValueCodecs() {}

  /** Returns the encoding for values of exactly this class, or null; null for String too. */
  public static @Nullable ValueCodec<?> of(Class<?> type) {
    return BY_CLASS.get(type);
  }

  /** Returns the encoding with this number, or null; null for {@link #SERIALIZED} too. */
  public static @Nullable ValueCodec<?> numbered(int id) {
    return id >= 0 && id <= MAX_ID ? BY_ID[id] : null;
  }

  /**
   * Tells whether a payload can be of this encoding, going by its length only.
   *
   * @return false if there is no such encoding, too
   */
  public static boolean accepts(int id, int payloadLength) {
    ValueCodec<?> codec = numbered(id);
    return codec == null ? id == SERIALIZED : codec.accepts(payloadLength);
  }

  /** Tells whether there is an encoding with this number, {@link #SERIALIZED} included. */
  public static boolean knows(int id) {
    return id == SERIALIZED || numbered(id) != null;
  }

  /**
   * Returns the payload of a value.
   *
   * @throws CacheException if the serializer can't write it
   */
  public static EncodedValue encode(Object value, Serializer serializer) {
    if (value instanceof String text) {
      return TextCodecs.encode(text);
    }
    ValueCodec<?> codec = of(value.getClass());
    return codec == null
        ? new EncodedValue(SERIALIZED, serializer.serialize(value))
        : new EncodedValue(codec.id(), codec.encode(value));
  }

  /**
   * Returns a new value from its payload.
   *
   * @param id a number that is {@linkplain #knows known}
   * @throws CacheException if the bytes are malformed or the serializer can't read them
   */
  public static Object decode(int id, ByteBuffer payload, Serializer serializer) {
    ValueCodec<?> codec = numbered(id);
    if (codec == null) {
      return serializer.deserialize(
          payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
    }
    try {
      return codec.decode(payload);
    } catch (RuntimeException e) {
      throw new CacheException("Its bytes are not those of a " + codec.runtimeClass().getName(), e);
    }
  }
}
