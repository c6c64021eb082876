// SPDX-License-Identifier: Apache-2.0
package org.memjcache.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.near.NearCaches.NAME;

import java.net.URI;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What a process changes it sees at once, by whichever of its caches it changed it. */
@Tag("slow")
@Tag("any-jdk")
@Memcached
class OwnChangesTest {

  /** Long enough that no copy is outdated by time. */
  private static final String STALENESS = "1h";

  private final MemcachedServer server;
  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final MemcachedCachingProvider alsoHere = new MemcachedCachingProvider();
  private final IsolatedProvider there = new IsolatedProvider();
  private final URI uri;
  private final Cache<String, String> inMemcached;

  OwnChangesTest(MemcachedServer server) {
    this.server = server;
    uri = server.uri(NearCaches.newPath());
    inMemcached = there.cache(uri, NAME);
  }

  @AfterEach
  void close() {
    here.close();
    alsoHere.close();
    there.close();
  }

  /** An operation that changes the entry {@code k}, whose value is {@code old}. */
  private enum OwnChange {
    PUT(cache -> cache.put("k", "new")),
    GET_AND_PUT(cache -> cache.getAndPut("k", "new")),
    PUT_ALL(cache -> cache.putAll(Map.of("k", "new", "l", "new"))),
    REPLACE(cache -> cache.replace("k", "new")),
    REPLACE_EXPECTED(cache -> cache.replace("k", "old", "new")),
    GET_AND_REPLACE(cache -> cache.getAndReplace("k", "new")),
    REMOVE(cache -> cache.remove("k")),
    REMOVE_EXPECTED(cache -> cache.remove("k", "old")),
    GET_AND_REMOVE(cache -> cache.getAndRemove("k")),
    REMOVE_ALL_KEYS(cache -> cache.removeAll(Set.of("k", "l"))),
    REMOVE_ALL(Cache::removeAll),
    CLEAR(Cache::clear),
    CLEAR_MANAGER(cache -> ((MemcachedCacheManager) cache.getCacheManager()).clear()),
    CLEAR_LEVEL(
        cache ->
            ((MemcachedCachingProvider) cache.getCacheManager().getCachingProvider())
                .clear(cache.getCacheManager().getURI().resolve("/" + application(cache)))),
    DESTROY(cache -> cache.getCacheManager().destroyCache(cache.getName())),
    INVOKE_SET(cache -> cache.invoke("k", OwnChange::setNew)),
    INVOKE_REMOVE(
        cache ->
            cache.invoke(
                "k",
                (entry, arguments) -> {
                  entry.remove();
                  return null;
                })),
    INVOKE_ALL(cache -> cache.invokeAll(Set.of("k", "l"), OwnChange::setNew)),
    ITERATOR_REMOVE(
        cache -> {
          Iterator<Cache.Entry<String, String>> entries = cache.iterator();
          while (entries.hasNext()) {
            entries.next();
            entries.remove();
          }
        }),
    LOAD_ALL(
        cache -> {
          CompletionListenerFuture loaded = new CompletionListenerFuture();
          cache.loadAll(Set.of("k"), true, loaded);
          try {
            loaded.get(20, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });

    private final Step step;

    OwnChange(Step step) {
      this.step = step;
    }

    private static Object setNew(
        javax.cache.processor.MutableEntry<String, String> entry, Object... arguments) {
      entry.setValue("new");
      return null;
    }

    private static String application(Cache<?, ?> cache) {
      return cache.getCacheManager().getURI().getPath().split("/")[1];
    }
  }

  private interface Step {
    void run(Cache<String, String> cache);
  }

  /** Settings with which changes take other ways. */
  private enum Settings {
    PLAIN(configuration -> configuration),
    COUNTED(configuration -> configuration.setStatisticsEnabled(true)),
    HEARD(
        configuration ->
            configuration.addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(
                    () -> (CacheEntryUpdatedListener<String, String>) events -> {},
                    null,
                    true,
                    true))),
    EXPIRING(
        configuration ->
            configuration.setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));

    private final UnaryOperator<MemcachedConfiguration<String, String>> change;

    Settings(UnaryOperator<MemcachedConfiguration<String, String>> change) {
      this.change = change;
    }

    MemcachedConfiguration<String, String> apply(MemcachedConfiguration<String, String> to) {
      return change.apply(
          to.setCacheLoaderFactory(
              new FactoryBuilder.SingletonFactory<>(
                  new FunctionLoader<String, String>(key -> "loaded"))));
    }
  }

  static Stream<Arguments> changes() {
    return Stream.of(OwnChange.values())
        .flatMap(
            change -> Stream.of(Settings.values()).map(settings -> Arguments.of(change, settings)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void change_byTheCacheItself_isSeenAtOnce(OwnChange change, Settings settings) {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS, settings::apply);
    haveCopies(near);

    change.step.run(near);

    assertSeesWhatIsThere(near.isClosed() ? reopened() : near);
  }

  /** Of another manager, with a client of its own, which is strict and keeps nothing near. */
  @ParameterizedTest
  @MethodSource("changes")
  void change_byAnotherManagerOfTheProcess_isSeenAtOnce(OwnChange change, Settings settings) {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS);
    Cache<String, String> other =
        alsoHere
            .getCacheManager(URI.create(uri + "?timeout=11s"), null)
            .createCache(NAME, settings.apply(new MemcachedConfiguration<>()));
    haveCopies(near);

    change.step.run(other);

    assertSeesWhatIsThere(near);
  }

  @ParameterizedTest
  @EnumSource(Settings.class)
  void putIfAbsent_afterTheEntryWasRemovedElsewhere_isSeenAtOnce(Settings settings) {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS, settings::apply);
    haveCopies(near);
    inMemcached.remove("k");

    assertThat(near.putIfAbsent("k", "new")).isTrue();

    assertThat(near.get("k")).isEqualTo("new");
  }

  /** The operation is on the entry as it is; that it changes nothing says nothing of copies. */
  @Test
  void conditionalChanges_decideOnWhatIsThere_notOnCopies() {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS);
    haveCopies(near);
    inMemcached.put("k", "others");

    assertThat(near.replace("k", "old", "new")).isFalse();
    assertThat(near.remove("k", "old")).isFalse();
    assertThat(near.<String>invoke("k", (entry, arguments) -> entry.getValue()))
        .isEqualTo("others");
    assertThat(near.getAndPut("k", "new")).isEqualTo("others");
    assertThat(near.get("k")).isEqualTo("new");
  }

  /** Memcached may have evicted what is near: no scan finds it then. */
  @ParameterizedTest
  @EnumSource(Settings.class)
  void removeAll_ofWhatIsNearOnly_removesIt(Settings settings) {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS, settings::apply);
    haveCopies(near);
    inMemcached.remove("k");
    assertThat(near.get("k")).isEqualTo("old");

    near.removeAll();

    assertThat(near.get("k")).isNull();
  }

  @Test
  void closedCache_openedAgain_knowsNothing() {
    Cache<String, String> near = NearCaches.open(here, uri, STALENESS);
    haveCopies(near);
    near.close();
    inMemcached.put("k", "new");

    assertThat(reopened().get("k")).isEqualTo("new");
  }

  private Cache<String, String> reopened() {
    return NearCaches.open(here, uri, STALENESS);
  }

  private static void haveCopies(Cache<String, String> near) {
    near.put("k", "old");
    near.put("l", "old");
    assertThat(near.getAll(Set.of("k", "l"))).hasSize(2);
  }

  private void assertSeesWhatIsThere(Cache<String, String> near) {
    for (String key : Set.of("k", "l")) {
      String there = inMemcached.get(key);
      assertThat(near.get(key)).as(key).isEqualTo(there);
      assertThat(near.containsKey(key)).as(key).isEqualTo(there != null);
    }
    assertThat(near.getAll(new HashSet<>(Set.of("k", "l"))))
        .isEqualTo(inMemcached.getAll(Set.of("k", "l")));
    assertThat(server.isRunning()).isTrue();
  }
}
