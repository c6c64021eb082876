// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Clears the caches of tenants and shows what they are used for: a bean that the starter provides.
 *
 * <p>Each clear is one increment on each memcached server, however many entries there are, and
 * counts for all processes. A server that is away is what the option {@code failure} says: with
 * {@code miss} the clear is pending and made once the server is back, and nothing of what was to be
 * cleared is read before that; with {@code throw} there is a {@code CacheException}.
 *
 * <p>Thread-safe.
 */
public interface TenantCaches {

  /**
   * Clears all caches of a tenant.
   *
   * @param tenant the name of the tenant, as the {@link TenantResolver} gives it
   * @throws IllegalArgumentException if that can't be the name of a tenant
   * @throws javax.cache.CacheException if a server is away, with {@code failure=throw}
   */
  void clear(String tenant);

  /**
   * Clears one cache of a tenant.
   *
   * @param tenant the name of the tenant
   * @param cache the name of the cache
   * @throws IllegalArgumentException if that can't be the name of a tenant, or there is no such
   *     cache
   * @throws javax.cache.CacheException if a server is away, with {@code failure=throw}
   */
  void clear(String tenant, String cache);

  /**
   * Clears the caches of one name of all tenants, and of the application itself, also of tenants
   * that this process has never seen: caches with the setting {@code clearAcrossTenants}.
   *
   * @param cache the name of the caches
   * @throws IllegalStateException if a cache of this name that is open here doesn't have the
   *     setting
   * @throws javax.cache.CacheException if the application has no namespace; or if a server is away,
   *     with {@code failure=throw}
   */
  void clearForAllTenants(String cache);

  /**
   * Clears everything that is below the application's namespace: its own caches and those of all
   * tenants, also of tenants that this process has never seen.
   *
   * @throws javax.cache.CacheException if the application has no namespace; or if a server is away,
   *     with {@code failure=throw}
   */
  void clearApplication();

  /**
   * {@return what each cache that is open in this process was used for, those of the application
   * first} The caches of a tenant that was not used for long may have been dropped in between, and
   * count from zero again.
   */
  List<CacheUsage> usage();

  /**
   * What one cache was used for by this process, while statistics were enabled.
   *
   * @param tenant the name of the tenant; null for a cache of the application's own
   * @param cache the name of the cache
   * @param hits gets that found an entry
   * @param misses gets that found none
   * @param puts entries put
   * @param removals entries removed
   */
  record CacheUsage(
      @Nullable String tenant, String cache, long hits, long misses, long puts, long removals) {

    /** {@return the part of the gets that found an entry, from 0 to 1; 0 if there were none} */
    public double hitRatio() {
      return hits == 0 ? 0 : (double) hits / (hits + misses);
    }
  }
}
