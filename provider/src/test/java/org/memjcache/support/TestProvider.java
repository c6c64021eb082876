// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.net.URI;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;

/** A provider of its own for one test, and caches of strings in it. To be closed after use. */
public final class TestProvider implements AutoCloseable {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  public MemcachedCachingProvider provider() {
    return provider;
  }

  /** Opens a manager; waits long, for machines that are busy, unless the URI says otherwise. */
  public MemcachedCacheManager manager(URI uri) {
    Properties options = new Properties();
    options.setProperty("memjcache.connectTimeout", "20s");
    if (!String.valueOf(uri.getQuery()).contains("timeout=")) {
      options.setProperty("memjcache.timeout", "20s");
    }
    return provider.getCacheManager(uri, null, options);
  }

  /** Opens the cache {@code info} of a manager. */
  public Cache<String, String> cache(URI uri) {
    return manager(uri).createCache("info", strings());
  }

  public static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<String, String>().setTypes(String.class, String.class);
  }

  @Override
  public void close() {
    provider.close();
  }
}
