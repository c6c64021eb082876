// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.Collection;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.spring.boot.TenantResolver;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.util.ClassUtils;

/**
 * Spring's cache manager over MemJCache. With a tenant resolver, its caches are those of the tenant
 * that the calling thread works for. Thread-safe.
 */
public final class MemjcacheCacheManager implements CacheManager {

  private static final String TRANSACTIONS =
      "org.springframework.transaction.support.TransactionSynchronizationManager";

  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  /** How far up a resolver may be: cache managers and proxies may stand between it and this. */
  private static final int MAX_FRAMES = 16;

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

  /**
   * Returns a cache; null if there is none of this name.
   *
   * <p>An application may keep it in a field, so each operation is for the tenant of the thread
   * that calls it. But what Spring gets for one call of an annotated method is the cache of this
   * tenant until the call has ended: a future's value is stored by the thread that completes it,
   * where another tenant may be the current one, or none.
   */
  @Override
  public @Nullable Cache getCache(String name) {
    if (!namespaces.exists(name)) {
      return null;
    }
    return tenants == null || isForOneCall()
        ? current(name)
        : new FollowingCache(name, () -> current(name));
  }

  /** Returns whether a cache resolver asks, which Spring does anew for each call of a method. */
  private static boolean isForOneCall() {
    return CALLERS.walk(
        frames ->
            frames
                .limit(MAX_FRAMES)
                .anyMatch(
                    frame -> CacheResolver.class.isAssignableFrom(frame.getDeclaringClass())));
  }

  private Cache current(String name) {
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
