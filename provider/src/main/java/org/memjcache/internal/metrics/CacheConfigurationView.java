package org.memjcache.internal.metrics;

import java.util.function.Supplier;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.management.CacheMXBean;

/**
 * The configuration of one cache as a managed bean.
 *
 * <p>Every attribute is read when it is asked for, so that {@code enableStatistics} and {@code
 * enableManagement} show at once. Holds the configuration, never the cache. Safe for use by many
 * threads as far as the configuration is. Source: javadoc of {@link CacheMXBean}.
 */
public final class CacheConfigurationView implements CacheMXBean {
  private final Supplier<? extends CompleteConfiguration<?, ?>> configuration;

  /**
   * Creates a view of one configuration object.
   *
   * @param configuration the cache's configuration, which may change its flags
   */
  public CacheConfigurationView(CompleteConfiguration<?, ?> configuration) {
    this(() -> configuration);
  }

  /**
   * Creates a view of a configuration that is replaced when its flags change.
   *
   * @param configuration returns the cache's present configuration
   */
  public CacheConfigurationView(Supplier<? extends CompleteConfiguration<?, ?>> configuration) {
    this.configuration = configuration;
  }

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
