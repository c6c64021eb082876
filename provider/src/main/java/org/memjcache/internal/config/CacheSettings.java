// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.expiry.EternalExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.text.ErrorText;

/**
 * The configuration of one cache: checked, and copied so that the caller's later changes don't
 * matter. Thread-safe.
 */
public final class CacheSettings<K, V> {

  /** Never changed, only replaced: other caches may have the same. */
  private volatile MemcachedConfiguration<K, V> configuration;

  /** Copies a configuration, and completes it; refuses one that contradicts itself. */
  public CacheSettings(
      String cacheName, Configuration<K, V> given, ManagerSettings manager, ClassLookup classes) {
    if (!given.isStoreByValue()) {
      throw new UnsupportedOperationException(
          "The cache %s is configured to store by reference; values in memcached are always"
                  .formatted(ErrorText.of(cacheName))
              + " stored by value: setStoreByValue(true)");
    }
    MemcachedConfiguration<K, V> copy;
    if (given instanceof CompleteConfiguration<K, V> complete) {
      copy = new MemcachedConfiguration<>(complete);
    } else {
      copy = new MemcachedConfiguration<>();
      copy.setTypes(given.getKeyType(), given.getValueType());
    }
    if (copy.getEntryExpiryFactory() != null
        && !copy.getExpiryPolicyFactory().equals(EternalExpiryPolicy.factoryOf())) {
      throw new IllegalArgumentException(
          "The cache %s is configured with an expiry policy and an entry expiry; expected one of"
                  .formatted(ErrorText.of(cacheName))
              + " setExpiryPolicyFactory and setEntryExpiryFactory");
    }
    manager.caches().defaults(cacheName).complete(copy, manager, classes);
    List<String> allowed = new ArrayList<>(manager.serializationAllow());
    allowed.addAll(copy.getAllowedClasses());
    copy.setAllowedClasses(allowed.toArray(String[]::new));
    if (copy.isReadThrough()) {
      require(copy.getCacheLoaderFactory(), cacheName, "read-through without a cache loader");
    }
    if (copy.isWriteThrough()) {
      require(copy.getCacheWriterFactory(), cacheName, "write-through without a cache writer");
    }
    configuration = SharedSettings.share(copy);
  }

  private static void require(@Nullable Object factory, String cacheName, String what) {
    if (factory == null) {
      throw new IllegalArgumentException(
          "The cache " + ErrorText.of(cacheName) + " is configured for " + what + " factory");
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
