// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.cache.management.CacheStatisticsMXBean;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.CacheException;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.internal.tenants.OpenTenants;

/**
 * The regions of one session factory: those of the application, and those of its tenants beneath
 * it.
 *
 * <p>A tenant's regions are opened when they are first used ({@link OpenTenants}).
 *
 * <p>Has a caching provider of its own: what another session factory, or the application, closes is
 * never one of these. Thread-safe.
 */
final class TenantRegions implements MemjcacheTenants {

  /** How Hibernate names the filter of entities that have a {@code @TenantId}. */
  private static final String TENANT_FILTER = "_tenantId";

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final HibernateOptions options;
  private final ClassLoader classLoader;
  private final RegionFactory clock;
  private final MemcachedCacheManager manager;
  private final OpenTenant application;
  private final OpenTenants<OpenTenant> tenants;
  private final FailureLog log = new FailureLog();

  private volatile boolean isClosed;

  /**
   * Opens the application's manager.
   *
   * @param classLoader finds the classes of what is cached
   * @param clock of Hibernate's locks and timestamps
   * @throws InvalidConfigurationException if an option is wrong
   */
  TenantRegions(HibernateOptions options, ClassLoader classLoader, RegionFactory clock) {
    this.options = options;
    this.classLoader = classLoader;
    this.clock = clock;
    this.manager = provider.getCacheManager(options.uri(), classLoader, options.options());
    this.application = new OpenTenant(manager);
    this.tenants =
        new OpenTenants<>(
            options.uri(),
            application,
            options.maxOpen(),
            this::opened,
            (tenant, open) -> open.manager().close());
  }

  /** Returns whether a session factory may have sessions of tenants; known once it is built. */
  static boolean hasTenants(SessionFactoryImplementor sessions) {
    SessionFactoryOptions options = sessions.getSessionFactoryOptions();
    return options.isMultiTenancyEnabled()
        || options.getCurrentTenantIdentifierResolver() != null
        || isDiscriminated(sessions);
  }

  /** Returns whether rows of several tenants are in one table. */
  private static boolean isDiscriminated(SessionFactoryImplementor sessions) {
    return sessions.getDefinedFilterNames().contains(TENANT_FILTER);
  }

  /** Returns whether each tenant has update timestamps of its own. */
  boolean hasTimestampsOfTenants() {
    return options.timestampsOfTenants();
  }

  /** Opens a region of the application, so that what is wrong with its settings is an error. */
  void open(String region, SessionFactoryImplementor sessions) {
    application.region(region, in -> opened(in, region, sessions));
  }

  /**
   * Returns what an operation on a region of a tenant returns, or of the application if the tenant
   * is null. One that can't be opened has no entries: that is logged, and null returned.
   */
  @Nullable Object ask(
      @Nullable String tenant,
      String region,
      SessionFactoryImplementor sessions,
      Function<OpenRegion, @Nullable Object> operation) {
    OpenTenants.Tenant<OpenTenant> acquired;
    try {
      acquired = tenants.acquire(tenant);
    } catch (RuntimeException e) { // the transaction may be committed already
      log.first(region, "is not kept", e);
      return null;
    }
    try {
      OpenRegion found;
      try {
        found = acquired.open().region(region, in -> opened(in, region, sessions));
      } catch (RuntimeException e) { // the settings of a region that is opened late, say
        log.first(region, "is not kept", e);
        return null;
      }
      return operation.apply(found);
    } finally {
      acquired.release();
    }
  }

  private OpenRegion opened(
      MemcachedCacheManager in, String region, SessionFactoryImplementor sessions) {
    if (options.timestampsOfTenants() && isDiscriminated(sessions)) {
      throw new CacheException(
          "%stenants.timestamps=own is not possible with @TenantId: a native statement of one tenant"
                  .formatted(HibernateOptions.PREFIX)
              + " may change rows of another one; leave it out");
    }
    MemcachedConfiguration<Object, Object> configuration =
        new MemcachedConfiguration<Object, Object>()
            .setTypes(Object.class, Object.class)
            .setFailureMode(FailureMode.MISS)
            .setClearedAcrossTenants(hasTenants(sessions))
            .setStatisticsEnabled(sessions.getSessionFactoryOptions().isStatisticsEnabled());
    @SuppressWarnings("unchecked") // it is one of its own manager
    MemcachedCache<Object, Object> cache =
        in.createCache(region, configuration).unwrap(MemcachedCache.class);
    return new OpenRegion(cache, clock, log);
  }

  private OpenTenant opened(URI uri) {
    MemcachedCacheManager opened = provider.getCacheManager(uri, classLoader, options.options());
    if (isClosed) { // the provider may have missed this one
      opened.close();
      throw new IllegalStateException("The session factory is closed");
    }
    return new OpenTenant(opened);
  }

  /** Clears a region of the application and of all tenants, by one increment. */
  void clearForAll(String region, SessionFactoryImplementor sessions) {
    try {
      Uninterrupted.run(
          hasTenants(sessions)
              ? () -> manager.clearAcrossTenants(region)
              : application.region(region, in -> opened(in, region, sessions)).cache()::clear);
    } catch (RuntimeException e) {
      throw new CacheException(e.getMessage(), e);
    }
  }

  @Override
  public void clear(String tenant) {
    OpenTenants.Tenant<OpenTenant> acquired =
        tenants.acquire(Objects.requireNonNull(tenant, "The tenant is null"));
    try {
      acquired.open().manager().clear();
    } finally {
      acquired.release();
    }
  }

  @Override
  public void clearApplication() {
    manager.clear();
  }

  @Override
  public List<RegionUsage> usage() {
    List<RegionUsage> all = new ArrayList<>();
    tenants.all().forEach(tenant -> addUsage(all, tenant.name(), tenant.open()));
    return List.copyOf(all);
  }

  private static void addUsage(List<RegionUsage> all, @Nullable String tenant, OpenTenant open) {
    open.regions()
        .forEach(
            entry -> {
              OpenRegion region = entry.getValue();
              CacheStatisticsMXBean counts = region.cache().getStatistics();
              all.add(
                  new RegionUsage(
                      tenant,
                      entry.getKey(),
                      counts.getCacheHits(),
                      counts.getCacheMisses(),
                      counts.getCachePuts(),
                      counts.getCacheRemovals(),
                      region.notKept()));
            });
  }

  /** Closes all regions. Deletes nothing in memcached. */
  void close() {
    isClosed = true;
    provider.close();
  }
}
