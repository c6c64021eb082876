package org.memjcache.internal.codec.serialization;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Finds classes by name without initializing them: first in a given class loader, then in the
 * thread's context class loader.
 *
 * <p>Thread-safe if the class loader is.
 */
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

  private final @Nullable ClassLoader loader;

  /** Looks in {@code loader} first; null is the loader of the JDK's own classes. */
  ClassResolver(@Nullable ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * Returns the class with this name.
   *
   * @param name as {@link Class#getName} gives it, arrays and primitive types included
   * @throws CacheException if there is none; names both class loaders
   */
  Class<?> find(String name) {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError first) {
      ClassLoader context = Thread.currentThread().getContextClassLoader();
      try {
        return Class.forName(name, false, context);
      } catch (ClassNotFoundException | LinkageError second) {
        first.addSuppressed(second);
        throw new CacheException(
            "Class "
                + name
                + " was not found, neither by the cache manager's class loader "
                + loader
                + " nor by the thread's context class loader "
                + context
                + "; give the cache manager a class loader that knows it",
            first);
      }
    }
  }
}
