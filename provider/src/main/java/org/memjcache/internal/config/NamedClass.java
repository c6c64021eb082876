// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.lang.reflect.Modifier;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.text.ErrorText;

/**
 * A class that an option names. Immutable and thread-safe.
 *
 * @param place option and place, for errors
 */
record NamedClass(String name, String place) {

  /**
   * Returns the class that an option names.
   *
   * @param purpose what it is for, for errors, with a comma in front; may be empty
   */
  static NamedClass of(SuppliedOption given, String purpose) {
    return new NamedClass(
        given.value().toString(), "option " + given.name() + " in " + given.place() + purpose);
  }

  /** Returns the class. */
  Class<?> find(ClassLookup classes) {
    Class<?> found = classes.find(name);
    if (found == null) {
      boolean isShort = name.indexOf('.') < 0 && classes.find("java.lang." + name) != null;
      throw invalid(
          "class %s of %s was not found, %s; %s",
          ErrorText.of(name),
          place,
          classes,
          isShort ? "did you mean 'java.lang." + name + "'?" : "expected the full name of a class");
    }
    return found;
  }

  /** Returns a factory of what the class makes, or is. */
  <T> Factory<T> factory(Class<T> type, ClassLookup classes) {
    Class<?> found = find(classes);
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
    return invalid(
        "class %s of %s %s; expected a public %s or Factory of one, with a public constructor"
            + " without parameters",
        ErrorText.of(name), place, why, type.getSimpleName());
  }

  /** Makes an instance of a class, or what a factory of this class makes. Thread-safe. */
  private record NamedFactory<T>(Class<?> named, Class<T> type) implements Factory<T> {

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
    public String toString() {
      return "Factory of " + named.getName();
    }
  }
}
