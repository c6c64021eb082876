// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.actuate;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.spring.boot.MemjcacheAutoConfiguration;
import org.memjcache.spring.boot.MemjcacheProperties;
import org.memjcache.spring.boot.TenantResolver;
import org.memjcache.spring.boot.cache.Namespaces;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Publishes the counts of all open caches as meters, if the application has a registry. */
@AutoConfiguration(
    after = MemjcacheAutoConfiguration.class,
    afterName = {
      // Spring Boot 3, then 4
      "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration"
    })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({Namespaces.class, MeterRegistry.class})
public class MemjcacheMetricsAutoConfiguration {

  /** Creates the configuration; Spring calls this. */
  public MemjcacheMetricsAutoConfiguration() {}

  @Bean
  CacheMeters memjcacheCacheMeters(
      MemcachedCacheManager manager,
      MemjcacheProperties properties,
      ObjectProvider<TenantResolver> tenants,
      Environment environment) {
    return new CacheMeters(
        application(manager.getURI(), environment),
        tenants.getIfAvailable() != null,
        properties.tenants().maxMetered());
  }

  /** Returns the namespace; for a file, which isn't read here, the application's name. */
  private static String application(URI uri, Environment environment) {
    String path = uri.getPath();
    return "memcached".equals(uri.getScheme()) && path != null && path.length() > 1
        ? path.substring(1)
        : environment.getProperty("spring.application.name", "");
  }
}
