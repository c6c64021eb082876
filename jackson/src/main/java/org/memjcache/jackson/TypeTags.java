// SPDX-License-Identifier: Apache-2.0
package org.memjcache.jackson;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.SerializerContext;

/**
 * The names of classes in JSON, of allowed ones only. Collections that the JDK keeps to itself,
 * such as what {@code List.of} returns, are named as a public class of the same kind. Thread-safe.
 */
final class TypeTags {

  /** What holds the name of an object's class. */
  static final String PROPERTY = "@class";

  private final SerializerContext context;
  private final Set<Class<?>> allowed = ConcurrentHashMap.newKeySet();

  TypeTags(SerializerContext context) {
    this.context = context;
  }

  /** Returns the name that is written for a value. */
  String nameOf(Object value) {
    Enum<?> constant = constantOf(value);
    if (value instanceof EnumSet && constant != null) {
      return EnumSet.class.getName() + "<" + nameOf(constant) + ">";
    }
    if (value instanceof EnumMap && constant != null) {
      return EnumMap.class.getName() + "<" + nameOf(constant) + ">";
    }
    Class<?> type = constant != null ? constant.getDeclaringClass() : constructible(value);
    if (!allowed.contains(type)) {
      context.findClass(type.getName());
      allowed.add(type);
    }
    return type.getName();
  }

  /** Returns the value, or the first element or key, if that is of an enum; else null. */
  private static @Nullable Enum<?> constantOf(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant;
    }
    if (value instanceof EnumSet<?> set) {
      return set.isEmpty() ? null : set.iterator().next();
    }
    return value instanceof EnumMap<?, ?> map && !map.isEmpty()
        ? map.keySet().iterator().next()
        : null;
  }

  private static Class<?> constructible(Object value) {
    Class<?> type = value.getClass();
    boolean isHidden =
        type.getName().startsWith("java.util.") && (!isPublic(type) || value instanceof EnumMap);
    if (!isHidden) {
      return type;
    }
    if (value instanceof List) {
      return ArrayList.class;
    }
    if (value instanceof SortedSet) {
      return TreeSet.class;
    }
    if (value instanceof Set) {
      return LinkedHashSet.class;
    }
    if (value instanceof SortedMap) {
      return TreeMap.class;
    }
    return value instanceof Map ? LinkedHashMap.class : type;
  }

  private static boolean isPublic(Class<?> type) {
    for (Class<?> one = type; one != null; one = one.getEnclosingClass()) {
      if (!Modifier.isPublic(one.getModifiers())) {
        return false;
      }
    }
    return true;
  }

  /** Says why a key of a map is refused whose type is declared nowhere. */
  static String keyRefused(Object key) {
    return "a key of "
        + key.getClass().getName()
        + " in a map whose type isn't declared would be read back as a text; expected keys of"
        + " String, or a property or a cache that declares the type of the keys";
  }

  boolean isAllowed(String name) {
    try {
      context.findClass(name);
      return true;
    } catch (CacheException e) {
      return false;
    }
  }

  /**
   * A class that was named.
   *
   * @param constants the enum of the elements or keys, if it is an {@code EnumSet} or {@code
   *     EnumMap}
   */
  record Named(Class<?> type, @Nullable Class<?> constants) {}

  /** Returns what a name that was read stands for. */
  Named find(String name) {
    int bracket = name.indexOf('<');
    String type = bracket < 0 ? name : name.substring(0, bracket);
    boolean hasConstants =
        type.equals(EnumSet.class.getName()) || type.equals(EnumMap.class.getName());
    return hasConstants && name.endsWith(">")
        ? new Named(
            context.findClass(type),
            context.findClass(name.substring(bracket + 1, name.length() - 1)))
        : new Named(context.findClass(name), null);
  }
}
