package org.memjcache;

import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of one cache: checked, and copied so that the caller's later changes don't
 * matter.
 *
 * <p>Thread-safe.
 */
final class CacheSettings<K, V> {

  private final MutableConfiguration<K, V> configuration;

  /**
   * Copies a configuration.
   *
   * @throws UnsupportedOperationException if it is to store by reference
   * @throws IllegalArgumentException if it contradicts itself
   */
  CacheSettings(String cacheName, Configuration<K, V> given) {
    if (!given.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "The cache '"
              + cacheName
              + "' is configured to store by reference; values in memcached"
              + " are always stored by value: setStoreByValue(true)");
    }
    if (given instanceof CompleteConfiguration<K, V> complete) {
      configuration = new MutableConfiguration<>(complete);
      require(cacheName, "read", complete.isReadThrough(), complete.getCacheLoaderFactory());
      require(cacheName, "write", complete.isWriteThrough(), complete.getCacheWriterFactory());
    } else {
      configuration = new MutableConfiguration<>();
      configuration.setTypes(given.getKeyType(), given.getValueType());
    }
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
