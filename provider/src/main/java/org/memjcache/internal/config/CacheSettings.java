package org.memjcache.internal.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.expiry.EternalExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.Serializer;

/**
 * The configuration of one cache: checked, and copied so that the caller's later changes don't
 * matter.
 *
 * <p>Thread-safe.
 */
public final class CacheSettings<K, V> {

  /** Never changed, only replaced: other caches may have the same. */
  private volatile MemcachedConfiguration<K, V> configuration;

  /**
   * Copies a configuration, and completes it.
   *
   * @param cacheName for errors
   * @throws UnsupportedOperationException if it is to store by reference
   * @throws IllegalArgumentException if it contradicts itself
   */
  public CacheSettings(
      String cacheName, Configuration<K, V> given, ManagerSettings manager, ClassLoader loader) {
    if (!given.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "The cache '"
              + cacheName
              + "' is configured to store by reference; values in memcached"
              + " are always stored by value: setStoreByValue(true)");
    }
    MemcachedConfiguration<K, V> copy;
    if (given instanceof CompleteConfiguration<K, V> complete) {
      copy = new MemcachedConfiguration<>(complete);
    } else {
      copy = new MemcachedConfiguration<>();
      copy.setTypes(given.getKeyType(), given.getValueType());
    }
    requireOneExpiry(cacheName, copy);
    CacheDefaults defaults = manager.caches().defaults(cacheName);
    defaults.complete(copy, loader);
    complete(copy, manager, defaults, loader);
    require(cacheName, "read", copy.isReadThrough(), copy.getCacheLoaderFactory());
    require(cacheName, "write", copy.isWriteThrough(), copy.getCacheWriterFactory());
    configuration = SharedSettings.share(copy);
  }

  private static void complete(
      MemcachedConfiguration<?, ?> configuration,
      ManagerSettings manager,
      CacheDefaults defaults,
      ClassLoader loader) {
    Duration staleness = defaults.staleness(manager.staleness());
    if (configuration.getStaleness() == null && staleness.isZero()) {
      configuration.setStrict();
    } else if (configuration.getStaleness() == null) {
      configuration.setBounded(staleness);
    }
    if (configuration.getFailureMode() == null) {
      configuration.setFailureMode(defaults.failure(manager.failure()));
    }
    if (configuration.getUnreadableMode() == null) {
      configuration.setUnreadableMode(defaults.unreadable(manager.unreadable()));
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

  private static void requireOneExpiry(
      String cacheName, MemcachedConfiguration<?, ?> configuration) {
    if (configuration.getEntryExpiryFactory() != null
        && !configuration.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
      throw new IllegalArgumentException(
          "The cache '"
              + cacheName
              + "' is configured with an expiry policy and an entry expiry; expected one of"
              + " setExpiryPolicyFactory and setEntryExpiryFactory");
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

  /** Returns the configuration as it is now. Callers must not change it. */
  public MemcachedConfiguration<K, V> snapshot() {
    return configuration;
  }

  public void setStatisticsEnabled(boolean enabled) {
    change(changed -> changed.setStatisticsEnabled(enabled));
  }

  public void setManagementEnabled(boolean enabled) {
    change(changed -> changed.setManagementEnabled(enabled));
  }

  public void addListener(CacheEntryListenerConfiguration<K, V> listener) {
    change(changed -> changed.addCacheEntryListenerConfiguration(listener));
  }

  public void removeListener(CacheEntryListenerConfiguration<K, V> listener) {
    change(changed -> changed.removeCacheEntryListenerConfiguration(listener));
  }

  private synchronized void change(Consumer<MemcachedConfiguration<K, V>> what) {
    MemcachedConfiguration<K, V> changed = new MemcachedConfiguration<>(configuration);
    what.accept(changed);
    configuration = changed;
  }
}
