// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.cache.annotation.CacheInvalidate;
import io.micronaut.cache.annotation.Cacheable;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedExtension;

/** What docs/frameworks.md says of Micronaut. */
class MicronautTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  enum Kind {
    INN,
    PALACE
  }

  /** Gives Micronaut its caches, in place of those that it has itself. */
  @Factory
  static class Caches {

    @Bean(preDestroy = "close")
    @Singleton
    CacheManager caches(@Value("${caches.uri}") String uri) {
      // A program says Caching.getCachingProvider(); here there are two "processes" in one.
      CacheManager manager = new MemcachedCachingProvider().getCacheManager(URI.create(uri), null);
      manager.createCache("info", new MutableConfiguration<>());
      return manager;
    }
  }

  @Singleton
  static class Hotels {

    int asked;

    @Cacheable("info")
    public String info(String hotel, Kind kind) {
      asked++;
      return kind + " " + hotel;
    }

    @CacheInvalidate(cacheNames = "info", all = true)
    public void changed() {}
  }

  @Test
  void cacheable_isSharedWithOtherProcesses_andClearedByOneIncrement() {
    try (ApplicationContext one = start("one");
        ApplicationContext other = start("one")) {
      Hotels hotels = one.getBean(Hotels.class);
      Hotels again = other.getBean(Hotels.class);

      assertThat(hotels.info("Tivoli", Kind.PALACE)).isEqualTo("PALACE Tivoli");
      assertThat(again.info("Tivoli", Kind.PALACE)).isEqualTo("PALACE Tivoli");
      assertThat(hotels.asked + again.asked).isEqualTo(1);

      int increments = increments();
      again.changed();
      assertThat(increments()).isEqualTo(increments + 1);
      assertThat(hotels.info("Tivoli", Kind.PALACE)).isEqualTo("PALACE Tivoli");
      assertThat(hotels.asked).isEqualTo(2);
    }
  }

  private static int increments() {
    return Integer.parseInt(memcached.server().stats().get("incr_hits"));
  }

  private static ApplicationContext start(String application) {
    return ApplicationContext.run(
        Map.of(
            "caches.uri",
            memcached
                .server()
                .uri("micronaut/" + application + "?serialization.allow=org.memjcache.examples.**")
                .toString()));
  }
}
