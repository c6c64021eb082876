// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.text.ErrorText;

/** Finds classes by name, primitive types included. Thread-safe if the class loaders are. */
final class ClassResolver {

  static final Map<String, Class<?>> PRIMITIVES =
      Stream.of(
              boolean.class,
              byte.class,
              char.class,
              short.class,
              int.class,
              long.class,
              float.class,
              double.class,
              void.class)
          .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

  private final ClassLookup lookup;

  ClassResolver(ClassLookup lookup) {
    this.lookup = lookup;
  }

  /**
   * Returns the class with this name.
   *
   * @param name as {@link Class#getName} gives it, arrays and primitive types included
   * @throws CacheException if there is none; names the class loaders
   */
  Class<?> find(String name) {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    Class<?> found = lookup.find(name);
    if (found == null) {
      throw new CacheException(
          "Class "
              + ErrorText.message(name)
              + " was not found, "
              + lookup
              + "; give the cache manager a class loader that knows it");
    }
    return found;
  }
}
