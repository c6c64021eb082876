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
 * <p>The bytes name no class, so nobody who writes to memcached can choose one: only the class
 * given here is created, and the classes that its properties declare. Never switch Jackson's
 * default typing on.
 *
 * <p>Strings, numbers, dates and the like never get here, neither as values nor as keys: the
 * provider has encodings of its own for them. Keys of other classes are refused, because equal keys
 * must give equal bytes, and JSON does not promise that.
 */
public final class JacksonSerializer implements Serializer {

  private final Class<?> type;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  /**
   * Creates a serializer.
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
      throw new CacheException("The stored value is not JSON of " + type.getName(), e);
    }
    if (value == null) {
      throw new CacheException("The stored JSON is null, expected " + type.getName());
    }
    return value;
  }

  @Override
  public byte[] serializeKey(Object key) {
    throw new CacheException(
        "A key of "
            + key.getClass().getName()
            + " may have several JSON forms; use a String or a number");
  }
}
