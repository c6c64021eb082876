// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import java.util.function.Supplier;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.management.CacheMXBean;

/**
 * The configuration of one cache as a managed bean. Holds the configuration, never the cache.
 *
 * @param configuration returns the present one each time an attribute is read, so that {@code
 *     enableStatistics} and {@code enableManagement} show at once
 */
public record CacheConfigurationView(Supplier<? extends CompleteConfiguration<?, ?>> configuration)
    implements CacheMXBean {

  @Override
  public String getKeyType() {
    return configuration.get().getKeyType().getName();
  }

  @Override
  public String getValueType() {
    return configuration.get().getValueType().getName();
  }

  @Override
  public boolean isReadThrough() {
    return configuration.get().isReadThrough();
  }

  @Override
  public boolean isWriteThrough() {
    return configuration.get().isWriteThrough();
  }

  @Override
  public boolean isStoreByValue() {
    return configuration.get().isStoreByValue();
  }

  @Override
  public boolean isStatisticsEnabled() {
    return configuration.get().isStatisticsEnabled();
  }

  @Override
  public boolean isManagementEnabled() {
    return configuration.get().isManagementEnabled();
  }
}
