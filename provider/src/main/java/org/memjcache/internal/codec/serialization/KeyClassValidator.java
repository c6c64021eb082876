// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.File;
import java.io.ObjectStreamClass;
import java.io.ObjectStreamField;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which classes can be a key, or part of one: those whose equal objects have equal serialized
 * forms, as far as a class can tell. {@link KeyCollections} decides on lists, sets and maps.
 *
 * <p>What a class can't tell is the application's duty (docs/serialization.md): that {@code equals}
 * compares what is serialized, all of it and nothing else.
 *
 * <p>Decisions are remembered with the class itself, so they keep no class loader alive.
 * Thread-safe.
 */
public final class KeyClassValidator {

  private static final String INSTEAD =
      "use a String, number, UUID, enum, List or record of such instead";

  /** Classes of the JDK whose {@code equals} says equal where the serialized form differs. */
  private static final List<Map.Entry<Class<?>, String>> KNOWN =
      List.of(
          Map.entry(
              Date.class,
              "a java.util.Date of the same instant says that it is equal, but not the other way"
                  + " round; use java.time.Instant, LocalDate or LocalTime, or java.util.Date"
                  + " itself"),
          Map.entry(
              BigInteger.class,
              "it can be equal to a BigInteger of another class; use java.math.BigInteger itself"),
          Map.entry(
              BigDecimal.class,
              "it can be equal to a BigDecimal of another class; use java.math.BigDecimal itself"),
          Map.entry(
              URI.class,
              "equal URIs can differ in upper and lower case; use uri.toString() instead"),
          Map.entry(URL.class, "its equals asks the network; use url.toString() instead"),
          Map.entry(
              File.class, "its equals depends on the operating system; use file.getPath() instead"),
          Map.entry(
              InetAddress.class,
              "equal addresses can differ in the host name; use getHostAddress() instead"),
          Map.entry(
              InetSocketAddress.class,
              "equal addresses can differ in the host name; use a String of address and port"
                  + " instead"),
          Map.entry(
              BitSet.class,
              "equal bit sets can differ in capacity; use List.of(...) of bitSet.toLongArray()"),
          Map.entry(
              Calendar.class,
              "equal calendars can differ in fields not yet computed; use java.time instead"),
          Map.entry(
              StackTraceElement.class,
              "equal ones can differ in what is shown; use element.toString() instead"),
          Map.entry(TimeZone.class, "its state can change; use java.time.ZoneId instead"));

  /** Those that are fine themselves, while their subclasses are not. */
  private static final Set<Class<?>> EXACT = Set.of(Date.class, BigInteger.class, BigDecimal.class);

  /** Those whose subclasses may override {@code equals} and so be keys. */
  private static final Set<Class<?>> ONLY_ITSELF = Set.of(File.class, BitSet.class);

  /** Only classes of the JDK among the values, or they would pin this class's own loader. */
  private static final ClassValue<Optional<String>> REFUSALS =
      remember(type -> Optional.ofNullable(judge(type)));

  private static final ClassValue<Optional<String>> FIELD_REFUSALS =
      remember(type -> Optional.ofNullable(judgeFields(type)));

  private static final ClassValue<Boolean> STAND_INS =
      remember(KeyClassValidator::declaresReadResolve);

  private static final ClassValue<Boolean> TRANSIENT =
      remember(KeyClassValidator::declaresTransientField);

  private KeyClassValidator() {}

  private static <T> ClassValue<T> remember(Function<Class<?>, T> decision) {
    return new ClassValue<>() {
      @Override
      protected T computeValue(Class<?> type) {
        return decision.apply(type);
      }
    };
  }

  /** Returns why objects of this class can't be keys and what to use instead, or null. */
  public static @Nullable String refusal(Class<?> type) {
    return REFUSALS.get(type).orElse(null);
  }

  /**
   * Returns also what only Java serialization of keys, with its one form for collections, refuses.
   */
  static @Nullable String refusalOfJava(Class<?> type) {
    String refusal = refusal(type);
    return refusal == null ? FIELD_REFUSALS.get(type).orElse(null) : refusal;
  }

  /**
   * Returns whether objects of this class are replaced by others when read ({@code readResolve}),
   * as the serialized forms of {@code java.time} and {@code List.of} are.
   */
  static boolean isStandIn(Class<?> type) {
    return STAND_INS.get(type);
  }

  /**
   * Returns whether a class of an application has a transient field that {@code equals} may
   * compare. A transient {@code int} doesn't count: it keeps a hash code.
   */
  static boolean hasTransientState(Class<?> type) {
    return TRANSIENT.get(type);
  }

  private static @Nullable String judge(Class<?> type) {
    if (type.isArray()) {
      return "an array is equal only to itself; " + INSTEAD;
    }
    String known = judgeKnown(type);
    if (known != null) {
      return known;
    }
    if (isStandIn(type)) {
      return null;
    }
    if (inherits(type, Object.class, "equals", Object.class)) {
      return "it doesn't override equals, so it is equal only to itself; " + INSTEAD;
    }
    if (inherits(type, Object.class, "hashCode")) {
      return "it overrides equals but not hashCode; " + INSTEAD;
    }
    return type.isRecord() ? judgeRecord(type) : null;
  }

  /** The equals of a record that doesn't declare one is final, and compares arrays by identity. */
  private static @Nullable String judgeRecord(Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      if (component.getType().isArray()
          && Modifier.isFinal(publicMethod(type, "equals", Object.class).getModifiers())) {
        return "it compares the array '"
            + component.getName()
            + "' by identity; use a List instead";
      }
    }
    return null;
  }

  private static @Nullable String judgeFields(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      ObjectStreamClass description = ObjectStreamClass.lookup(c);
      if (description == null) {
        continue;
      }
      for (ObjectStreamField field : description.getFields()) {
        Class<?> written = formOf(field.getType());
        if (written != null && !field.getType().isAssignableFrom(written)) {
          return "its field '"
              + field.getName()
              + "' is a "
              + field.getType().getName()
              + ", but that is read back as a "
              + written.getName()
              + " inside a key; declare such fields as List, Set or Map";
        }
      }
    }
    return null;
  }

  /** Returns the class that {@link KeyCollections} turns objects of such a field into, or null. */
  private static @Nullable Class<?> formOf(Class<?> declared) {
    if (List.class.isAssignableFrom(declared)) {
      return ArrayList.class;
    }
    if (Set.class.isAssignableFrom(declared)) {
      return LinkedHashSet.class;
    }
    if (Map.class.isAssignableFrom(declared)) {
      return LinkedHashMap.class;
    }
    return Map.Entry.class.isAssignableFrom(declared)
        ? AbstractMap.SimpleImmutableEntry.class
        : null;
  }

  private static @Nullable String judgeKnown(Class<?> type) {
    if (EXACT.contains(type)) {
      return null;
    }
    for (Map.Entry<Class<?>, String> known : KNOWN) {
      if (known.getKey().isAssignableFrom(type)
          && (known.getKey() == type || !ONLY_ITSELF.contains(known.getKey()))) {
        return known.getValue();
      }
    }
    return null;
  }

  private static boolean inherits(
      Class<?> type, Class<?> from, String method, Class<?>... parameters) {
    return publicMethod(type, method, parameters).getDeclaringClass() == from;
  }

  private static Method publicMethod(Class<?> type, String method, Class<?>... parameters) {
    try {
      return type.getMethod(method, parameters);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("Every object has a method " + method, e);
    }
  }

  private static boolean declaresReadResolve(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      for (Method method : c.getDeclaredMethods()) {
        if (method.getName().equals("readResolve") && method.getParameterCount() == 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean declaresTransientField(Class<?> type) {
    for (Class<?> c = type; c != null && c.getClassLoader() != null; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isTransient(modifiers)
            && !Modifier.isStatic(modifiers)
            && field.getType() != int.class) {
          return true;
        }
      }
    }
    return false;
  }
}
