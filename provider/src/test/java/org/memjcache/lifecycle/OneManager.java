package org.memjcache.lifecycle;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
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
                .setExpiryPolicyFactory(
                    CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.SECONDS, 1)))
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> (CacheEntryCreatedListener<String, String>) events -> {},
                        null,
                        true,
                        false)));
    heard.put("key", "value");
    manager.createCache("closed", new MutableConfiguration<>()).close();
    provider.clear(uri);
    manager.close();
  }
}
