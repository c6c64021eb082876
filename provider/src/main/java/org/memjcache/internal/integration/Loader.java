// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import javax.cache.configuration.Factory;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;

/**
 * The cache loader of one cache, or its absence.
 *
 * <ul>
 *   <li>Every exception of the application's loader arrives as a {@link CacheLoaderException}: its
 *       own as it is, any other as the cause. An {@link Error} passes unchanged.
 *   <li>Absent, it finds nothing.
 *   <li>Thread-safe as far as the application's loader is; no lock is held while that runs.
 * </ul>
 *
 * <p>Source: javadoc of {@link CacheLoader} and {@link javax.cache.Cache#loadAll}.
 */
public final class Loader<K, V> implements AutoCloseable {
  private static final String ROLE = "cache loader";

  private static final Loader<?, ?> NONE = new Loader<>(null);

  private final @Nullable CacheLoader<K, V> loader;

  private Loader(@Nullable CacheLoader<K, V> loader) {
    this.loader = loader;
  }

  /**
   * Returns the loader that the factory creates, or an absent one if there is no factory.
   *
   * @throws javax.cache.CacheException if the factory fails or creates null
   */
  public static <K, V> Loader<K, V> of(@Nullable Factory<CacheLoader<K, V>> factory) {
    if (factory == null) {
      @SuppressWarnings("unchecked") // it loads nothing
      Loader<K, V> none = (Loader<K, V>) NONE;
      return none;
    }
    return new Loader<>(PluggableParts.create(factory, ROLE));
  }

  public boolean isPresent() {
    return loader != null;
  }

  /** Returns the value of a key, null if the loader has none or is absent. */
  public @Nullable V load(K key) {
    if (loader == null) {
      return null;
    }
    try {
      return loader.load(key);
    } catch (Exception e) {
      throw failure(loader, "load", e);
    }
  }

  /**
   * Loads the values of many keys by one call of the application's loader; by none if there are no
   * keys. Keys that the loader adds of its own are dropped, because a loaded value may be stored
   * only under the versions that were seen when its key was missed.
   *
   * @return an unmodifiable copy, in the order of the keys, without the keys that have no value
   */
  public Map<K, V> loadAll(Iterable<? extends K> keys) {
    Set<K> asked = new LinkedHashSet<>();
    keys.forEach(asked::add);
    if (loader == null || asked.isEmpty()) {
      return Map.of();
    }
    try {
      return taken(asked, loader.loadAll(new LinkedHashSet<>(asked)));
    } catch (Exception e) {
      throw failure(loader, "loadAll", e);
    }
  }

  private Map<K, V> taken(Set<K> asked, @Nullable Map<K, V> loaded) {
    if (loaded == null) {
      throw new CacheLoaderException(
          "The cache loader returned null from loadAll, expected a map (empty if nothing is"
              + " found)");
    }
    Map<K, V> taken = new LinkedHashMap<>();
    for (K key : asked) {
      V value = loaded.get(key);
      if (value != null) {
        taken.put(key, value);
      }
    }
    return Collections.unmodifiableMap(taken);
  }

  private static CacheLoaderException failure(Object loader, String method, Exception e) {
    return e instanceof CacheLoaderException own
        ? own
        : new CacheLoaderException(
            "The cache loader failed in " + method + ": " + loader.getClass().getName(), e);
  }

  /** Closes the application's loader if it is {@link AutoCloseable}. Exceptions are logged. */
  @Override
  public void close() {
    PluggableParts.close(loader, ROLE);
  }
}
