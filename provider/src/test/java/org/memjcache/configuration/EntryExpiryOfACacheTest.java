// SPDX-License-Identifier: Apache-2.0
package org.memjcache.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.EntryExpiry;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.FunctionLoader;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** A cache that is given a policy which sees its entries. */
@Memcached
@Tag("slow")
class EntryExpiryOfACacheTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  @AfterEach
  void close() {
    provider.close();
  }

  /** Gives some values no time at all. */
  private static class NoTime implements EntryExpiry<Object, Object>, AutoCloseable {
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public Duration getExpiryForCreation(Object key, Object value) {
      return value.equals("gone") ? Duration.ZERO : Duration.ETERNAL;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  /** What stores two entries, of which one has no time. */
  enum Stored {
    PUT(
        cache -> {
          cache.put("k", "kept");
          cache.put("g", "gone");
        }),
    PUT_ALL(cache -> cache.putAll(Map.of("k", "kept", "g", "gone"))),
    PUT_IF_ABSENT(
        cache -> {
          cache.putIfAbsent("k", "kept");
          cache.putIfAbsent("g", "gone");
        }),
    REPLACE(
        cache -> {
          cache.putAll(Map.of("k", "before", "g", "before"));
          cache.replace("k", "kept");
          cache.replace("g", "gone");
        }),
    PROCESS(
        cache ->
            cache.invokeAll(
                Set.of("k", "g"),
                (entry, arguments) -> {
                  entry.setValue(entry.getKey().equals("k") ? "kept" : "gone");
                  return null;
                })),
    LOAD(
        cache -> {
          cache.get("k");
          cache.get("g");
        }),
    LOAD_SEVERAL(cache -> cache.getAll(Set.of("k", "g"))),
    LOAD_ALL(
        cache -> {
          CompletionListenerFuture done = new CompletionListenerFuture();
          cache.loadAll(Set.of("k", "g"), true, done);
          try {
            done.get();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });

    final Consumer<Cache<String, String>> operation;

    Stored(Consumer<Cache<String, String>> operation) {
      this.operation = operation;
    }
  }

  @ParameterizedTest
  @EnumSource
  void entriesOfOneOperation_liveForDifferentTimes(Stored stored, MemcachedServer server) {
    NoTime policy = new NoTime();
    MemcachedCacheManager manager = provider.getCacheManager(server.uri("hotels/" + stored), null);
    Cache<String, String> cache = manager.createCache("cache", configuration(policy));

    stored.operation.accept(cache);

    assertThat(cache.containsKey("k")).isTrue();
    assertThat(cache.containsKey("g")).isFalse();
    assertThat(cache.get("k")).isEqualTo("kept");
    cache.close();
    assertThat(policy.closed).hasValue(1);
  }

  @Test
  void configuration_isCopiedWithIt_andEqualOnlyWithTheSame() {
    MemcachedConfiguration<String, String> one = configuration(new NoTime());

    MemcachedConfiguration<String, String> copy = new MemcachedConfiguration<>(one);

    assertThat(copy).isEqualTo(one).hasSameHashCodeAs(one);
    assertThat((Object) copy.getEntryExpiryFactory()).isSameAs(one.getEntryExpiryFactory());
    assertThat(copy.setEntryExpiryFactory(null)).isNotEqualTo(one);
  }

  @Test
  void twoPolicies_areRefused(MemcachedServer server) {
    MemcachedCacheManager manager = provider.getCacheManager(server.uri("hotels"), null);

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                manager.createCache(
                    "twice",
                    configuration(new NoTime())
                        .setExpiryPolicyFactory(
                            CreatedExpiryPolicy.factoryOf(Duration.ONE_MINUTE))))
        .withMessageContaining("'twice'")
        .withMessageContaining("setExpiryPolicyFactory and setEntryExpiryFactory");
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void expiryOfTheManagersConfiguration_doesNotCount(MemcachedServer server) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.cache.*.expiry", "created:1h");
    Cache<String, String> cache =
        provider
            .getCacheManager(server.uri("hotels"), null, properties)
            .createCache("cache", configuration(new NoTime()));

    cache.put("g", "gone");

    assertThat(cache.containsKey("g")).isFalse();
  }

  private static MemcachedConfiguration<String, String> configuration(NoTime policy) {
    return new MemcachedConfiguration<String, String>()
        .setTypes(String.class, String.class)
        .setCacheLoaderFactory(
            () -> new FunctionLoader<String, String>(Map.of("k", "kept", "g", "gone")::get))
        .setReadThrough(true)
        .setEntryExpiryFactory(() -> policy);
  }
}
