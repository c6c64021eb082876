package org.memjcache.examples.spring;

import java.net.URI;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** Checks whether memcached responds. */
@Component
public class MemcachedProbe implements DisposableBean {

  /** Enough keys that each of a few servers holds some of them. */
  private static final Set<Integer> KEYS =
      IntStream.range(0, 50).boxed().collect(Collectors.toSet());

  private final CacheManager manager;
  private final Cache<Integer, String> cache;

  /** Creates a probe. The application continues without memcached, but the probe must fail. */
  MemcachedProbe(CacheManager application) {
    manager =
        application
            .getCachingProvider()
            .getCacheManager(
                URI.create(application.getURI() + "?failure=throw"),
                application.getClassLoader(),
                application.getProperties());
    cache = manager.getCache("hotels");
  }

  /**
   * Asks the servers.
   *
   * @throws CacheException if one doesn't respond; names it
   */
  public void ask() {
    cache.getAll(KEYS);
  }

  @Override
  public void destroy() {
    manager.close();
  }
}
