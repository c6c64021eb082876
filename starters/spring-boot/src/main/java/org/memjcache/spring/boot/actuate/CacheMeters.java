// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCache;
import org.memjcache.micrometer.MemcachedCacheMetrics;
import org.memjcache.spring.boot.cache.CacheObserver;

/**
 * The meters of all caches that are open, with the tags {@code application} (its namespace), {@code
 * cache}, and if there are tenants {@code tenant}, which is empty for the application's own caches:
 * Prometheus demands that all meters of one name have the same tags.
 *
 * <p>Only a bounded number of tenants has meters at the same time. Those of a tenant that is closed
 * are removed, and make room for another. Thread-safe.
 */
public final class CacheMeters implements MeterBinder, CacheObserver {

  private static final String TENANT = "tenant";

  private record Opened(@Nullable String tenant, MemcachedCache<?, ?> cache) {}

  private final Tags tags;
  private final boolean hasTenants;
  private final int maxTenants;

  // All guarded by this.
  private final List<MeterRegistry> registries = new ArrayList<>();
  private final List<Opened> metered = new ArrayList<>();
  private final Set<String> tenants = new HashSet<>();

  /**
   * Creates it without a registry.
   *
   * @param application the value of the tag {@code application}
   * @param hasTenants whether the meters have a tag for the tenant
   * @param maxTenants how many tenants may have meters
   */
  public CacheMeters(String application, boolean hasTenants, int maxTenants) {
    this.tags = Tags.of("application", application);
    this.hasTenants = hasTenants;
    this.maxTenants = maxTenants;
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    registries.add(registry);
    metered.forEach(one -> bind(one, registry));
  }

  @Override
  public synchronized void opened(@Nullable String tenant, MemcachedCache<?, ?> cache) {
    if (tenant != null && !tenants.contains(tenant)) {
      if (tenants.size() >= maxTenants) {
        return;
      }
      tenants.add(tenant);
    }
    Opened one = new Opened(tenant, cache);
    metered.add(one);
    registries.forEach(registry -> bind(one, registry));
  }

  private void bind(Opened one, MeterRegistry registry) {
    MemcachedCacheMetrics.monitor(
        registry,
        one.cache,
        hasTenants ? tags.and(TENANT, one.tenant == null ? "" : one.tenant) : tags);
  }

  @Override
  public synchronized void dropped(String tenant) {
    if (tenants.remove(tenant)) {
      metered.removeIf(one -> tenant.equals(one.tenant));
      Tags ofTenant = tags.and(TENANT, tenant);
      for (MeterRegistry registry : registries) {
        registry.getMeters().stream()
            .filter(meter -> isOurs(meter.getId().getName()))
            .filter(meter -> meter.getId().getTags().containsAll(ofTenant.stream().toList()))
            .forEach(registry::remove);
      }
    }
  }

  private static boolean isOurs(String name) {
    return name.startsWith("cache.") || name.startsWith("memjcache.");
  }
}
