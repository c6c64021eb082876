// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import javax.cache.CacheException;
import org.memjcache.internal.common.ClassLookup;

/**
 * Turns values and keys into bytes and back, for all types that MemJCache does not encode itself.
 *
 * <p>A cache uses Java serialization behind an allow-list unless it is configured with a serializer
 * of its own ({@link MemcachedConfiguration#setSerializerFactory}). Strings, numbers, {@code
 * byte[]}, {@code java.time} and the like never reach a serializer.
 *
 * <p>Implementations must be thread-safe. They must not trust the bytes that they read: any program
 * that can write to memcached may have made them. So an implementation creates only classes that it
 * was told to allow. That is easiest if the bytes do not name the class:
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
   * Returns the serializer of one cache. Called once for each cache, before all else.
   *
   * @implSpec Returns this.
   * @param context what the cache declares; valid as long as the cache
   * @return what serializes the values and keys of this cache. It isn't closed with the cache, as
   *     what the factory created is, unless they are the same
   * @throws CacheException if it can't serialize what the cache declares; then the cache isn't
   *     created
   */
  default Serializer forCache(SerializerContext context) {
    return this;
  }

  /**
   * Returns the bytes of a value.
   *
   * @param value the value, never null
   * @return a new array, which the caller may keep but does not change
   * @throws CacheException if the value can't be serialized or its class isn't allowed; the message
   *     names the class
   */
  byte[] serialize(Object value);

  /**
   * Returns a new object from bytes that {@link #serialize} returned.
   *
   * @param bytes holds the bytes; must be neither changed nor kept
   * @param offset where they start
   * @param length how many there are
   * @return an object of the same class as the serialized one, and equal to it
   * @throws CacheException if the bytes can't be read, or if they name a class that is missing or
   *     isn't allowed
   */
  Object deserialize(byte[] bytes, int offset, int length);

  /**
   * Returns the bytes of a key. Equal keys must give equal bytes, in every process: an entry is
   * found by these bytes. Different keys must give different bytes, or one is given the value of
   * the other.
   *
   * @implSpec Calls {@link #serialize}, and then {@link #deserialize} to refuse a key that does not
   *     come back equal, so that different keys never share an entry. Whether equal keys give equal
   *     bytes can't be seen from one key. An implementation that overrides this method keeps both
   *     promises itself.
   * @param key the key, never null
   * @return a new array, which the caller may keep but does not change
   * @throws CacheException if the key can't be serialized, if its class isn't allowed, or if the
   *     promises can't be kept for it
   */
  default byte[] serializeKey(Object key) {
    byte[] bytes = serialize(key);
    Object copy;
    try {
      copy = deserialize(bytes, 0, bytes.length);
    } catch (CacheException e) {
      throw new CacheException(
          "Class "
              + key.getClass().getName()
              + " can't be a cache key: it can't be read back: "
              + e.getMessage(),
          e);
    }
    if (!key.equals(copy)) {
      throw new CacheException(
          "Class "
              + key.getClass().getName()
              + " can't be a cache key: a serialized copy isn't equal to it, perhaps because the"
              + " serializer leaves out a field that equals compares");
    }
    return bytes;
  }

  /**
   * Returns a new key from bytes that {@link #serializeKey} returned.
   *
   * @implSpec Calls {@link #deserialize}.
   * @param bytes holds the bytes; must be neither changed nor kept
   * @param offset where they start
   * @param length how many there are
   * @return a key that is equal to the serialized one
   * @throws CacheException if the bytes can't be read, or if they name a class that is missing or
   *     isn't allowed
   */
  default Object deserializeKey(byte[] bytes, int offset, int length) {
    return deserialize(bytes, offset, length);
  }

  /**
   * Checks that an enum may be a key. The constants of enums are written by name, so {@link
   * #serialize} never sees them.
   *
   * @implSpec Allows every enum.
   * @param type the enum
   * @throws CacheException if the enum isn't allowed
   */
  default void checkEnum(Class<?> type) {}

  /**
   * Returns the enum of a key that is read back. It need not be initialized.
   *
   * @implSpec Looks in the class loader of this serializer's class, then in the thread's context
   *     class loader.
   * @param name the binary name of a class; not to be trusted
   * @return the class
   * @throws CacheException if there is no such class or it isn't allowed
   */
  default Class<?> findEnum(String name) {
    ClassLookup classes = ClassLookup.of(getClass().getClassLoader());
    Class<?> found = classes.find(name);
    if (found == null) {
      throw new CacheException("Class " + name + " was not found, " + classes);
    }
    return found;
  }
}
