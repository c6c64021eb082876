// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists, sets, maps and map entries in keys: which of them are equal to all that have the same
 * content and to nothing else, and the one form that they are written in.
 *
 * <p>For a list that holds whatever its class. For the others it holds for the JDK's own classes,
 * but for those that compare by identity or by a comparator; all others are refused, since {@code
 * a.equals(b)} need not say the same as {@code b.equals(a)}.
 *
 * <p>Stateless.
 */
public final class KeyCollections {

  /** Whoever can write to memcached could list larger ones, with hash codes that collide. */
  public static final int MOST_ELEMENTS = 10_000;

  private static final Set<String> PACKAGES = Set.of("java.util", "java.util.concurrent");

  /** Those that hold what they are made of, and not a place in a map. */
  private static final Set<String> ENTRIES =
      Set.of(
          AbstractMap.SimpleEntry.class.getName(),
          AbstractMap.SimpleImmutableEntry.class.getName(),
          "java.util.KeyValueHolder");

  /** Their equals is that of the set or map behind them. */
  private static final Pattern VIEW =
      Pattern.compile(
          "java\\.util\\.Collections\\$(Unmodifiable|Synchronized|Checked|\\w*SetFromMap).*");

  /** What immutable collections and enum sets are written as. */
  private static final Set<String> STAND_INS =
      Set.of("java.util.CollSer", "java.util.EnumSet$SerializationProxy");

  private KeyCollections() {}

  /** Returns whether an object counts by its elements. */
  public static boolean include(Object object) {
    return object instanceof List
        || object instanceof Set
        || object instanceof Map
        || object instanceof Map.Entry;
  }

  /** Returns why a list, set, map or map entry can't be part of a key and what to do, or null. */
  public static @Nullable String refusal(Object collection) {
    if (collection instanceof List) {
      return null;
    }
    if (collection instanceof Map.Entry) {
      return ENTRIES.contains(collection.getClass().getName())
          ? null
          : "it may not be equal to all entries with the same content; use Map.entry(key, value)";
    }
    boolean isSet = collection instanceof Set;
    Collection<?> keys = isSet ? (Set<?>) collection : ((Map<?, ?>) collection).keySet();
    String instead = "copy it into a java.util." + (isSet ? "HashSet" : "HashMap");
    if (!isJdkType(collection)) {
      return "it may not be equal to all "
          + (isSet ? "sets" : "maps")
          + " with the same content; "
          + instead;
    }
    if (keys.size() > MOST_ELEMENTS) {
      return "it has more than " + MOST_ELEMENTS + " elements; use a String";
    }
    if (collection instanceof IdentityHashMap) {
      return "it compares by identity; " + instead;
    }
    String refusal = judgeOrder(collection, keys);
    return refusal != null ? refusal + "; " + instead : judgeView(collection, instead);
  }

  private static boolean isJdkType(Object collection) {
    Class<?> type = collection.getClass();
    return type.getClassLoader() == null
        && PACKAGES.contains(type.getPackageName())
        && collection instanceof Serializable;
  }

  private static @Nullable String judgeOrder(Object collection, Collection<?> keys) {
    Comparator<?> order;
    if (collection instanceof SortedSet<?> set) {
      order = set.comparator();
    } else if (collection instanceof SortedMap<?, ?> map) {
      order = map.comparator();
    } else {
      return null;
    }
    if (order != null
        && order != Comparator.naturalOrder()
        && order != Collections.reverseOrder()) {
      return "it compares by a comparator instead of equals";
    }
    for (Object key : keys) {
      if (key instanceof BigDecimal) {
        return "its order takes the numbers 1.0 and 1.00 for the same";
      }
    }
    return null;
  }

  private static @Nullable String judgeView(Object collection, String instead) {
    if (!VIEW.matcher(collection.getClass().getName()).matches()) {
      return null;
    }
    Object behind = FirstReference.of(collection);
    if (behind == null || STAND_INS.contains(behind.getClass().getName())) {
      return null;
    }
    String refusal = include(behind) ? refusal(behind) : "it is not serializable; " + instead;
    return refusal == null
        ? null
        : "it is a view of a " + behind.getClass().getName() + ", and " + refusal;
  }

  /**
   * Returns a copy in the form of all that equal a list, set, map or map entry: of one class, and
   * in the order of the forms of its elements.
   *
   * @param form returns the bytes of an element, the same for equal ones
   */
  static Object copy(Object collection, Function<@Nullable Object, byte[]> form) {
    if (collection instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (collection instanceof Map.Entry<?, ?> entry) {
      return new AbstractMap.SimpleImmutableEntry<>(entry);
    }
    if (collection instanceof Set<?> set) {
      Set<@Nullable Object> copy = new LinkedHashSet<>(capacity(set.size()));
      copy.addAll(inOrder(set, form));
      return copy;
    }
    Map<?, ?> map = (Map<?, ?>) collection;
    Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>(capacity(map.size()));
    Function<Map.Entry<?, ?>, byte[]> formOfKey = entry -> form.apply(entry.getKey());
    for (Map.Entry<?, ?> entry : inOrder(map.entrySet(), formOfKey)) {
      copy.put(entry.getKey(), entry.getValue());
    }
    return copy;
  }

  /** It is written, too, and what the JDK would choose differs from version to version. */
  private static int capacity(int size) {
    return 4 * Integer.highestOneBit(Math.max(4, size));
  }

  private static <T extends @Nullable Object> Collection<? extends T> inOrder(
      Collection<? extends T> elements, Function<T, byte[]> form) {
    if (elements.size() < 2) {
      return elements;
    }
    record Element<T extends @Nullable Object>(T object, ByteBuffer form) {}
    List<Element<T>> sorted = new ArrayList<>(elements.size());
    for (T element : elements) {
      sorted.add(new Element<>(element, ByteBuffer.wrap(form.apply(element))));
    }
    sorted.sort(Comparator.comparing(Element::form));
    List<T> ordered = new ArrayList<>(sorted.size());
    sorted.forEach(element -> ordered.add(element.object));
    return ordered;
  }

  /** Takes the first object that another one would write, which for a view is what it shows. */
  private static final class FirstReference extends ObjectOutputStream {
    private boolean rootSeen;
    private @Nullable Object first;

    FirstReference() throws IOException {
      super(OutputStream.nullOutputStream());
      enableReplaceObject(true);
    }

    static @Nullable Object of(Object view) {
      try (FirstReference out = new FirstReference()) {
        out.writeObject(view);
        return out.first;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    protected @Nullable Object replaceObject(Object object) {
      if (!rootSeen) {
        rootSeen = true;
        return object;
      }
      first = first == null ? object : first;
      return null;
    }
  }
}
