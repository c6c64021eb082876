package org.memjcache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.memjcache.codec.Serializer;
import org.memjcache.config.CacheDefaults;
import org.memjcache.config.ManagerSettings;
import org.memjcache.config.NamedClass;

/**
 * The configuration of one cache: checked, and copied so that the caller's later changes don't
 * matter.
 *
 * <p>Thread-safe.
 */
final class CacheSettings<K, V> {

  private final MemcachedConfiguration<K, V> configuration;

  /**
   * Copies a configuration, and completes it.
   *
   * @param cacheName for errors
   * @param given what the program says
   * @param manager counts where the program says nothing
   * @param loader finds the classes that it names
   * @throws UnsupportedOperationException if it is to store by reference
   * @throws IllegalArgumentException if it contradicts itself
   */
  CacheSettings(
      String cacheName, Configuration<K, V> given, ManagerSettings manager, ClassLoader loader) {
    if (!given.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "The cache '"
              + cacheName
              + "' is configured to store by reference; values in memcached"
              + " are always stored by value: setStoreByValue(true)");
    }
    if (given instanceof CompleteConfiguration<K, V> complete) {
      configuration = new MemcachedConfiguration<>(complete);
    } else {
      configuration = new MemcachedConfiguration<>();
      configuration.setTypes(given.getKeyType(), given.getValueType());
    }
    CacheDefaults defaults = manager.caches().defaults(cacheName);
    defaults.complete(configuration, loader);
    complete(manager, defaults, loader);
    require(
        cacheName, "read", configuration.isReadThrough(), configuration.getCacheLoaderFactory());
    require(
        cacheName, "write", configuration.isWriteThrough(), configuration.getCacheWriterFactory());
  }

  private void complete(ManagerSettings manager, CacheDefaults defaults, ClassLoader loader) {
    Duration staleness = defaults.staleness(manager.staleness());
    if (configuration.getStaleness() == null && staleness.isZero()) {
      configuration.setStrict();
    } else if (configuration.getStaleness() == null) {
      configuration.setBounded(staleness);
    }
    if (configuration.getFailureMode() == null) {
      configuration.setFailureMode(defaults.failure(manager.failure()));
    }
    configuration.setRemoveAllCounted(defaults.countRemoveAll(configuration.isRemoveAllCounted()));
    NamedClass serializer =
        defaults.serializer() == null ? manager.serializer() : defaults.serializer();
    if (configuration.getSerializerFactory() == null && serializer != null) {
      configuration.setSerializerFactory(serializer.factory(Serializer.class, loader));
    }
    List<String> allowed = new ArrayList<>(manager.serializationAllow());
    allowed.addAll(configuration.getAllowedClasses());
    configuration.setAllowedClasses(allowed.toArray(String[]::new));
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
  synchronized MemcachedConfiguration<K, V> snapshot() {
    return new MemcachedConfiguration<>(configuration);
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
