package org.memjcache;

import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.config.CacheDefaults;

/**
 * The configuration of one cache: checked, and copied so that the caller's later changes don't
 * matter.
 *
 * <p>Thread-safe.
 */
final class CacheSettings<K, V> {

  private final MutableConfiguration<K, V> configuration;

  /**
   * Copies a configuration, and completes it.
   *
   * @param cacheName for errors
   * @param given what the program says
   * @param defaults count where the program says nothing
   * @param loader finds the classes that they name
   * @throws UnsupportedOperationException if it is to store by reference
   * @throws IllegalArgumentException if it contradicts itself
   */
  CacheSettings(
      String cacheName, Configuration<K, V> given, CacheDefaults defaults, ClassLoader loader) {
    if (!given.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "The cache '"
              + cacheName
              + "' is configured to store by reference; values in memcached"
              + " are always stored by value: setStoreByValue(true)");
    }
    if (given instanceof CompleteConfiguration<K, V> complete) {
      configuration = new MutableConfiguration<>(complete);
    } else {
      configuration = new MutableConfiguration<>();
      configuration.setTypes(given.getKeyType(), given.getValueType());
    }
    defaults.complete(configuration, loader);
    require(
        cacheName, "read", configuration.isReadThrough(), configuration.getCacheLoaderFactory());
    require(
        cacheName, "write", configuration.isWriteThrough(), configuration.getCacheWriterFactory());
  }

  private static void require(
      String cacheName, String direction, boolean through, @Nullable Object factory) {
    if (through && factory == null) {
      throw new IllegalArgumentException(
          "The cache '"
              + cacheName
              + "' is configured for "
              + direction
              + "-through without a cache "
              + (direction.equals("read") ? "loader" : "writer")
              + " factory");
    }
  }

  /** Returns the configuration as it is now, which nobody changes any more. */
  synchronized MutableConfiguration<K, V> snapshot() {
    return new MutableConfiguration<>(configuration);
  }

  synchronized void setStatisticsEnabled(boolean enabled) {
    configuration.setStatisticsEnabled(enabled);
  }

  synchronized void setManagementEnabled(boolean enabled) {
    configuration.setManagementEnabled(enabled);
  }

  synchronized void addListener(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.addCacheEntryListenerConfiguration(listener);
  }

  synchronized void removeListener(CacheEntryListenerConfiguration<K, V> listener) {
    configuration.removeCacheEntryListenerConfiguration(listener);
  }
}
