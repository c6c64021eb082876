package org.memjcache.internal.codec.key;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.CacheException;
import org.memjcache.Serializer;

/**
 * Tries out whether keys of a class keep what a key promises, where {@link KeyClassValidator} can't
 * tell: the first keys of each class are copied through the serializer, and the copy must be equal
 * and give the same bytes.
 *
 * <p>This finds arrays compared by identity, transient fields that count, hash codes kept in
 * non-transient fields, and fields declared as a class that isn't the one written for lists. Only
 * the first {@value #TRIES} keys of a class are tried, because copying costs more than writing.
 *
 * <p>Thread-safe if the serializer is.
 */
final class KeyTrial {

  /** Keys of a class that must pass until the class is trusted. */
  static final int TRIES = 32;

  /** Only classes of the JDK among the values, or they would pin this class's own loader. */
  private static final ClassValue<AtomicInteger> PASSED =
      new ClassValue<>() {
        @Override
        protected AtomicInteger computeValue(Class<?> type) {
          return new AtomicInteger();
        }
      };

  private final Serializer serializer;

  KeyTrial(Serializer serializer) {
    this.serializer = serializer;
  }

  /**
   * Checks a key, unless enough of its class have passed.
   *
   * @param bytes the key's bytes
   * @throws CacheException if a copy of the key isn't equal, or gives other bytes
   */
  void check(Object key, byte[] bytes) {
    AtomicInteger passed = PASSED.get(key.getClass());
    if (passed.get() < TRIES) {
      tryOut(key, bytes);
      passed.incrementAndGet();
    }
  }

  private void tryOut(Object key, byte[] bytes) {
    Object copy;
    try {
      copy = serializer.deserialize(bytes, 0, bytes.length);
    } catch (CacheException e) {
      throw new CacheException(
          refused(key.getClass(), "it can't be read back: " + e.getMessage()).getMessage()
              + " (a List inside a key is read back as an ArrayList: declare such fields as List)",
          e);
    }
    if (!key.equals(copy) || !copy.equals(key) || key.hashCode() != copy.hashCode()) {
      throw refused(
          key.getClass(),
          "a serialized copy isn't equal to it, perhaps because equals compares an array by"
              + " identity, or a transient field; compare the contents of what is serialized");
    }
    if (!Arrays.equals(bytes, serializer.serializeKey(copy))
        || !Arrays.equals(bytes, serializer.serializeKey(key))) {
      throw refused(
          key.getClass(),
          "equal keys of this class have different serialized forms, perhaps because of a field"
              + " that equals overlooks; make such fields transient");
    }
  }

  /** Returns the error for a class of keys that is refused. */
  static CacheException refused(Class<?> type, String why) {
    return new CacheException("Class " + type.getName() + " can't be a cache key: " + why);
  }
}
