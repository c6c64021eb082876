// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import org.jspecify.annotations.Nullable;

/**
 * What the keys and values of a cache must be (JSR-107, {@code MutableConfiguration#setTypes}).
 * Null is a {@link NullPointerException}, any other type a {@link ClassCastException}.
 */
public record EntryTypes<K, V>(Class<K> keyType, Class<V> valueType) {

  /**
   * Refuses other types than those that the cache was created with.
   *
   * @param cache its name for errors
   */
  public void requireSame(String cache, Class<?> askedKeyType, Class<?> askedValueType) {
    requireSame(cache, "key", keyType, askedKeyType);
    requireSame(cache, "value", valueType, askedValueType);
  }

  private static void requireSame(String cache, String role, Class<?> type, Class<?> asked) {
    if (!type.equals(asked)) {
      throw new ClassCastException(
          String.format(
              "The cache %s has the %s type %s, not %s",
              cache, role, type.getName(), asked.getName()));
    }
  }

  K requireKey(@Nullable K key) {
    return checked("key", keyType, key);
  }

  V requireValue(@Nullable V value) {
    return checked("value", valueType, value);
  }

  private static <T> T checked(String role, Class<T> type, @Nullable T object) {
    if (object == null) {
      throw new NullPointerException("The " + role + " is null");
    }
    if (!type.isInstance(object)) {
      throw new ClassCastException(
          String.format(
              "The cache takes a %s of type %s, not %s",
              role, type.getName(), object.getClass().getName()));
    }
    return object;
  }
}
