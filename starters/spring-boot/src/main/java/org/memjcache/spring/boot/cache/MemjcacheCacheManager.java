package org.memjcache.spring.boot.cache;

import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.spring.boot.TenantResolver;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.util.ClassUtils;

/**
 * Spring's cache manager over MemJCache. With a tenant resolver, its caches are those of the tenant
 * that the calling thread works for. Thread-safe.
 */
public final class MemjcacheCacheManager implements CacheManager {

  private static final String TRANSACTIONS =
      "org.springframework.transaction.support.TransactionSynchronizationManager";

  private final Namespaces namespaces;
  private final @Nullable TenantResolver tenants;
  private final boolean transactionAware;
  private final Executor retrieving;

  /**
   * Creates a cache manager.
   *
   * @param tenants names the current tenant; null if there are none
   * @param transactionAware whether changes wait for the commit of the running transaction
   * @param retrieving runs reads for methods that return futures and publishers
   * @throws InvalidConfigurationException if there are no transactions to be aware of
   */
  public MemjcacheCacheManager(
      Namespaces namespaces,
      @Nullable TenantResolver tenants,
      boolean transactionAware,
      Executor retrieving) {
    if (transactionAware && !ClassUtils.isPresent(TRANSACTIONS, getClass().getClassLoader())) {
      throw new InvalidConfigurationException(
          "memjcache.caches.transaction-aware=true takes the library spring-tx, which isn't there;"
              + " add org.springframework:spring-tx, or leave the property out");
    }
    this.namespaces = namespaces;
    this.tenants = tenants;
    this.transactionAware = transactionAware;
    this.retrieving = retrieving;
  }

  @Override
  public @Nullable Cache getCache(String name) {
    if (!namespaces.exists(name)) {
      return null;
    }
    return tenants == null ? bound(null, name) : new FollowingCache(name, () -> current(name));
  }

  /**
   * Returns the cache of the tenant that the calling thread works for now. It stays this tenant's,
   * whichever thread uses it.
   *
   * @throws IllegalArgumentException if there is no cache of this name
   */
  public Cache current(String name) {
    if (!namespaces.exists(name)) {
      throw new IllegalArgumentException(
          "Cannot find cache named '%s', only %s; see memjcache.caches.dynamic"
              .formatted(name, namespaces.names()));
    }
    return bound(tenants == null ? null : tenants.currentTenant(), name);
  }

  private Cache bound(@Nullable String tenant, String name) {
    Cache cache = new BoundCache(namespaces, tenant, name, retrieving);
    return transactionAware ? new TransactionAwareCacheDecorator(cache) : cache;
  }

  @Override
  public Collection<String> getCacheNames() {
    return namespaces.names();
  }
}
