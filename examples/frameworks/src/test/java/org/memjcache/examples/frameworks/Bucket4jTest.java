// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.grid.jcache.Bucket4jJCache;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/** What docs/frameworks.md says of Bucket4j. */
class Bucket4jTest {

  private static final BucketConfiguration TEN_AN_HOUR =
      BucketConfiguration.builder()
          .addLimit(limit -> limit.capacity(10).refillIntervally(10, Duration.ofHours(1)))
          .build();

  private static Bucket bucket(CachingProvider provider, URI uri) {
    CacheManager manager = provider.getCacheManager(uri, null);
    return Bucket4jJCache.entryProcessorBasedBuilder(
            manager.createCache(
                "limits",
                new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class)))
        .build()
        .builder()
        .build("guest 7", () -> TEN_AN_HOUR);
  }

  @Test
  void tryConsume_byTwoProcesses_givesNoTokenTwice() {
    try (MemcachedServer server = MemcachedServer.start();
        CachingProvider one = new MemcachedCachingProvider();
        CachingProvider other = new MemcachedCachingProvider()) {
      URI uri = server.uri("limits?failure=throw");
      List<Bucket> buckets = List.of(bucket(one, uri), bucket(other, uri));

      long given =
          IntStream.range(0, 40)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> buckets.get(i % 2).tryConsume(1)))
              .toList()
              .stream()
              .filter(CompletableFuture::join)
              .count();

      assertThat(given).isEqualTo(10);
    }
  }

  /** With failure=miss everybody would have a new bucket then. */
  @Test
  void tryConsume_serverIsAway_isAnErrorWithFailureThrow() {
    try (MemcachedServer server = MemcachedServer.start();
        CachingProvider provider = new MemcachedCachingProvider()) {
      Bucket bucket = bucket(provider, server.uri("limits?failure=throw"));
      assertThat(bucket.tryConsume(1)).isTrue();
      server.kill();

      assertThatThrownBy(() -> bucket.tryConsume(1)).isInstanceOf(CacheException.class);
    }
  }
}
