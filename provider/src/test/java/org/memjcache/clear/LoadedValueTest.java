// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * A loaded value belongs to the versions of its miss: if another process clears while the loader
 * runs, the caller gets the value and the cache doesn't keep it. Otherwise a clear during a slow
 * load would put the old data back.
 */
@Memcached
@Tag("slow")
@Tag("any-jdk")
class LoadedValueTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final IsolatedProvider otherProcess = new IsolatedProvider();
  private final Source source = new Source();
  private Cache<String, String> cache;
  private Cache<String, String> other;

  LoadedValueTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void open() {
    server.flushAll();
    cache =
        provider
            .getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa"), null)
            .createCache(
                "info",
                new MutableConfiguration<String, String>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(source)));
    other = otherProcess.cache(LongTimeoutUri.of(server, "hotels/Lisboa"), "info");
  }

  @AfterEach
  void close() {
    provider.close();
    otherProcess.close();
  }

  /** What happens while the loader is asked: another process comes in between. */
  private enum Between {
    CACHE_CLEARED {
      @Override
      void happen(LoadedValueTest test) {
        test.other.clear();
      }
    },
    CACHE_EMPTIED {
      @Override
      void happen(LoadedValueTest test) {
        test.other.removeAll();
      }
    },
    CACHE_DESTROYED {
      @Override
      void happen(LoadedValueTest test) {
        test.other.getCacheManager().destroyCache("info");
        test.other = test.other.getCacheManager().createCache("info", new MutableConfiguration<>());
      }
    },
    TENANT_CLEARED {
      @Override
      void happen(LoadedValueTest test) {
        IsolatedProvider.clear(test.other.getCacheManager());
      }
    },
    APPLICATION_CLEARED {
      @Override
      void happen(LoadedValueTest test) {
        test.otherProcess.clear(LongTimeoutUri.of(test.server, "hotels"));
      }
    },
    VERSION_LOST {
      @Override
      void happen(LoadedValueTest test) {
        test.server.command("delete hotels/Lisboa:version");
      }
    },
    CLEARED_BY_THIS_CACHE {
      @Override
      void happen(LoadedValueTest test) {
        test.cache.clear();
      }
    };

    abstract void happen(LoadedValueTest test);
  }

  @ParameterizedTest
  @EnumSource
  void get_clearedWhileLoading_returnsTheValueAndKeepsNothing(Between between) {
    source.whileLoading = () -> between.happen(this);

    assertThat(cache.get("/info")).isEqualTo("loaded 1 /info");

    assertThat(other.get("/info")).isNull();
    assertThat(cache.get("/info")).isEqualTo("loaded 2 /info");
    assertThat(other.get("/info")).isEqualTo("loaded 2 /info");
  }

  @ParameterizedTest
  @EnumSource
  void getAll_clearedWhileLoading_returnsTheValuesAndKeepsNothing(Between between) {
    source.whileLoading = () -> between.happen(this);
    Set<String> keys = Set.of("a", "b");

    assertThat(cache.getAll(keys)).isEqualTo(Map.of("a", "loaded 1 a", "b", "loaded 1 b"));

    assertThat(other.getAll(keys)).isEmpty();
    assertThat(cache.getAll(keys)).isEqualTo(Map.of("a", "loaded 2 a", "b", "loaded 2 b"));
    assertThat(other.getAll(keys)).isEqualTo(Map.of("a", "loaded 2 a", "b", "loaded 2 b"));
  }

  @ParameterizedTest
  @EnumSource
  void loadAll_clearedWhileLoading_keepsNothing(Between between) throws Exception {
    source.whileLoading = () -> between.happen(this);

    loadAll(false);

    assertThat(other.getAll(Set.of("a", "b"))).isEmpty();
    loadAll(false);
    assertThat(other.getAll(Set.of("a", "b")))
        .isEqualTo(Map.of("a", "loaded 2 a", "b", "loaded 2 b"));
  }

  @ParameterizedTest
  @EnumSource
  void loadAllReplacing_clearedWhileLoading_keepsNothing(Between between) throws Exception {
    cache.put("a", "old");
    source.whileLoading = () -> between.happen(this);

    loadAll(true);

    assertThat(other.getAll(Set.of("a", "b"))).isEmpty();
    loadAll(true);
    assertThat(other.getAll(Set.of("a", "b")))
        .isEqualTo(Map.of("a", "loaded 2 a", "b", "loaded 2 b"));
  }

  @ParameterizedTest
  @EnumSource
  void invoke_clearedWhileLoading_runsAgainAndKeepsWhatItSawThen(Between between) {
    source.whileLoading = () -> between.happen(this);
    AtomicInteger runs = new AtomicInteger();

    String result =
        cache.invoke(
            "/info",
            (entry, arguments) -> {
              runs.incrementAndGet();
              return entry.getValue();
            });

    assertThat(result).isEqualTo("loaded 2 /info");
    assertThat(runs).hasValue(2);
    assertThat(other.get("/info")).isEqualTo("loaded 2 /info");
  }

  @ParameterizedTest
  @EnumSource
  void invoke_clearedWhileTheProcessorRuns_runsAgainOverAnEmptyCache(Between between) {
    Cache<String, String> plain =
        provider
            .getCacheManager(LongTimeoutUri.of(server, "hotels/Lisboa", 2), null)
            .createCache("info", new MutableConfiguration<>());
    plain.put("/info", "old");
    List<String> seen = new ArrayList<>();

    plain.invoke(
        "/info",
        (entry, arguments) -> {
          seen.add(String.valueOf(entry.getValue()));
          if (seen.size() == 1) {
            between.happen(this);
          }
          entry.setValue("after " + entry.getValue());
          return null;
        });

    assertThat(seen).containsExactly("old", "null");
    assertThat(plain.get("/info")).isEqualTo("after null");
    assertThat(other.get("/info")).isEqualTo("after null");
  }

  @Test
  void get_writtenByAnotherWhileLoading_keepsWhatWasWritten() {
    source.whileLoading = () -> other.put("/info", "written");

    assertThat(cache.get("/info")).isEqualTo("loaded 1 /info");

    assertThat(cache.get("/info")).isEqualTo("written");
  }

  @Test
  void getAll_oneWrittenByAnotherWhileLoading_keepsItAndTheOthersLoaded() {
    source.whileLoading = () -> other.put("a", "written");

    assertThat(cache.getAll(Set.of("a", "b")))
        .isEqualTo(Map.of("a", "loaded 1 a", "b", "loaded 1 b"));

    assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "written", "b", "loaded 1 b"));
  }

  @Test
  void loadAllReplacing_writtenByAnotherWhileLoading_keepsWhatWasWritten() throws Exception {
    cache.put("a", "old");
    source.whileLoading = () -> other.put("a", "written");

    loadAll(true);

    assertThat(cache.getAll(Set.of("a", "b"))).isEqualTo(Map.of("a", "written", "b", "loaded 1 b"));
  }

  @Test
  void get_nothingInBetween_keepsTheLoadedValue() {
    assertThat(cache.get("/info")).isEqualTo("loaded 1 /info");
    assertThat(cache.get("/info")).isEqualTo("loaded 1 /info");
    assertThat(other.get("/info")).isEqualTo("loaded 1 /info");
    assertThat(source.calls).hasValue(1);
  }

  @Test
  void put_afterAClearThatThisProcessHasNotSeen_goesToTheNewestVersion() {
    cache.put("/info", "old");
    other.clear();

    cache.put("/info", "new");

    assertThat(other.get("/info")).isEqualTo("new");
  }

  private void loadAll(boolean replace) throws Exception {
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("a", "b"), replace, done);
    done.get(20, TimeUnit.SECONDS);
  }

  /** Loads values that tell which call brought them. Something may happen during the first. */
  private static final class Source implements CacheLoader<String, String> {
    private static final Runnable NOTHING = () -> {};

    private final AtomicInteger calls = new AtomicInteger();
    private volatile Runnable whileLoading = NOTHING;

    @Override
    public String load(String key) {
      return loadAll(Collections.singleton(key)).get(key);
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      int call = calls.incrementAndGet();
      Map<String, String> values = new HashMap<>();
      keys.forEach(key -> values.put(key, "loaded " + call + " " + key));
      Runnable now = whileLoading;
      whileLoading = NOTHING;
      now.run();
      return values;
    }
  }
}
