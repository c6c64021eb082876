// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.cache.Cache;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/** What docs/frameworks.md says of Resilience4j. */
class Resilience4jTest {

  private static Cache<String, String> cache(MemcachedCachingProvider provider, URI uri) {
    CacheManager manager = provider.getCacheManager(uri, null);
    return Cache.of(
        manager.createCache(
            "info",
            new MutableConfiguration<String, String>().setTypes(String.class, String.class)));
  }

  @Test
  void decoratedSupplier_isAskedOnce_andGoesOnWithoutMemcached() {
    try (MemcachedServer server = MemcachedServer.start();
        MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      AtomicInteger asked = new AtomicInteger();
      Function<String, String> info =
          Cache.decorateSupplier(
              cache(provider, server.uri("resilience4j?failure=miss")),
              () -> "2 days " + asked.incrementAndGet());

      assertThat(info.apply("Lisboa")).isEqualTo("2 days 1");
      assertThat(info.apply("Lisboa")).isEqualTo("2 days 1");
      assertThat(info.apply("Porto")).isEqualTo("2 days 2");

      server.kill();
      assertThat(info.apply("Lisboa")).isEqualTo("2 days 3");
    }
  }
}
