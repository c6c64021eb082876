// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.spring.boot.TenantCaches;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of the application and of its tenants.
 *
 * <p>A tenant's caches are opened when they are first used, and closed when there are too many
 * tenants and these were not used for longest. That costs little: opening a tenant takes no round
 * trip, and what is in memcached stays. If more tenants than that are in use at the same moment,
 * there are more.
 *
 * <p>Thread-safe.
 */
public final class Namespaces implements TenantCaches {

  private static final Logger LOG = LoggerFactory.getLogger(Namespaces.class);

  private final MemcachedCacheManager manager;
  private final OpenNamespace application;
  private final boolean dynamic;
  private final int maxOpen;
  private final Supplier<Stream<CacheObserver>> observers;

  /** Those that the configuration names, and all that were used. */
  private final Set<String> names = new ConcurrentSkipListSet<>();

  /** Opening and closing a tenant happen within one computation of this map. */
  private final ConcurrentHashMap<String, OpenNamespace> tenants = new ConcurrentHashMap<>();

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
    this.application = new OpenNamespace(manager);
    this.dynamic = dynamic;
    this.maxOpen = maxOpen;
    this.observers = observers;
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
    OpenNamespace namespace = acquire(tenant);
    try {
      return operation.apply(cache(namespace, tenant, cacheName));
    } finally {
      namespace.release();
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

  private OpenNamespace acquire(@Nullable String tenant) {
    if (tenant == null) {
      application.acquire();
      return application;
    }
    OpenNamespace known = tenants.get(tenant);
    if (known != null && known.acquire()) {
      return known;
    }
    URI uri = uri(tenant);
    OpenNamespace open =
        tenants.compute(
            tenant,
            (name, present) -> present != null && present.acquire() ? present : acquired(uri));
    closeIdle();
    return open;
  }

  private OpenNamespace acquired(URI uri) {
    OpenNamespace opened =
        new OpenNamespace(
            manager.getCachingProvider().getCacheManager(uri, manager.getClassLoader(), null));
    opened.acquire();
    return opened;
  }

  /** Returns the URI of a tenant's manager. */
  private URI uri(String tenant) {
    try {
      return ManagerUri.withNamespace(manager.getURI(), tenant);
    } catch (InvalidConfigurationException e) {
      throw new IllegalArgumentException(
          "'%s' can't be the name of a tenant: %s".formatted(tenant, e.getMessage()), e);
    }
  }

  private void closeIdle() {
    while (tenants.size() > maxOpen) {
      long now = System.nanoTime();
      Optional<String> longestIdle =
          tenants.entrySet().stream()
              .filter(tenant -> tenant.getValue().isIdle())
              .max(Comparator.comparingLong(tenant -> now - tenant.getValue().lastUsed()))
              .map(Map.Entry::getKey);
      if (longestIdle.isEmpty()) {
        return;
      }
      tenants.computeIfPresent(longestIdle.get(), this::closed);
    }
  }

  /** Closes a tenant and returns null, or leaves one that is in use again. */
  private @Nullable OpenNamespace closed(String tenant, OpenNamespace namespace) {
    if (!namespace.retire()) {
      return namespace;
    }
    observers.get().forEach(observer -> observer.dropped(tenant));
    try {
      namespace.manager().close();
    } catch (RuntimeException e) { // not an error of the operation that happens to be here
      LOG.warn("The caches of a tenant that isn't used could not be closed", e);
    }
    return null;
  }

  @Override
  public void clear(String tenant) {
    OpenNamespace namespace = acquire(Objects.requireNonNull(tenant, "The tenant is null"));
    try {
      namespace.manager().clear();
    } finally {
      namespace.release();
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
    Stream.concat(Stream.of(application), tenants.values().stream())
        .map(namespace -> namespace.known(cache))
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
    addUsage(all, null, application);
    tenants.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(tenant -> addUsage(all, tenant.getKey(), tenant.getValue()));
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
