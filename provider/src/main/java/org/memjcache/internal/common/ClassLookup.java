// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where classes and resources are looked up by name: in the class loaders of declared types, then
 * in the cache manager's if the application gave it one, then in the calling thread's context class
 * loader, and in this library's own at last. An application may have its own version of a class
 * that this library's class loader knows, too, so that one must not win over any other.
 *
 * <p>No class is initialized. Immutable, and thread-safe if the class loaders are.
 */
public final class ClassLookup {

  private static final ClassLoader OWN = ClassLookup.class.getClassLoader();

  private final List<ClassLoader> ofTypes;
  private final @Nullable ClassLoader ofManager;

  private ClassLookup(List<ClassLoader> ofTypes, @Nullable ClassLoader ofManager) {
    this.ofTypes = List.copyOf(ofTypes);
    this.ofManager = ofManager;
  }

  /**
   * Returns the look-up of a cache manager.
   *
   * @param ofManager its class loader; null, and this library's own, stand for none: the latter is
   *     what a provider has to take when it is given none
   */
  public static ClassLookup of(@Nullable ClassLoader ofManager) {
    return new ClassLookup(List.of(), OWN.equals(ofManager) ? null : ofManager);
  }

  /** Returns a look-up that asks the class loaders of these types first. */
  public ClassLookup withTypes(Class<?>... types) {
    List<ClassLoader> loaders = new ArrayList<>(ofTypes);
    for (Class<?> type : types) {
      ClassLoader loader = type.getClassLoader();
      // All others know the classes of the JDK, too.
      if (loader != null && loader != ClassLoader.getPlatformClassLoader()) {
        loaders.add(loader);
      }
    }
    return loaders.size() == ofTypes.size() ? this : new ClassLookup(loaders, ofManager);
  }

  /** Returns the class with this name as {@link Class#getName} has it, or null. */
  public @Nullable Class<?> find(String name) {
    return first(loader -> in(loader, name));
  }

  /** Returns the resource with this name, or null. */
  public @Nullable URL resource(String name) {
    return first(loader -> loader.getResource(name));
  }

  private <T> @Nullable T first(Function<ClassLoader, @Nullable T> lookup) {
    for (ClassLoader loader : ofTypes) {
      T found = lookup.apply(loader);
      if (found != null) {
        return found;
      }
    }
    T found = ofManager == null ? null : lookup.apply(ofManager);
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (found == null && context != null) {
      found = lookup.apply(context);
    }
    return found == null ? lookup.apply(OWN) : found;
  }

  private static @Nullable Class<?> in(ClassLoader loader, String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /** Says where a class or resource was looked for and not found, for errors. */
  @Override
  public String toString() {
    return "neither "
        + (ofTypes.isEmpty()
            ? ""
            : "by the class loaders of the declared types " + ofTypes + " nor ")
        + (ofManager == null ? "" : "by the cache manager's class loader " + ofManager + " nor ")
        + "by the thread's context class loader "
        + Thread.currentThread().getContextClassLoader()
        + " nor by the class loader of MemJCache "
        + OWN;
  }
}
