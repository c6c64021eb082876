// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.cache.internal.BasicCacheKeyImplementation;
import org.hibernate.cache.internal.CacheKeyImplementation;
import org.hibernate.cache.internal.NaturalIdCacheKey;
import org.hibernate.cache.spi.support.DomainDataStorageAccess;
import org.hibernate.cache.spi.support.RegionNameQualifier;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * A region whose entries are those of the tenants: each operation goes to the cache of the tenant
 * that the entry belongs to.
 *
 * <p>That is the tenant in the key, where the key has one: Hibernate changes entries of a tenant
 * from sessions of another (root) tenant, and evicts some without a session. It is the tenant of
 * the session for results of queries, whose keys have it in a place that can't be read.
 *
 * <p>Whatever is to be cleared is cleared for all tenants, by one increment. Hibernate doesn't say
 * whose changes make it clear, and native statements change what they like.
 *
 * <p>Thread-safe.
 */
class RegionStorage implements DomainDataStorageAccess {

  private final TenantRegions tenants;
  private final String name;
  private final SessionFactoryImplementor sessions;

  /**
   * Creates the storage of a region, without opening a cache.
   *
   * @param region the name without Hibernate's prefix of regions
   */
  RegionStorage(TenantRegions tenants, String region, SessionFactoryImplementor sessions) {
    this.tenants = tenants;
    this.name = RegionNameQualifier.INSTANCE.qualify(region, sessions.getSessionFactoryOptions());
    this.sessions = sessions;
  }

  /** Opens the application's own cache, so that wrong settings are an error now. */
  void open() {
    tenants.open(name, sessions);
  }

  /** Returns what an operation on the cache of a tenant returns, or of the application if null. */
  final @Nullable Object ask(
      @Nullable String tenant, Function<OpenRegion, @Nullable Object> operation) {
    return tenants.ask(tenant, name, sessions, operation);
  }

  private void run(@Nullable String tenant, Consumer<OpenRegion> operation) {
    ask(
        tenant,
        region -> {
          operation.accept(region);
          return null;
        });
  }

  /** Returns the tenant that an entry belongs to; null for the application. */
  private @Nullable String tenant(Object key, @Nullable SharedSessionContractImplementor session) {
    if (!TenantRegions.hasTenants(sessions)) { // what is cleared is the application's own then
      return null;
    }
    if (key instanceof CacheKeyImplementation ofTenant) {
      return ofTenant.getTenantId();
    }
    if (key instanceof NaturalIdCacheKey ofTenant) {
      return ofTenant.getTenantId();
    }
    return key instanceof BasicCacheKeyImplementation || session == null
        ? null
        : session.getTenantIdentifier();
  }

  @Override
  public @Nullable Object getFromCache(Object key, SharedSessionContractImplementor session) {
    return ask(tenant(key, session), region -> region.get(key));
  }

  @Override
  public void putIntoCache(Object key, Object value, SharedSessionContractImplementor session) {
    run(tenant(key, session), region -> region.put(key, value));
  }

  @Override
  public boolean contains(Object key) {
    return Boolean.TRUE.equals(ask(tenant(key, null), region -> region.contains(key)));
  }

  @Override
  public void removeFromCache(Object key, SharedSessionContractImplementor session) {
    run(tenant(key, session), region -> region.remove(key));
  }

  /**
   * Removes an entry. An application that evicts one by {@code SessionFactory.getCache()} can't say
   * whose: then nobody may find it, so the region is cleared.
   */
  @Override
  public void evictData(Object key) {
    String tenant = tenant(key, null);
    if (tenant == null && TenantRegions.hasTenants(sessions)) {
      evictData();
    } else {
      run(tenant, region -> region.remove(key));
    }
  }

  @Override
  public void evictData() {
    tenants.clearForAll(name, sessions);
  }

  /** Does nothing: all regions are closed together. */
  @Override
  public void release() {}
}
