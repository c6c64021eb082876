package org.memjcache;

import javax.cache.CacheException;
import org.memjcache.internal.codec.serialization.ClassResolver;
import org.memjcache.internal.codec.serialization.JavaSerializer;

/**
 * Turns values, and keys, into bytes and back where this package has no encoding of its own.
 *
 * <p>{@link JavaSerializer} is used unless the cache is configured with another one.
 *
 * <p>Implementations are thread-safe. Bytes read are not to be trusted: whoever can write to
 * memcached can have made them. So an implementation creates only classes that it was told to
 * allow. That is easiest where the bytes don't name the class:
 *
 * <pre>{@code
 * final class PersonSerializer implements Serializer {
 *   private final ObjectMapper mapper = new ObjectMapper(); // of Jackson
 *
 *   public byte[] serialize(Object value) {
 *     try {
 *       return mapper.writeValueAsBytes((Person) value);
 *     } catch (IOException e) {
 *       throw new CacheException("Can't write " + value.getClass(), e);
 *     }
 *   }
 *
 *   public Object deserialize(byte[] bytes, int offset, int length) {
 *     try {
 *       return mapper.readValue(bytes, offset, length, Person.class);
 *     } catch (IOException e) {
 *       throw new CacheException("Not the JSON of a person", e);
 *     }
 *   }
 * }
 * }</pre>
 */
public interface Serializer {

  /**
   * Returns the bytes of a value.
   *
   * @param value the value
   * @return its bytes, which the caller may keep and must not change
   * @throws CacheException if the value can't be serialized or its class isn't allowed; names the
   *     class
   */
  byte[] serialize(Object value);

  /**
   * Returns a new object from bytes that {@link #serialize} or {@link #serializeKey} gave.
   *
   * @param bytes holds the bytes; not to be changed, nor kept
   * @param offset where they start
   * @param length how many there are
   * @return the object, equal to the one serialized and of the same class
   * @throws CacheException if they can't be read, or name a class that isn't there or isn't allowed
   */
  Object deserialize(byte[] bytes, int offset, int length);

  /**
   * Returns the bytes of a key that no built-in encoding takes. Equal keys must give equal bytes,
   * in every process, or entries are not found again.
   *
   * @implSpec calls {@link #serialize}, which is right only if that promise holds for it
   * @param key the key
   * @return its bytes
   * @throws CacheException if the key can't be serialized, if its class isn't allowed, or if equal
   *     keys could give different bytes
   */
  default byte[] serializeKey(Object key) {
    return serialize(key);
  }

  /**
   * Checks that an enum may be a key. Its constants are written by name, so {@link #serialize}
   * never sees them.
   *
   * @implSpec allows every enum
   * @param type the enum
   * @throws CacheException if it isn't allowed
   */
  default void checkEnum(Class<?> type) {}

  /**
   * Finds the enum of a key that is read back. It need not be initialized.
   *
   * @implSpec looks in the thread's context class loader
   * @param name the binary name of a class; not to be trusted
   * @return the class
   * @throws CacheException if there is no such class or it isn't allowed
   */
  default Class<?> findEnum(String name) {
    return ClassResolver.ofContext().find(name);
  }
}
