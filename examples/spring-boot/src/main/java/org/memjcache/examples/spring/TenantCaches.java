package org.memjcache.examples.spring;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.cache.CacheManager;
import org.memjcache.ManagerUri;
import org.memjcache.micrometer.MemcachedCacheMetrics;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.jcache.JCacheCacheManager;
import org.springframework.stereotype.Component;

/**
 * Chooses the caches of the request's tenant.
 *
 * <p>Spring Boot creates the cache manager of the application from the properties file. Each tenant
 * has one with the same settings, one level below it, and all of them share the few connections to
 * memcached.
 */
@Component
class TenantCaches implements CacheResolver, DisposableBean {

  private final CacheManager application;
  private final MeterRegistry meters;
  private final Map<String, JCacheCacheManager> tenants = new ConcurrentHashMap<>();
  private final Queue<CacheManager> managers = new ConcurrentLinkedQueue<>();

  TenantCaches(CacheManager application, MeterRegistry meters) {
    this.application = application;
    this.meters = meters;
  }

  @Override
  public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
    JCacheCacheManager tenant = tenants.computeIfAbsent(Tenant.current(), this::open);
    return context.getOperation().getCacheNames().stream()
        .map(name -> cache(tenant, name))
        .toList();
  }

  private static Cache cache(JCacheCacheManager tenant, String name) {
    Cache cache = tenant.getCache(name);
    if (cache == null) {
      throw new IllegalArgumentException("No cache '" + name + "' in memjcache.properties");
    }
    return cache;
  }

  private JCacheCacheManager open(String tenant) {
    CacheManager manager =
        application
            .getCachingProvider()
            .getCacheManager(
                ManagerUri.withNamespace(application.getURI(), tenant),
                application.getClassLoader(),
                application.getProperties());
    managers.add(manager);
    for (String name : manager.getCacheNames()) {
      MemcachedCacheMetrics.monitor(meters, manager.getCache(name), "tenant", tenant);
    }
    return new JCacheCacheManager(manager);
  }

  @Override
  public void destroy() {
    managers.forEach(CacheManager::close);
  }
}
