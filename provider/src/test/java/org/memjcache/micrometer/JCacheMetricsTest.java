package org.memjcache.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.binder.cache.JCacheMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
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

  private Cache<String, String> cache(URI uri) {
    return provider
        .getCacheManager(uri, null)
        .createCache("info", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
  }
}
