// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.internal.tenants.OpenTenants;
import org.memjcache.spring.boot.TenantCaches;

/**
 * The caches of the application and of its tenants.
 *
 * <p>A tenant's caches are opened when they are first used ({@link OpenTenants}).
 *
 * <p>Thread-safe.
 */
public final class Namespaces implements TenantCaches {

  private final MemcachedCacheManager manager;
  private final boolean dynamic;
  private final Supplier<Stream<CacheObserver>> observers;

  /** Those that the configuration names, and all that were used. */
  private final Set<String> names = new ConcurrentSkipListSet<>();

  private final OpenTenants<OpenNamespace> tenants;

  /**
   * Creates the caches, without opening any.
   *
   * @param manager that of the application, which its provider closes
   * @param named caches that exist besides those that the manager's configuration names
   * @param dynamic whether any other cache is created when it is first used
   * @param maxOpen how many tenants may be open
   * @param observers returns those to be told of caches
   */
  public Namespaces(
      MemcachedCacheManager manager,
      List<String> named,
      boolean dynamic,
      int maxOpen,
      Supplier<Stream<CacheObserver>> observers) {
    this.manager = manager;
    this.dynamic = dynamic;
    this.observers = observers;
    this.tenants =
        new OpenTenants<>(
            manager.getURI(), new OpenNamespace(manager), maxOpen, this::opened, this::close);
    names.addAll(named);
    manager.getCacheNames().forEach(names::add);
  }

  /** Returns the names of the caches that are known, the same for the application and tenants. */
  public Set<String> names() {
    return Set.copyOf(names);
  }

  /** Returns whether there is a cache of this name, or will be as soon as it is used. */
  boolean exists(String cacheName) {
    return dynamic || names.contains(cacheName);
  }

  /** Does something with a cache of a tenant, or of the application if the tenant is null. */
  <T extends @Nullable Object> T call(
      @Nullable String tenant, String cacheName, Function<MemcachedSpringCache, T> operation) {
    OpenTenants.Tenant<OpenNamespace> acquired = tenants.acquire(tenant);
    try {
      return operation.apply(cache(acquired.open(), tenant, cacheName));
    } finally {
      acquired.release();
    }
  }

  private MemcachedSpringCache cache(
      OpenNamespace namespace, @Nullable String tenant, String cacheName) {
    MemcachedSpringCache known = namespace.known(cacheName);
    if (known != null) {
      return known;
    }
    if (!exists(cacheName)) {
      throw new IllegalArgumentException(
          "There is no cache named '%s', only %s; see memjcache.caches.dynamic"
              .formatted(cacheName, names));
    }
    MemcachedSpringCache opened = namespace.open(cacheName);
    if (opened == null) { // another thread was faster
      return Objects.requireNonNull(namespace.known(cacheName));
    }
    names.add(cacheName);
    observers.get().forEach(observer -> observer.opened(tenant, opened.memcached()));
    return opened;
  }

  private OpenNamespace opened(URI uri) {
    return new OpenNamespace(
        manager.getCachingProvider().getCacheManager(uri, manager.getClassLoader(), null));
  }

  private void close(String tenant, OpenNamespace namespace) {
    try {
      observers.get().forEach(observer -> observer.dropped(tenant));
    } finally {
      namespace.manager().close();
    }
  }

  @Override
  public void clear(String tenant) {
    OpenTenants.Tenant<OpenNamespace> acquired =
        tenants.acquire(Objects.requireNonNull(tenant, "The tenant is null"));
    try {
      acquired.open().manager().clear();
    } finally {
      acquired.release();
    }
  }

  @Override
  public void clear(String tenant, String cache) {
    this.<@Nullable Void>call(
        Objects.requireNonNull(tenant, "The tenant is null"),
        Objects.requireNonNull(cache, "The name of the cache is null"),
        one -> {
          one.clear();
          return null;
        });
  }

  @Override
  public void clearForAllTenants(String cache) {
    Objects.requireNonNull(cache, "The name of the cache is null");
    tenants
        .all()
        .map(tenant -> tenant.open().known(cache))
        .filter(Objects::nonNull)
        .findFirst()
        .ifPresent(Namespaces::requireAcrossTenants);
    manager.clearAcrossTenants(cache);
  }

  private static void requireAcrossTenants(MemcachedSpringCache cache) {
    @SuppressWarnings("unchecked") // a class object has no type arguments
    MemcachedConfiguration<?, ?> configuration =
        cache.memcached().getConfiguration(MemcachedConfiguration.class);
    if (!configuration.isClearedAcrossTenants()) {
      throw new IllegalStateException(
          "The caches named '%1$s' can't be cleared for all tenants at once; set the property"
                  .formatted(cache.getName())
              + " memjcache.cache.%s.clear-across-tenants=true".formatted(cache.getName())
              + " in all processes, and what they have stored before is not found any more");
    }
  }

  @Override
  public void clearApplication() {
    manager.clear();
  }

  @Override
  public List<CacheUsage> usage() {
    List<CacheUsage> all = new ArrayList<>();
    tenants.all().forEach(tenant -> addUsage(all, tenant.name(), tenant.open()));
    return List.copyOf(all);
  }

  private static void addUsage(
      List<CacheUsage> all, @Nullable String tenant, OpenNamespace namespace) {
    namespace
        .caches()
        .sorted(Comparator.comparing(MemcachedSpringCache::getName))
        .forEach(
            cache -> {
              CacheStatisticsMXBean counts = cache.memcached().getStatistics();
              all.add(
                  new CacheUsage(
                      tenant,
                      cache.getName(),
                      counts.getCacheHits(),
                      counts.getCacheMisses(),
                      counts.getCachePuts(),
                      counts.getCacheRemovals()));
            });
  }
}
