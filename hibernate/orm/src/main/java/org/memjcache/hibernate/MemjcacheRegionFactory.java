// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.Map;
import org.hibernate.boot.registry.classloading.spi.ClassLoaderService;
import org.hibernate.boot.spi.SessionFactoryOptions;
import org.hibernate.cache.CacheException;
import org.hibernate.cache.cfg.spi.DomainDataRegionBuildingContext;
import org.hibernate.cache.cfg.spi.DomainDataRegionConfig;
import org.hibernate.cache.spi.DomainDataRegion;
import org.hibernate.cache.spi.support.RegionFactoryTemplate;
import org.hibernate.cache.spi.support.StorageAccess;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * Hibernate's regions in memcached, those of each tenant beneath the tenant's level of the
 * namespace.
 *
 * <pre>{@code
 * hibernate.cache.region.factory_class=memjcache
 * hibernate.memjcache.servers=localhost:11211
 * hibernate.memjcache.namespace=hotels
 * }</pre>
 *
 * <p>All options of MemJCache can be given as {@code hibernate.memjcache.<option>}, or in a
 * properties file that {@code hibernate.memjcache.uri} is the location of. Regions are created on
 * demand. Strategies are {@code READ_ONLY}, {@code NONSTRICT_READ_WRITE} and {@code READ_WRITE}.
 *
 * <p>While a server is away, Hibernate asks the database: regions work with {@code failure=miss},
 * always. {@link MemjcacheTenants} clears a tenant.
 */
public final class MemjcacheRegionFactory extends RegionFactoryTemplate {

  /** What {@code hibernate.cache.region.factory_class} names it by. */
  static final String SHORT_NAME = "memjcache";

  private static final long serialVersionUID = 1L;

  private transient volatile @Nullable TenantRegions tenants;

  /** What was wrong at the start. Hibernate would say no more than that it hasn't started. */
  private transient volatile @Nullable CacheException misconfigured;

  /** Creates it. Hibernate calls this. */
  public MemjcacheRegionFactory() {}

  /**
   * Returns the regions by tenant.
   *
   * @throws CacheException if the configuration is wrong
   * @throws IllegalStateException if the session factory is closed
   */
  TenantRegions tenants() {
    CacheException wrong = misconfigured;
    if (wrong != null) {
      throw wrong;
    }
    TenantRegions open = tenants;
    if (open == null) {
      throw new IllegalStateException("The session factory is closed, or not started");
    }
    return open;
  }

  @Override
  protected void prepareForUse(SessionFactoryOptions settings, Map<String, Object> configValues) {
    ClassLoaderService classes =
        settings.getServiceRegistry().requireService(ClassLoaderService.class);
    try {
      HibernateOptions options = HibernateOptions.of(configValues, classes::locateResource);
      tenants =
          new TenantRegions(options, classes.workWithClassLoader(classLoader -> classLoader), this);
    } catch (InvalidConfigurationException e) {
      misconfigured =
          new CacheException(
              "The second-level cache is not configured right: %s (The options 'memjcache.…' are"
                      .formatted(e.getMessage())
                  + " '%s…' in Hibernate's properties, which also has %s.)"
                      .formatted(HibernateOptions.PREFIX, String.join(", ", HibernateOptions.OWN)),
              e);
    }
  }

  @Override
  protected void releaseFromUse() {
    TenantRegions open = tenants;
    tenants = null;
    misconfigured = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public DomainDataRegion buildDomainDataRegion(
      DomainDataRegionConfig config, DomainDataRegionBuildingContext context) {
    RegionStorage storage =
        new RegionStorage(tenants(), config.getRegionName(), context.getSessionFactory());
    storage.open();
    return new MemjcacheDomainRegion(config, this, storage, context);
  }

  @Override
  protected StorageAccess createQueryResultsRegionStorageAccess(
      String region, SessionFactoryImplementor sessions) {
    return new RegionStorage(tenants(), region, sessions);
  }

  @Override
  protected StorageAccess createTimestampsRegionStorageAccess(
      String region, SessionFactoryImplementor sessions) {
    return new TimestampsStorage(tenants(), region, sessions, this);
  }
}
