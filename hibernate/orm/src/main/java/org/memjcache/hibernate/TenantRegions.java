// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.cache.management.CacheStatisticsMXBean;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.CacheException;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regions of one session factory: those of the application, and those of its tenants beneath
 * it.
 *
 * <p>A tenant's regions are opened when they are first used, and closed when there are too many
 * tenants and these were not used for longest. That costs little: opening a tenant takes no round
 * trip, and what is in memcached stays. If more tenants than that are in use at the same moment,
 * there are more.
 *
 * <p>Has a caching provider of its own: what another session factory, or the application, closes is
 * never one of these. Thread-safe.
 */
final class TenantRegions implements MemjcacheTenants {

  private static final Logger LOG = LoggerFactory.getLogger(TenantRegions.class);

  /** How Hibernate names the filter of entities that have a {@code @TenantId}. */
  private static final String TENANT_FILTER = "_tenantId";

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final HibernateOptions options;
  private final ClassLoader classLoader;
  private final RegionFactory clock;
  private final MemcachedCacheManager manager;
  private final OpenTenant application;
  private final FailureLog log = new FailureLog();

  private volatile boolean isClosed;

  /** Opening and closing a tenant happen within one computation of this map. */
  private final ConcurrentHashMap<String, OpenTenant> tenants = new ConcurrentHashMap<>();

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
    OpenTenant open;
    try {
      open = acquire(tenant);
    } catch (RuntimeException e) { // the transaction may be committed already
      log.first(region, "is not kept", e);
      return null;
    }
    try {
      OpenRegion found;
      try {
        found = open.region(region, in -> opened(in, region, sessions));
      } catch (RuntimeException e) { // the settings of a region that is opened late, say
        log.first(region, "is not kept", e);
        return null;
      }
      return operation.apply(found);
    } finally {
      open.release();
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

  private OpenTenant acquire(@Nullable String tenant) {
    if (tenant == null) {
      application.acquire();
      return application;
    }
    OpenTenant known = tenants.get(tenant);
    if (known != null && known.acquire()) {
      return known;
    }
    URI uri = uri(tenant);
    OpenTenant open =
        tenants.compute(
            tenant,
            (name, present) -> present != null && present.acquire() ? present : acquired(uri));
    closeIdle();
    return open;
  }

  private OpenTenant acquired(URI uri) {
    MemcachedCacheManager opened = provider.getCacheManager(uri, classLoader, options.options());
    if (isClosed) { // the provider may have missed this one
      opened.close();
      throw new IllegalStateException("The session factory is closed");
    }
    OpenTenant tenant = new OpenTenant(opened);
    tenant.acquire();
    return tenant;
  }

  /** Returns the URI of a tenant's manager. */
  private URI uri(String tenant) {
    try {
      return ManagerUri.withNamespace(options.uri(), tenant);
    } catch (InvalidConfigurationException e) {
      throw new IllegalArgumentException(
          "'%s' can't be the name of a tenant: %s".formatted(tenant, e.getMessage()), e);
    }
  }

  private void closeIdle() {
    while (tenants.size() > options.maxOpen()) {
      long now = System.nanoTime();
      Optional<String> longestIdle =
          tenants.entrySet().stream()
              .filter(tenant -> tenant.getValue().isIdle())
              .max(Comparator.comparingLong(tenant -> now - tenant.getValue().lastUsed()))
              .map(Map.Entry::getKey);
      if (longestIdle.isEmpty()) {
        return;
      }
      tenants.computeIfPresent(longestIdle.get(), TenantRegions::closed);
    }
  }

  /** Closes a tenant and returns null, or leaves one that is in use again. */
  private static @Nullable OpenTenant closed(String tenant, OpenTenant open) {
    if (!open.retire()) {
      return open;
    }
    try {
      open.manager().close();
    } catch (RuntimeException e) { // not an error of the operation that happens to be here
      LOG.warn("The regions of a tenant that isn't used could not be closed", e);
    }
    return null;
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
    OpenTenant open = acquire(Objects.requireNonNull(tenant, "The tenant is null"));
    try {
      open.manager().clear();
    } finally {
      open.release();
    }
  }

  @Override
  public void clearApplication() {
    manager.clear();
  }

  @Override
  public List<RegionUsage> usage() {
    List<RegionUsage> all = new ArrayList<>();
    addUsage(all, null, application);
    tenants.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(tenant -> addUsage(all, tenant.getKey(), tenant.getValue()));
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
