// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCache;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What loaders and writers are asked, and what of it counts. */
@Memcached
@Timeout(60)
@Tag("slow")
class ReadAndWriteThroughTest {

  private static final long LOADING_MILLIS = 500;

  private final MemcachedServer server;
  private final TestProvider caches = new TestProvider();
  private final RecordingWriter written = new RecordingWriter();

  ReadAndWriteThroughTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    caches.close();
    server.flushAll();
  }

  private Cache<Object, Object> cache(
      MutableConfiguration<Object, Object> configuration, Function<Object, Object> load) {
    configuration
        .setReadThrough(true)
        .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(load));
    return caches.manager(server.uri("hotels")).createCache("info", configuration);
  }

  /** What the writer was told before is in the database, so it must be in the cache. */
  @Test
  void invokeAll_laterProcessorThrowsAnError_earlierEntriesAreChanged() {
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>().setWriteThrough(true).setCacheWriterFactory(() -> written),
            key -> null);
    Set<Object> keys = new LinkedHashSet<>(List.of("first", "second"));
    keys.forEach(key -> cache.put(key, "old"));

    assertThatThrownBy(
            () ->
                cache.invokeAll(
                    keys,
                    (entry, arguments) -> {
                      if (entry.getKey().equals("second")) {
                        throw new AssertionError("on purpose");
                      }
                      entry.setValue("new");
                      return null;
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessage("on purpose");

    assertThat(cache.get("first")).isEqualTo("new");
    assertThat(cache.get("second")).isEqualTo("old");
  }

  /** The row would stay where it was loaded from, and be loaded again. */
  @Test
  void invoke_removesWhatItLoaded_tellsTheWriter() {
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>().setWriteThrough(true).setCacheWriterFactory(() -> written),
            key -> "loaded");

    cache.invoke(
        "k",
        (entry, arguments) -> {
          entry.getValue();
          entry.remove();
          return null;
        });
    cache.invoke(
        "l",
        (entry, arguments) -> {
          entry.getValue();
          entry.setValue("set");
          entry.remove();
          return null;
        });

    assertThat(written.calls()).containsExactly("delete k", "delete l");
  }

  @Test
  void statistics_timeOfTheLoaderAndProcessorIsNotThatOfGets() {
    Cache<Object, Object> cache =
        cache(new MutableConfiguration<>().setStatisticsEnabled(true), this::loadSlowly);

    cache.get("a");
    cache.getAll(Set.of("b"));
    cache.invoke("c", (entry, arguments) -> entry.getValue());

    float micros = ((MemcachedCache<?, ?>) cache).getStatistics().getAverageGetTime();
    assertThat(micros).isPositive().isLessThan(TimeUnit.MILLISECONDS.toMicros(LOADING_MILLIS));
  }

  private Object loadSlowly(Object key) {
    try {
      Thread.sleep(2 * LOADING_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return "loaded";
  }

  /** Only a life of zero means that there never was an entry (JSR-107, ExpiryPolicy). */
  @Test
  void get_loadedForAMillisecond_isReturned() {
    Duration millisecond = new Duration(TimeUnit.MILLISECONDS, 1);
    Cache<Object, Object> cache =
        cache(
            new MutableConfiguration<>()
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(millisecond)),
            key -> "loaded");

    for (int i = 0; i < 500; i++) {
      assertThat(cache.get("k")).isEqualTo("loaded");
      assertThat(cache.getAll(Set.of("l"))).containsEntry("l", "loaded");
    }
  }
}
