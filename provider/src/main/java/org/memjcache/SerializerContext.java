// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import javax.cache.CacheException;

/**
 * What a cache tells its {@link Serializer}: the types that it declares, and the classes that its
 * values may have.
 *
 * <p>Thread-safe.
 */
public interface SerializerContext {

  /** {@return the type of keys that the cache declares} {@code Object} if it declares none. */
  Class<?> keyType();

  /** {@return the type of values that the cache declares} {@code Object} if it declares none. */
  Class<?> valueType();

  /**
   * Returns a class that the bytes of a value name. It is allowed and looked up as in Java
   * serialization: the cache's types, value types and collections of the JDK, and what the option
   * {@code serialization.allow} names. A class that isn't allowed is not even loaded.
   *
   * @param name the binary name of a class; need not be trusted
   * @return the class, not initialized
   * @throws CacheException if the class isn't allowed, with the option that allows it, or is
   *     missing
   */
  Class<?> findClass(String name);

  /**
   * {@return the serializer that the cache would use without its own} Java serialization behind the
   * allow-list, which has one form for equal keys.
   */
  Serializer javaSerializer();
}
