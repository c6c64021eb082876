package org.memjcache.spring.boot.cache;

import java.util.Collection;
import java.util.function.Supplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cache.Cache;
import org.springframework.cache.interceptor.CacheAspectSupport;
import org.springframework.cache.interceptor.CacheOperationInvocationContext;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.core.PriorityOrdered;

/**
 * Sees to it that a call of an annotated method uses the caches of one tenant from its begin to its
 * end. Spring stores the value of a future in the thread that completes it, where another tenant
 * may be the current one, or none. Leaves a cache resolver of the application alone.
 *
 * <p>It has priority so that it is there before what makes proxies, which creates Spring's cache
 * interceptor.
 */
public final class AnnotatedMethods implements BeanPostProcessor, PriorityOrdered {

  private final Supplier<MemjcacheCacheManager> manager;

  /** Creates it; the cache manager is asked for when a method is first called. */
  public AnnotatedMethods(Supplier<MemjcacheCacheManager> manager) {
    this.manager = manager;
  }

  @Override
  public Object postProcessBeforeInitialization(Object bean, String beanName) {
    if (bean instanceof CacheAspectSupport aspect && aspect.getCacheResolver() == null) {
      aspect.setCacheResolver(new OfCurrentTenant(manager));
    }
    return bean;
  }

  @Override
  public int getOrder() {
    return LOWEST_PRECEDENCE;
  }

  private record OfCurrentTenant(Supplier<MemjcacheCacheManager> manager) implements CacheResolver {

    @Override
    public Collection<? extends Cache> resolveCaches(CacheOperationInvocationContext<?> context) {
      MemjcacheCacheManager caches = manager.get();
      return context.getOperation().getCacheNames().stream().map(caches::current).toList();
    }
  }
}
