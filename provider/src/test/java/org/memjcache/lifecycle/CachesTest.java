// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryEventFilter;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** How caches come and go: what createCache refuses, what closing ends, what destroying clears. */
@Memcached
class CachesTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final URI uri;
  private MemcachedCacheManager manager;

  CachesTest(MemcachedServer server) {
    this.server = server;
    this.uri = LongTimeoutUri.of(server, "hotels/Lisboa");
  }

  @BeforeEach
  void open() {
    server.flushAll();
    manager = provider.getCacheManager(uri, null);
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void createCache_nameInUse_saysSo() {
    manager.createCache("info", new MutableConfiguration<>());

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.createCache("info", new MutableConfiguration<>()))
        .withMessage(
            "A cache named 'info' exists already in the manager "
                + uri
                + "; use getCache, or another name");
  }

  @Test
  void createCache_storeByReference_isRefused() {
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(
            () -> manager.createCache("info", new MutableConfiguration<>().setStoreByValue(false)))
        .withMessage(
            "The cache 'info' is configured to store by reference; values in memcached are always"
                + " stored by value: setStoreByValue(true)");
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void createCache_throughNothing_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> manager.createCache("info", new MutableConfiguration<>().setReadThrough(true)))
        .withMessage(
            "The cache 'info' is configured for read-through without a cache loader factory");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> manager.createCache("info", new MutableConfiguration<>().setWriteThrough(true)))
        .withMessage(
            "The cache 'info' is configured for write-through without a cache writer factory");
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void createCache_nullArguments_areNamed() {
    assertThatNullPointerException()
        .isThrownBy(() -> manager.createCache(null, new MutableConfiguration<>()))
        .withMessage("The cache name is null");
    assertThatNullPointerException()
        .isThrownBy(() -> manager.createCache("info", null))
        .withMessage("The configuration is null");
  }

  @Test
  void createCache_plainConfiguration_hasItsTypes() {
    Configuration<String, Integer> plain =
        new Configuration<>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Class<String> getKeyType() {
            return String.class;
          }

          @Override
          public Class<Integer> getValueType() {
            return Integer.class;
          }

          @Override
          public boolean isStoreByValue() {
            return true;
          }
        };

    Cache<String, Integer> cache = manager.createCache("info", plain);

    cache.put("k", 1);
    assertThat(manager.getCache("info", String.class, Integer.class).get("k")).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void createCache_aFactoryFails_leavesNothingBehind(Part failing) {
    Parts parts = new Parts();
    MutableConfiguration<String, String> configuration = parts.configuration(failing);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.createCache("info", configuration))
        .withMessageContaining("factory")
        .havingRootCause()
        .withMessage("no " + failing);

    assertThat(manager.getCacheNames()).isEmpty();
    assertThat(parts.open).as("parts that were made and not closed").isEmpty();
    manager.createCache("info", new MutableConfiguration<>()).put("k", "v");
  }

  @Test
  @SuppressWarnings("unchecked") // JCache asks for a class, which has no type arguments
  void createCache_laterChangesOfTheConfiguration_doNotMatter() {
    MutableConfiguration<String, String> configuration =
        new MutableConfiguration<String, String>().setTypes(String.class, String.class);
    Cache<String, String> cache = manager.createCache("info", configuration);
    configuration.setStatisticsEnabled(true);

    MutableConfiguration<String, String> copy = cache.getConfiguration(MutableConfiguration.class);
    copy.setManagementEnabled(true);

    CompleteConfiguration<?, ?> now = cache.getConfiguration(CompleteConfiguration.class);
    assertThat(now.isStatisticsEnabled()).isFalse();
    assertThat(now.isManagementEnabled()).isFalse();
  }

  @Test
  void createCache_afterAnother_findsWhatThatStored() {
    Cache<String, String> first = manager.createCache("info", new MutableConfiguration<>());
    first.put("k", "v");
    first.close();

    Cache<String, String> second = manager.createCache("info", new MutableConfiguration<>());

    assertThat(second.get("k")).isEqualTo("v");
  }

  @Test
  void createCache_byManyThreads_oneWins() {
    for (int round = 0; round < 50; round++) {
      String name = "info " + round;
      List<Object> outcomes = Collections.synchronizedList(new ArrayList<>());

      SimultaneousThreads.run(
          4,
          thread -> {
            try {
              outcomes.add(manager.createCache(name, new MutableConfiguration<>()));
            } catch (CacheException e) {
              outcomes.add(e.getMessage());
            }
          });

      assertThat(outcomes).filteredOn(Cache.class::isInstance).hasSize(1);
      assertThat(outcomes).contains((Object) manager.getCache(name));
      assertThat(manager.getCache(name).isClosed()).isFalse();
    }
  }

  @Test
  void getCache_otherTypes_namesBoth() {
    manager.createCache(
        "info", new MutableConfiguration<String, Integer>().setTypes(String.class, Integer.class));

    assertThat(manager.getCache("info", String.class, Integer.class)).isNotNull();
    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> manager.getCache("info", Long.class, Integer.class))
        .withMessage("The cache 'info' has the key type java.lang.String, not java.lang.Long");
    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> manager.getCache("info", String.class, Object.class))
        .withMessage("The cache 'info' has the value type java.lang.Integer, not java.lang.Object");
    assertThatNullPointerException()
        .isThrownBy(() -> manager.getCache("info", null, Integer.class))
        .withMessage("The key type is null");
    assertThatNullPointerException()
        .isThrownBy(() -> manager.getCache("info", String.class, null))
        .withMessage("The value type is null");
  }

  @Test
  void getCache_missing_isNull() {
    assertThat(manager.<String, String>getCache("info")).isNull();
    assertThat(manager.getCache("info", String.class, String.class)).isNull();
    assertThatNullPointerException()
        .isThrownBy(() -> manager.getCache(null))
        .withMessage("The cache name is null");
  }

  @Test
  void getCacheNames_areThoseOpenAndCanNotBeChanged() {
    manager.createCache("one", new MutableConfiguration<>());
    manager.createCache("", new MutableConfiguration<>());
    Iterable<String> names = manager.getCacheNames();
    manager.createCache("later", new MutableConfiguration<>());

    assertThat(names).containsExactlyInAnyOrder("one", "");
    Iterator<String> iterator = names.iterator();
    iterator.next();
    assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(iterator::remove);
    manager.getCache("one").close();
    assertThat(manager.getCacheNames()).containsExactlyInAnyOrder("", "later");
  }

  @Test
  void enable_missingCache_namesThoseThatAreThere() {
    manager.createCache("info", new MutableConfiguration<>());

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.enableStatistics("inof", true))
        .withMessage("There is no cache named 'inof' in the manager " + uri + ", only [info]");
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> manager.enableManagement("inof", true))
        .withMessage("There is no cache named 'inof' in the manager " + uri + ", only [info]");
  }

  @Test
  void destroyCache_clearsForAllAndClosesHereOnly() {
    try (IsolatedProvider otherProcess = new IsolatedProvider()) {
      Cache<String, String> theirs =
          otherProcess.cache(LongTimeoutUri.of(server, "hotels/Lisboa"), "info");
      Cache<String, String> ours = manager.createCache("info", new MutableConfiguration<>());
      Cache<String, String> sister = manager.createCache("rooms", new MutableConfiguration<>());
      ours.put("k", "v");
      sister.put("k", "v");
      assertThat(theirs.get("k")).isEqualTo("v");

      manager.destroyCache("info");

      assertThat(ours.isClosed()).isTrue();
      assertThat(manager.<String, String>getCache("info")).isNull();
      assertThat(theirs.isClosed()).isFalse();
      assertThat(theirs.get("k")).isNull();
      assertThat(sister.get("k")).isEqualTo("v");
      assertThat(manager.createCache("info", new MutableConfiguration<String, String>()).get("k"))
          .isNull();
    }
  }

  @Test
  void destroyCache_notOpenHere_isClearedAllTheSame() {
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());
    cache.put("k", "v");
    cache.close();

    manager.destroyCache("info");
    manager.destroyCache("never there");

    assertThat(manager.createCache("info", new MutableConfiguration<String, String>()).get("k"))
        .isNull();
  }

  @ParameterizedTest
  @EnumSource
  void close_anyWay_closesEachPartOnceAndDeletesNothing(Closing how) {
    Parts parts = new Parts();
    Cache<String, String> cache = manager.createCache("info", parts.configuration(null));
    cache.put("k", "v");
    assertThat(parts.open).containsExactlyInAnyOrder(Part.values());

    how.close(this, cache);
    how.close(this, cache);

    assertThat(cache.isClosed()).isTrue();
    assertThat(parts.open).isEmpty();
    assertThat(parts.closed).containsExactlyInAnyOrder(Part.values());
    Cache<String, String> again =
        provider.getCacheManager(uri, null).createCache("info", new MutableConfiguration<>());
    assertThat(again.get("k")).isEqualTo(how == Closing.DESTROY ? null : "v");
  }

  @Test
  void close_aPartThatFailsToClose_doesNotKeepTheOthersOpen() {
    Parts parts = new Parts();
    MutableConfiguration<String, String> configuration = parts.configuration(null);
    configuration.setCacheLoaderFactory(FailingToClose::new);
    Cache<String, String> cache = manager.createCache("info", configuration);

    cache.close();

    assertThat(parts.open).isEmpty();
    assertThat(manager.getCacheNames()).isEmpty();
  }

  @Test
  void closedCache_refusesEverythingButAskingWhatItIs() {
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    cache.close();
    List<Runnable> calls =
        List.of(
            () -> cache.get("k"),
            () -> cache.get(null),
            () -> cache.getAll(Set.of("k")),
            () -> cache.getAll(null),
            () -> cache.containsKey("k"),
            () -> cache.containsKey(null),
            () -> cache.loadAll(Set.of("k"), true, null),
            () -> cache.loadAll(null, true, null),
            () -> cache.put("k", "v"),
            () -> cache.put(null, null),
            () -> cache.getAndPut("k", "v"),
            () -> cache.putAll(Map.of("k", "v")),
            () -> cache.putAll(null),
            () -> cache.putIfAbsent("k", "v"),
            () -> cache.remove("k"),
            () -> cache.remove("k", "v"),
            () -> cache.getAndRemove("k"),
            () -> cache.replace("k", "v", "w"),
            () -> cache.replace("k", "v"),
            () -> cache.getAndReplace("k", "v"),
            () -> cache.removeAll(Set.of("k")),
            () -> cache.removeAll(null),
            cache::removeAll,
            cache::clear,
            () -> cache.invoke("k", (entry, arguments) -> null),
            () -> cache.invoke(null, null),
            () -> cache.invokeAll(Set.of("k"), (entry, arguments) -> null),
            () -> cache.invokeAll(null, null),
            () -> assertThat(cache.iterator()).isNull(),
            () -> cache.registerCacheEntryListener(null),
            () -> cache.deregisterCacheEntryListener(null),
            () -> assertThat(iterator.hasNext()).isFalse(),
            iterator::next,
            iterator::remove);

    for (Runnable call : calls) {
      assertThatIllegalStateException()
          .isThrownBy(call::run)
          .withMessageStartingWith("The cache 'hotels/Lisboa/info' is closed, ")
          .withMessageContaining("or with its cache manager")
          .withMessageContaining("the same URI and class loader share one manager");
    }
    cache.close();
    assertThat(cache.getName()).isEqualTo("info");
    assertThat(cache.getCacheManager()).isSameAs(manager);
    assertThat((Object) cache.unwrap(MemcachedCache.class)).isSameAs(cache);
  }

  @Test
  void openCache_nullArguments_areNamed() {
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());
    Map<String, String> withNullKey = new HashMap<>();
    withNullKey.put(null, "v");
    Map<String, String> withNullValue = new HashMap<>();
    withNullValue.put("k", null);
    Set<String> nulls = withNullKey.keySet();
    Map<String, Runnable> calls =
        Map.ofEntries(
            Map.entry("1 The key is null", () -> cache.get(null)),
            Map.entry("2 The key is null", () -> cache.getAll(nulls)),
            Map.entry("3 The set of keys is null", () -> cache.getAll(null)),
            Map.entry("4 The key is null", () -> cache.containsKey(null)),
            Map.entry("5 The key is null", () -> cache.loadAll(nulls, true, null)),
            Map.entry("6 The set of keys is null", () -> cache.loadAll(null, true, null)),
            Map.entry("7 The key is null", () -> cache.put(null, "v")),
            Map.entry("8 The value is null", () -> cache.put("k", null)),
            Map.entry("9 The key is null", () -> cache.getAndPut(null, "v")),
            Map.entry("10 The value is null", () -> cache.getAndPut("k", null)),
            Map.entry("11 The map is null", () -> cache.putAll(null)),
            Map.entry("12 The key is null", () -> cache.putAll(withNullKey)),
            Map.entry("13 The value is null", () -> cache.putAll(withNullValue)),
            Map.entry("14 The key is null", () -> cache.putIfAbsent(null, "v")),
            Map.entry("15 The value is null", () -> cache.putIfAbsent("k", null)),
            Map.entry("16 The key is null", () -> cache.remove(null)),
            Map.entry("17 The key is null", () -> cache.remove(null, "v")),
            Map.entry("18 The value is null", () -> cache.remove("k", null)),
            Map.entry("19 The key is null", () -> cache.getAndRemove(null)),
            Map.entry("20 The key is null", () -> cache.replace(null, "v", "w")),
            Map.entry("21 The value is null", () -> cache.replace("k", null, "w")),
            Map.entry("22 The value is null", () -> cache.replace("k", "v", null)),
            Map.entry("23 The key is null", () -> cache.replace(null, "v")),
            Map.entry("24 The value is null", () -> cache.replace("k", null)),
            Map.entry("25 The key is null", () -> cache.getAndReplace(null, "v")),
            Map.entry("26 The value is null", () -> cache.getAndReplace("k", null)),
            Map.entry("27 The set of keys is null", () -> cache.removeAll(null)),
            Map.entry("28 The key is null", () -> cache.removeAll(nulls)),
            Map.entry("29 The key is null", () -> cache.invoke(null, (entry, a) -> null)),
            Map.entry("30 The entry processor is null", () -> cache.invoke("k", null)),
            Map.entry("31 The set of keys is null", () -> cache.invokeAll(null, (e, a) -> null)),
            Map.entry("32 The key is null", () -> cache.invokeAll(nulls, (entry, a) -> null)),
            Map.entry("33 The entry processor is null", () -> cache.invokeAll(Set.of("k"), null)),
            Map.entry(
                "34 The listener configuration is null",
                () -> cache.registerCacheEntryListener(null)),
            Map.entry(
                "35 The listener configuration is null",
                () -> cache.deregisterCacheEntryListener(null)));

    calls.forEach(
        (expected, call) ->
            assertThatNullPointerException()
                .as(expected)
                .isThrownBy(call::run)
                .withMessage(expected.substring(expected.indexOf(' ') + 1)));
  }

  @Test
  void unwrapAndGetConfiguration_otherType_nameTheOnlyOnes() {
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> cache.unwrap(String.class))
        .withMessage(
            "The cache can't be unwrapped to java.lang.String, only to"
                + " org.memjcache.MemcachedCache");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cache.getConfiguration(OtherConfiguration.class))
        .withMessage(
            "The configuration can't be returned as"
                + " org.memjcache.lifecycle.CachesTest$OtherConfiguration, only as"
                + " org.memjcache.MemcachedConfiguration or"
                + " javax.cache.configuration.MutableConfiguration and what that implements");
  }

  @Test
  void registerListener_twice_isRefusedAndTheFirstStays() {
    Cache<String, String> cache = manager.createCache("info", new MutableConfiguration<>());
    Parts parts = new Parts();
    MutableCacheEntryListenerConfiguration<String, String> listener = parts.listener(null);
    cache.registerCacheEntryListener(listener);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> cache.registerCacheEntryListener(listener));

    assertThat(parts.open).containsExactlyInAnyOrder(Part.LISTENER, Part.FILTER);
    cache.deregisterCacheEntryListener(listener);
    assertThat(parts.open).isEmpty();
    cache.registerCacheEntryListener(listener);
  }

  /** The ways in which a cache ends. */
  private enum Closing {
    CACHE {
      @Override
      void close(CachesTest test, Cache<?, ?> cache) {
        cache.close();
      }
    },
    DESTROY {
      @Override
      void close(CachesTest test, Cache<?, ?> cache) {
        test.manager.destroyCache("info");
      }
    },
    MANAGER {
      @Override
      void close(CachesTest test, Cache<?, ?> cache) {
        test.manager.close();
      }
    },
    URI_AND_LOADER {
      @Override
      void close(CachesTest test, Cache<?, ?> cache) {
        test.provider.close(test.uri, null);
      }
    },
    PROVIDER {
      @Override
      void close(CachesTest test, Cache<?, ?> cache) {
        test.provider.close();
      }
    };

    abstract void close(CachesTest test, Cache<?, ?> cache);
  }

  /** What an application plugs into a cache. */
  private enum Part {
    EXPIRY,
    LOADER,
    WRITER,
    LISTENER,
    FILTER
  }

  /** Makes parts and keeps account of which are open. */
  private static final class Parts {
    final List<Part> open = new ArrayList<>();
    final List<Part> closed = new ArrayList<>();

    MutableConfiguration<String, String> configuration(Part failing) {
      return new MutableConfiguration<String, String>()
          .setExpiryPolicyFactory(factory(Part.EXPIRY, failing, new Expiry(this)))
          .setReadThrough(true)
          .setCacheLoaderFactory(factory(Part.LOADER, failing, new Loader(this)))
          .setWriteThrough(true)
          .setCacheWriterFactory(factory(Part.WRITER, failing, new Writer(this)))
          .addCacheEntryListenerConfiguration(listener(failing));
    }

    MutableCacheEntryListenerConfiguration<String, String> listener(Part failing) {
      return new MutableCacheEntryListenerConfiguration<>(
          factory(Part.LISTENER, failing, new Listener(this)),
          factory(Part.FILTER, failing, new Filter(this)),
          false,
          true);
    }

    private <T> Factory<T> factory(Part part, Part failing, T made) {
      return () -> {
        if (part == failing) {
          throw new IllegalStateException("no " + part);
        }
        open.add(part);
        return made;
      };
    }

    void close(Part part) {
      open.remove(part);
      closed.add(part);
    }
  }

  private record Expiry(Parts parts) implements ExpiryPolicy, AutoCloseable {
    @Override
    public Duration getExpiryForCreation() {
      return Duration.ETERNAL;
    }

    @Override
    public Duration getExpiryForAccess() {
      return null;
    }

    @Override
    public Duration getExpiryForUpdate() {
      return null;
    }

    @Override
    public void close() {
      parts.close(Part.EXPIRY);
    }
  }

  private record Loader(Parts parts) implements CacheLoader<String, String>, AutoCloseable {
    @Override
    public String load(String key) {
      return null;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      return Map.of();
    }

    @Override
    public void close() {
      parts.close(Part.LOADER);
    }
  }

  private static final class FailingToClose implements CacheLoader<String, String>, AutoCloseable {
    @Override
    public String load(String key) {
      return null;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      return Map.of();
    }

    @Override
    public void close() {
      throw new IllegalStateException("can't be closed");
    }
  }

  private record Writer(Parts parts) implements CacheWriter<String, String>, AutoCloseable {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {}

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
      entries.clear();
    }

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.clear();
    }

    @Override
    public void close() {
      parts.close(Part.WRITER);
    }
  }

  private record Listener(Parts parts)
      implements CacheEntryCreatedListener<String, String>, AutoCloseable {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public void close() {
      parts.close(Part.LISTENER);
    }
  }

  private record Filter(Parts parts)
      implements CacheEntryEventFilter<String, String>, AutoCloseable {
    @Override
    public boolean evaluate(CacheEntryEvent<? extends String, ? extends String> event) {
      return true;
    }

    @Override
    public void close() {
      parts.close(Part.FILTER);
    }
  }

  private abstract static class OtherConfiguration implements Configuration<String, String> {
    private static final long serialVersionUID = 1L;
  }
}
