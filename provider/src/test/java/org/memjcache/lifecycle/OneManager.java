// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.chaos.InjectedError;

/**
 * Opens a manager, uses and closes it, while a step fails; then closes the provider while none
 * does. Takes the manager's URI, and says by {@link InjectedError} what fails; returns whether
 * something did.
 */
final class OneManager implements BiFunction<URI, Long, Boolean> {

  /** Stands for steps at random, one of so many. */
  static final long AT_RANDOM = -100;

  private static final long PATIENCE_SECONDS = 20;

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  @Override
  public Boolean apply(URI uri, Long step) {
    long before = InjectedError.count();
    if (step < 0) {
      InjectedError.oneOf((int) -step);
    } else {
      InjectedError.at(step);
    }
    try {
      openAndClose(uri);
    } catch (InjectedError e) {
      // Some of it is open now, and only the provider knows it.
    } catch (CacheException e) {
      if (step == 0) {
        throw e;
      }
    } finally {
      InjectedError.at(0);
      InjectedError.oneOf(0);
    }
    provider.close();
    return InjectedError.count() > before;
  }

  private void openAndClose(URI uri) {
    ClassLoader application =
        new URLClassLoader("application", new URL[0], OneManager.class.getClassLoader());
    MemcachedCacheManager manager = provider.getCacheManager(uri, application);
    Cache<String, String> heard =
        manager.createCache(
            "heard",
            new MutableConfiguration<String, String>()
                .setManagementEnabled(true)
                .setStatisticsEnabled(true)
                .setReadThrough(true)
                .setCacheLoaderFactory(Echo::new)
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.SECONDS, 1)))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> (CacheEntryCreatedListener<String, String>) events -> {},
                        null,
                        true,
                        false)));
    heard.put("key", "value");
    heard.iterator().forEachRemaining(entry -> {});
    loadAll(heard);
    manager.createCache("closed", new MutableConfiguration<>()).close();
    provider.clear(uri);
    manager.close();
  }

  private static void loadAll(Cache<String, String> cache) {
    CompletionListenerFuture told = new CompletionListenerFuture();
    cache.loadAll(Set.of("loaded"), true, told);
    try {
      told.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      // It was told of a failure.
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException("The completion listener was not told", e);
    }
  }

  /** Loads each key as itself. */
  private static final class Echo implements CacheLoader<String, String> {

    @Override
    public String load(String key) {
      return key;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new HashMap<>();
      keys.forEach(key -> loaded.put(key, key));
      return loaded;
    }
  }
}
