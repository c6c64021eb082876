package org.memjcache.internal.config;

import javax.cache.CacheException;
import javax.cache.configuration.Factory;

/**
 * Makes what a configuration names by class: an instance of the class, or what a factory of this
 * class makes. Thread-safe.
 *
 * @param <T> what is made
 */
final class NamedFactory<T> implements Factory<T> {
  private static final long serialVersionUID = 1L;

  private final Class<?> named;
  private final Class<T> type;

  /** Makes a factory; {@code named} has a public constructor without parameters. */
  NamedFactory(Class<?> named, Class<T> type) {
    this.named = named;
    this.type = type;
  }

  @Override
  public T create() {
    try {
      Object made = named.getConstructor().newInstance();
      Object wanted =
          made instanceof Factory<?> factory && !type.isInstance(made) ? factory.create() : made;
      return type.cast(wanted);
    } catch (ReflectiveOperationException | ClassCastException e) {
      throw new CacheException(
          "Class " + named.getName() + " can't make a " + type.getSimpleName(), e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NamedFactory<?> factory
        && named.equals(factory.named)
        && type.equals(factory.type);
  }

  @Override
  public int hashCode() {
    return named.hashCode();
  }

  @Override
  public String toString() {
    return "Factory of " + named.getName();
  }
}
