// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.spring.boot.cache.CacheObserver;
import org.memjcache.spring.boot.cache.MemjcacheCacheManager;
import org.memjcache.spring.boot.cache.Namespaces;
import org.memjcache.spring.boot.cache.RetrievingThreads;
import org.memjcache.spring.boot.options.EnvironmentOptions;
import org.memjcache.spring.boot.options.ManagerConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cache.CacheManager;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Configures Spring's cache manager over MemJCache, unless the application has one, or {@code
 * spring.cache.type} or {@code spring.cache.jcache.provider} wants another one.
 *
 * <p>Each application context has a caching provider of its own, which is closed with it: closing
 * one context closes no cache of another. Nothing connects to memcached before a cache is used. As
 * everywhere in Spring Boot, annotations count once the application has {@code @EnableCaching}.
 */
@AutoConfiguration(
    beforeName = {
      "org.springframework.boot.autoconfigure.cache.CacheAutoConfiguration", // Spring Boot 3
      "org.springframework.boot.cache.autoconfigure.CacheAutoConfiguration" // Spring Boot 4
    })
@ConditionalOnMissingBean(CacheManager.class)
@Conditional(WantsMemjcache.class)
@EnableConfigurationProperties(MemjcacheProperties.class)
public class MemjcacheAutoConfiguration {

  private static final String CACHE_NAMES = "spring.cache.cache-names";

  /** Creates the configuration; Spring calls this. */
  public MemjcacheAutoConfiguration() {}

  @Bean
  ManagerConfiguration memjcacheManagerConfiguration(
      ConfigurableEnvironment environment,
      MemjcacheProperties properties,
      ObjectProvider<MemjcacheConnectionDetails> connection,
      ObjectProvider<MemjcacheOptionsCustomizer> customizers,
      BeanFactory beans) {
    Properties options = EnvironmentOptions.read(environment);
    @Nullable MemjcacheConnectionDetails details = connection.getIfAvailable();
    ManagerConfiguration configuration =
        ManagerConfiguration.of(
            options,
            properties.uri() == null
                ? environment.getProperty("spring.cache.jcache.config")
                : properties.uri(),
            details == null ? null : details.getServers(),
            environment.getProperty("spring.application.name"),
            packages(beans));
    customizers.orderedStream().forEach(one -> one.customize(configuration.options()));
    return configuration;
  }

  private static List<String> packages(BeanFactory beans) {
    return AutoConfigurationPackages.has(beans)
        ? AutoConfigurationPackages.get(beans).stream().filter(StringUtils::hasLength).toList()
        : List.of();
  }

  @Bean(destroyMethod = "close")
  MemcachedCachingProvider memjcacheCachingProvider(ManagerConfiguration configuration) {
    return new MemcachedCachingProvider(configuration.options());
  }

  @Bean(destroyMethod = "") // by its provider
  MemcachedCacheManager memjcacheManager(
      MemcachedCachingProvider provider,
      ManagerConfiguration configuration,
      ApplicationContext context) {
    return provider.getCacheManager(configuration.uri(), context.getClassLoader(), null);
  }

  @Bean
  Namespaces memjcacheTenantCaches(
      MemcachedCacheManager manager,
      MemjcacheProperties properties,
      Environment environment,
      ObjectProvider<CacheObserver> observers) {
    List<String> names =
        List.of(environment.getProperty(CACHE_NAMES, String[].class, new String[0]));
    Boolean dynamic = properties.caches().dynamic();
    return new Namespaces(
        manager,
        names,
        dynamic == null ? names.isEmpty() : dynamic,
        properties.tenants().maxOpen(),
        observers::orderedStream);
  }

  @Bean(destroyMethod = "close")
  RetrievingThreads memjcacheRetrievingThreads() {
    return new RetrievingThreads();
  }

  @Bean
  MemjcacheCacheManager cacheManager(
      Namespaces namespaces,
      MemjcacheProperties properties,
      ObjectProvider<TenantResolver> tenants,
      RetrievingThreads threads) {
    return new MemjcacheCacheManager(
        namespaces, tenants.getIfAvailable(), properties.caches().transactionAware(), threads);
  }
}
