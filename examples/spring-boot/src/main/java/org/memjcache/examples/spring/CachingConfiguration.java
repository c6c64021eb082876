package org.memjcache.examples.spring;

import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.cache.interceptor.CacheResolver;
import org.springframework.cache.jcache.config.JCacheConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** Lets the annotations of Spring and of JCache find their caches through {@link TenantCaches}. */
@Configuration(proxyBeanMethods = false)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
class CachingConfiguration implements JCacheConfigurer {

  private final ObjectProvider<TenantCaches> caches;

  CachingConfiguration(ObjectProvider<TenantCaches> caches) {
    this.caches = caches;
  }

  @Override
  public CacheResolver cacheResolver() {
    return caches.getObject();
  }

  /**
   * Leaves out the meters that Spring Boot publishes for the application's own caches: these are
   * unused and have no tenant, and Prometheus requires the same tags in all meters of one name.
   */
  @Bean
  static MeterFilter tenantsOnly() {
    return MeterFilter.deny(
        meter -> meter.getName().startsWith("cache.") && meter.getTag("tenant") == null);
  }
}
