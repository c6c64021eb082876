// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Values that live as long as the class loader that each belongs to, and don't keep it from being
 * collected, although they refer to it.
 *
 * <p>The value of a {@link WeakHashMap} may not refer to its key. So the class loader itself is
 * made to hold the value, by a class that is defined in it, and this map holds it weakly. If the
 * class loader can't be dropped before this library, as it loaded it or a parent of it, this map
 * holds the value as usual.
 *
 * <p>Not thread-safe.
 *
 * @param <T> the type of values
 */
public final class ByClassLoader<T> {

  /**
   * A value that belongs to a class loader.
   *
   * @param anchored whether the class loader holds it
   * @param value gives it, or null when it was collected
   */
  private record Held<T>(boolean anchored, Supplier<@Nullable T> value) {}

  private final Map<ClassLoader, Held<T>> held = new WeakHashMap<>();

  private final ClassValue<AtomicReference<@Nullable T>> anchored =
      new ClassValue<>() {
        @Override
        protected AtomicReference<@Nullable T> computeValue(Class<?> anchor) {
          return new AtomicReference<>();
        }
      };

  /** Returns whether a class loader may be collected while this library is in use. */
  public static boolean canBeDropped(ClassLoader loader) {
    ClassLoader own = ByClassLoader.class.getClassLoader();
    while (own != null && own != loader) {
      own = own.getParent();
    }
    return own == null && loader != ClassLoader.getSystemClassLoader();
  }

  public @Nullable T get(ClassLoader loader) {
    Held<T> known = held.get(loader);
    return known == null ? null : known.value.get();
  }

  public void put(ClassLoader loader, T value) {
    Class<?> anchor = canBeDropped(loader) ? anchor(loader) : null;
    if (anchor == null) {
      held.put(loader, new Held<>(false, () -> value));
    } else {
      anchored.get(anchor).set(value);
      held.put(loader, new Held<>(true, new WeakReference<>(value)::get));
    }
  }

  /** Removes the value of a class loader, if there is one. */
  public void remove(ClassLoader loader) {
    Held<T> removed = held.remove(loader);
    if (removed != null && removed.anchored) {
      anchored.remove(Objects.requireNonNull(anchor(loader)));
    }
  }

  /** Returns all values. */
  public List<T> values() {
    return held.values().stream().map(each -> each.value.get()).filter(Objects::nonNull).toList();
  }

  /** Returns a class that is defined in a class loader, the same each time; null if it can't be. */
  private static @Nullable Class<?> anchor(ClassLoader loader) {
    try {
      return Proxy.newProxyInstance(
              loader, new Class<?>[] {Runnable.class}, (proxy, method, arguments) -> null)
          .getClass();
    } catch (RuntimeException | LinkageError e) { // a class loader that defines nothing
      return null;
    }
  }
}
