// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import java.net.URI;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;

/** An application whose caches the command line looks at. */
final class Hotels implements AutoCloseable {

  private static final AtomicInteger APPLICATIONS = new AtomicInteger(10);

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  MemcachedCacheManager manager(URI uri) {
    return provider.getCacheManager(uri, getClass().getClassLoader());
  }

  /** Returns a cache for any keys and values that need no configuration. */
  Cache<Object, Object> cache(URI uri, String name) {
    return manager(uri).createCache(name, new MutableConfiguration<>());
  }

  /** Returns a cache of a manager with options, of which there is no other with this URI yet. */
  Cache<Object, Object> cache(URI uri, Properties options, String name) {
    provider.close(uri, getClass().getClassLoader());
    return provider
        .getCacheManager(uri, getClass().getClassLoader(), options)
        .createCache(name, new MutableConfiguration<>());
  }

  /** Returns the name of an application that no other test has. */
  static String newName() {
    return "hotels" + APPLICATIONS.incrementAndGet();
  }

  @Override
  public void close() {
    provider.close();
  }
}
