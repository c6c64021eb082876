// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import net.rubyeye.xmemcached.MemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * How many bytes of memcached an entry takes, as memcached itself says, beyond those that the bare
 * client takes for the same key and value: the path, 18 more, and 4 for a deadline.
 */
@Timeout(60)
class ItemSizeTest {

  private static final String KEY = "ORDER-47";
  private static final String VALUE = "v".repeat(100);

  private final MemcachedServer server = MemcachedServer.start();
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  @AfterEach
  void close() {
    provider.close();
    server.close();
  }

  @Test
  void threeLevels_atMostForty() throws Exception {
    assertThat(size(Duration.ETERNAL, "") - bareSize()).isLessThanOrEqualTo(36);
  }

  @Test
  void threeLevelsAndADeadline_atMostForty() throws Exception {
    assertThat(size(Duration.ONE_HOUR, "") - bareSize()).isLessThanOrEqualTo(40);
  }

  @Test
  void threeLevelsAndADeadlineSigned_twelveMore() throws Exception {
    assertThat(size(Duration.ONE_HOUR, "correct horse battery staple") - bareSize())
        .isLessThanOrEqualTo(52);
  }

  private int bareSize() throws Exception {
    XMemcachedClientBuilder builder = new XMemcachedClientBuilder(server.address());
    MemcachedClient bare = builder.build();
    try {
      bare.set(KEY, 0, VALUE, 20_000);
    } finally {
      bare.shutdown();
    }
    return sizeOf(KEY);
  }

  private int size(Duration lifetime, String secret) {
    Properties options = new Properties();
    options.setProperty("memjcache.timeout", "20s");
    if (!secret.isEmpty()) {
      options.setProperty("memjcache.secret", secret);
    }
    Cache<String, String> cache =
        provider
            .getCacheManager(server.uri("hotels/Lisboa"), null, options)
            .createCache(
                "info",
                new MutableConfiguration<String, String>()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(lifetime)));
    cache.put(KEY, VALUE);
    return sizeOf("hotels%2FLisboa%2Finfo%3A[^ ]{7}%3AS" + KEY);
  }

  /** Returns the size of the item whose escaped key a pattern fits. */
  private int sizeOf(String key) {
    Pattern line = Pattern.compile("key=" + key + " .*size=(\\d+).*");
    return Stream.generate(() -> server.command("lru_crawler metadump hash"))
        .limit(50) // the crawler may be busy
        .flatMap(lines -> lines.stream().map(line::matcher).filter(Matcher::matches))
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .findFirst()
        .orElseThrow();
  }
}
