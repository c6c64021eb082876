package org.memjcache.examples.jackson;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import javax.cache.CacheException;
import org.memjcache.Serializer;

/**
 * Values of one class as JSON.
 *
 * <p>The bytes name no class, so whoever writes to memcached can't choose one: what is created is
 * the class given here, and what its properties declare. Never switch Jackson's default typing on.
 *
 * <p>Strings, numbers, dates and the like don't come here, as values or as keys: the provider has
 * encodings of its own for them. Keys of other classes are refused, since equal keys have to give
 * equal bytes, which JSON does not promise.
 */
public final class JacksonSerializer implements Serializer {

  private final Class<?> type;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  /**
   * Makes a serializer.
   *
   * @param type the class of all values of the cache
   */
  public JacksonSerializer(Class<?> type) {
    JsonMapper mapper =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    this.type = type;
    this.writer = mapper.writerFor(type);
    this.reader = mapper.readerFor(type);
  }

  @Override
  public byte[] serialize(Object value) {
    if (value.getClass() != type) {
      throw new CacheException(
          "This cache stores values of " + type.getName() + ", not " + value.getClass().getName());
    }
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new CacheException("A value of " + type.getName() + " can't be written as JSON", e);
    }
  }

  @Override
  public Object deserialize(byte[] bytes, int offset, int length) {
    Object value;
    try {
      value = reader.readValue(bytes, offset, length);
    } catch (IOException e) {
      throw new CacheException("What is stored is not the JSON of " + type.getName(), e);
    }
    if (value == null) {
      throw new CacheException("What is stored stands for null, not for " + type.getName());
    }
    return value;
  }

  @Override
  public byte[] serializeKey(Object key) {
    throw new CacheException(
        "A key of " + key.getClass().getName() + " has no one form; use a String or a number");
  }
}
