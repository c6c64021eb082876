// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.jspecify.annotations.Nullable;

/**
 * Clears the second-level cache of tenants, and shows what it is used for.
 *
 * <pre>{@code
 * MemjcacheTenants.of(sessionFactory).clear("Lisboa");
 * }</pre>
 *
 * <p>Each clear is one increment on each memcached server, however many entries and regions there
 * are, and counts for all processes. If a server is away, the clear is pending there and made once
 * the server is back; this process reads nothing of what was to be cleared before that.
 *
 * <p>Thread-safe.
 */
public interface MemjcacheTenants {

  /**
   * {@return the tenants of a session factory}
   *
   * @param sessions a session factory, or what wraps one
   * @throws IllegalArgumentException if its region factory isn't {@code memjcache}
   */
  static MemjcacheTenants of(EntityManagerFactory sessions) {
    RegionFactory factory =
        sessions.unwrap(SessionFactoryImplementor.class).getCache().getRegionFactory();
    if (factory instanceof MemjcacheRegionFactory own) {
      return own.tenants();
    }
    throw new IllegalArgumentException(
        "The region factory of this session factory is %s; set hibernate.cache.region.factory_class"
                .formatted(factory.getClass().getName())
            + " to memjcache");
  }

  /**
   * Clears all regions of a tenant: entities, collections, natural ids and results of queries.
   * Those of other tenants stay.
   *
   * @param tenant the tenant identifier, as sessions have it; of an identifier that isn't a text,
   *     its text
   * @throws IllegalArgumentException if that can't be the name of a tenant
   * @throws IllegalStateException if the session factory is closed
   */
  void clear(String tenant);

  /**
   * Clears everything that is below the application's namespace: its own regions and those of all
   * tenants, also of tenants that this process has never seen.
   *
   * @throws javax.cache.CacheException if the application has no namespace
   * @throws IllegalStateException if the session factory is closed
   */
  void clearApplication();

  /**
   * {@return what each region that is open in this process was used for, those of the application
   * first} The regions of a tenant that was not used for long may have been closed in between, and
   * count from zero again. Hibernate's own statistics count all tenants together.
   */
  List<RegionUsage> usage();

  /**
   * What one region was used for by this process. All counts but the last are zero without {@code
   * hibernate.generate_statistics=true}.
   *
   * @param tenant the tenant identifier; null for a region of the application's own
   * @param region the name of the region, with the prefix of {@code hibernate.cache.region_prefix}
   * @param hits gets that found an entry, locks of Hibernate's included
   * @param misses gets that found none
   * @param puts entries put, locks of Hibernate's included
   * @param removals entries removed
   * @param notKept entries that could not be kept: their class isn't allowed, say
   */
  record RegionUsage(
      @Nullable String tenant,
      String region,
      long hits,
      long misses,
      long puts,
      long removals,
      long notKept) {}
}
