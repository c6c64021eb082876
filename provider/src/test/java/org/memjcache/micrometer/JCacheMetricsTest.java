// SPDX-License-Identifier: Apache-2.0
package org.memjcache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.Log;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/**
 * Micrometer's own binder, which makes an MBean's name of the manager's URI. What it can't do is
 * written in docs/frameworks.md, with what to write instead.
 */
@Memcached(servers = 2)
class JCacheMetricsTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void monitor_serversSeparatedBySemicolons_counts(MemcachedCluster memcached) {
    Cache<String, String> cache =
        cache(URI.create(memcached.uri("/hotels/Lisboa").toString().replace(',', ';')));

    JCacheMetrics.monitor(registry, cache, "tenant", "Lisboa");
    cache.put("a", "1");
    cache.get("a");

    assertThat(registry.get("cache.puts").functionCounter().count()).isEqualTo(1);
    assertThat(registry.get("cache.gets").tag("result", "hit").functionCounter().count())
        .isEqualTo(1);
  }

  @Test
  void monitor_serversSeparatedByCommas_fails(MemcachedCluster memcached) {
    Cache<String, String> cache = cache(memcached.uri("/hotels"));

    assertThatThrownBy(() -> JCacheMetrics.monitor(registry, cache))
        .hasMessageContaining("invalid JMX name");
  }

  @Test
  void monitor_optionsInTheQuery_fails(MemcachedCluster memcached) {
    Cache<String, String> cache = cache(memcached.server(0).uri("/hotels?timeout=5s"));

    assertThatThrownBy(() -> JCacheMetrics.monitor(registry, cache))
        .hasMessageContaining("invalid JMX name");
  }

  /** The second one's statistics, and the first one's: a managed bean has one owner. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void monitor_twoManagersWithOneUri_showsTheFirst_andTheLogNamesBoth(
      boolean ofAnotherCopy, MemcachedCluster memcached) {
    URI uri = memcached.server(0).uri("/hotels/Lisboa");
    Cache<String, String> first = cache(uri);
    AtomicReference<Cache<String, String>> opened = new AtomicReference<>();
    try (IsolatedProvider copy = new IsolatedProvider();
        MemcachedCachingProvider other = new MemcachedCachingProvider()) {
      CachingProvider second = ofAnotherCopy ? copy.provider() : other;
      ClassLoader loader = new URLClassLoader("hotels.war", new URL[0], null);
      String log = Log.of(() -> opened.set(cache(second.getCacheManager(uri, loader))));
      JCacheMetrics.monitor(registry, opened.get(), "manager", "second");
      first.put("a", "1");
      first.put("b", "1");
      opened.get().put("c", "1");

      assertThat(registry.get("cache.puts").functionCounter().count()).isEqualTo(2);
      assertThat(log)
          .contains("WARN", "JCacheMetrics", "MemcachedCacheMetrics")
          .contains("another cache for the cache 'info' of the manager " + uri + " with the class")
          .contains("the class loader 'hotels.war': the bean")
          .contains(
              "is that of the cache 'info' of the manager " + uri + " with the class loader ");
    }
  }

  @Test
  void memcachedCacheMetrics_twoManagersWithOneUri_showsEachOnesOwn(MemcachedCluster memcached) {
    URI uri = memcached.server(0).uri("/hotels/Lisboa");
    Cache<String, String> first = cache(uri);
    Cache<String, String> second =
        cache(provider.getCacheManager(uri, new URLClassLoader(new URL[0], null)));
    MemcachedCacheMetrics.monitor(registry, first, "manager", "first");
    MemcachedCacheMetrics.monitor(registry, second, "manager", "second");
    first.put("a", "1");
    first.put("b", "1");
    second.put("c", "1");

    assertThat(registry.get("cache.puts").tag("manager", "first").functionCounter().count())
        .isEqualTo(2);
    assertThat(registry.get("cache.puts").tag("manager", "second").functionCounter().count())
        .isEqualTo(1);
  }

  private Cache<String, String> cache(URI uri) {
    return cache(provider.getCacheManager(uri, null));
  }

  private static Cache<String, String> cache(CacheManager manager) {
    return manager.createCache(
        "info", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
  }
}
