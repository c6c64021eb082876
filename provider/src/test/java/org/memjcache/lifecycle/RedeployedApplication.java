// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.memjcache.MemcachedCachingProvider;

/**
 * A web application that uses a cache in all ways that need threads, connections or managed beans,
 * and closes the provider when it is stopped, unless it is told not to.
 */
public final class RedeployedApplication implements ServletContextListener {

  static final String URI_PARAMETER = "uri";
  static final String CLOSE_PARAMETER = "close";

  private static final CountDownLatch HEARD = new CountDownLatch(1);

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  /** Returns the key itself. */
  public static final class Echo implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      return key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Set<String> all = Set.of("a", "b");
      return all.stream().collect(Collectors.toMap(key -> key, key -> key));
    }
  }

  /** Hears that something was created. */
  public static final class Ear implements CacheEntryCreatedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {
      HEARD.countDown();
    }
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    try {
      use(URI.create(context.getInitParameter(URI_PARAMETER)));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void use(URI uri) throws InterruptedException, ExecutionException {
    Cache<String, String> cache =
        provider
            .getCacheManager(uri, Thread.currentThread().getContextClassLoader())
            .createCache(
                "hotels",
                new MutableConfiguration<String, String>()
                    .setTypes(String.class, String.class)
                    .setStatisticsEnabled(true)
                    .setManagementEnabled(true)
                    .setCacheLoaderFactory(FactoryBuilder.factoryOf(Echo.class))
                    .addCacheEntryListenerConfiguration(
                        new MutableCacheEntryListenerConfiguration<>(
                            FactoryBuilder.factoryOf(Ear.class), null, false, false)));
    cache.clear();
    cache.put("k", "v");
    CompletionListenerFuture loaded = new CompletionListenerFuture();
    cache.loadAll(Set.of("a", "b"), false, loaded);
    loaded.get();
    HEARD.await();
    int entries = 0;
    for (Cache.Entry<String, String> entry : cache) {
      entries += cache.get(entry.getKey()).length();
    }
    if (entries != 3) {
      throw new IllegalStateException("not three entries of one letter but " + entries);
    }
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    if (Boolean.parseBoolean(event.getServletContext().getInitParameter(CLOSE_PARAMETER))) {
      provider.close();
    }
  }
}
