package org.memjcache.internal.config;

import java.lang.reflect.Modifier;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * A class that an option names. Immutable and thread-safe.
 *
 * @param name the class's name
 * @param place option and place, for errors
 */
public record NamedClass(String name, String place) {

  /**
   * Returns the class that an option names.
   *
   * @param purpose what it is for, for errors, with a comma in front; may be empty
   */
  static NamedClass of(SuppliedOption given, Option<String> option, String purpose) {
    return new NamedClass(
        given.valueOf(option), "option " + given.name() + " in " + given.place() + purpose);
  }

  /**
   * Returns the class.
   *
   * @param loader where to look first, before the thread's context class loader
   * @throws InvalidConfigurationException if neither finds it
   */
  Class<?> find(ClassLoader loader) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    Class<?> found = in(loader, name);
    if (found == null) {
      found = in(context, name);
    }
    if (found == null) {
      boolean isShort = name.indexOf('.') < 0 && in(null, "java.lang." + name) != null;
      throw new InvalidConfigurationException(
          "class "
              + ErrorText.of(name)
              + " of "
              + place
              + " was not found, neither by the cache manager's class loader "
              + loader
              + " nor by the thread's context class loader "
              + context
              + (isShort
                  ? "; did you mean 'java.lang." + name + "'?"
                  : "; expected the full name of a class"));
    }
    return found;
  }

  /**
   * Returns a factory of what the class makes, or is.
   *
   * @param loader where to look for the class first, before the thread's context class loader
   * @throws InvalidConfigurationException if the class isn't there, is neither a {@code type} nor a
   *     factory, or has no public constructor without parameters
   */
  public <T> Factory<T> factory(Class<T> type, ClassLoader loader) {
    Class<?> found = find(loader);
    if (!type.isAssignableFrom(found) && !Factory.class.isAssignableFrom(found)) {
      throw unfit(type, "is neither of these");
    }
    if (!isPublic(found)) {
      throw unfit(type, "has no such constructor that others can call");
    }
    return new NamedFactory<>(found, type);
  }

  private static boolean isPublic(Class<?> found) {
    try {
      return Modifier.isPublic(found.getModifiers())
          && !Modifier.isAbstract(found.getModifiers())
          && Modifier.isPublic(found.getConstructor().getModifiers());
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private InvalidConfigurationException unfit(Class<?> type, String why) {
    return new InvalidConfigurationException(
        "class "
            + ErrorText.of(name)
            + " of "
            + place
            + " "
            + why
            + "; expected a public "
            + type.getSimpleName()
            + " or Factory of one, with a public constructor without parameters");
  }

  private static @Nullable Class<?> in(@Nullable ClassLoader loader, String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /**
   * Makes what a configuration names by class: an instance of the class, or what a factory of this
   * class makes. Thread-safe.
   */
  private static final class NamedFactory<T> implements Factory<T> {
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
}
