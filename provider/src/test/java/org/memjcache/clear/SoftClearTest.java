// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.testkit.MemcachedServer;

/** Within the grace of a clear, the older value is served while one caller loads the entry. */
@Tag("slow")
@Tag("any-jdk")
@Timeout(120)
class SoftClearTest {

  private static final String KEY = "k";
  private static final Duration LONG = Duration.ofHours(1);

  /** More than a clear and a read take, and less than a test may wait. */
  private static final Duration SHORT = Duration.ofSeconds(3);

  private static final String LEASE = "load.lease=1h&load.wait=1h";

  private final MemcachedServer server = MemcachedServer.start();
  private final List<IsolatedProvider> processes = new ArrayList<>();
  private final SlowLoader slow = new SlowLoader((key, number) -> "new");

  @AfterEach
  void stop() {
    slow.go();
    processes.forEach(IsolatedProvider::close);
    server.close();
  }

  /** A read that loads what is missing. */
  enum Read {
    GET {
      @Override
      Object from(Cache<String, String> cache, Function<String, String> load) {
        return cache.get(KEY);
      }
    },
    GET_ALL {
      @Override
      Object from(Cache<String, String> cache, Function<String, String> load) {
        return cache.getAll(Set.of(KEY)).get(KEY);
      }
    },
    INVOKE {
      @Override
      Object from(Cache<String, String> cache, Function<String, String> load) {
        return cache.invoke(KEY, (entry, arguments) -> entry.getValue());
      }
    },
    /** As Spring does with {@code @Cacheable(sync = true)}. */
    INVOKE_AND_SET {
      @Override
      Object from(Cache<String, String> cache, Function<String, String> load) {
        return cache.invoke(
            KEY,
            (entry, arguments) -> {
              if (!entry.exists()) {
                entry.setValue(load.apply(KEY));
              }
              return entry.getValue();
            });
      }
    };

    abstract Object from(Cache<String, String> cache, Function<String, String> load);
  }

  private CacheManager manager(String path, String options) {
    IsolatedProvider process = new IsolatedProvider();
    processes.add(process);
    return process.manager(URI.create(server.uri(path) + "?timeout=20s&" + options));
  }

  private MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<String, String>()
        .setTypes(String.class, String.class)
        .setStatisticsEnabled(true)
        .setReadThrough(true)
        .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(slow::load));
  }

  private Cache<String, String> process(String options) {
    return cache(manager("hotels/Lisboa", options), configuration());
  }

  private static Cache<String, String> cache(
      CacheManager manager, MutableConfiguration<String, String> configuration) {
    return manager.createCache("info", configuration);
  }

  private CompletableFuture<Object> beginToLoad(Read read, Cache<String, String> cache)
      throws InterruptedException {
    CompletableFuture<Object> loaded = inBackground(read, cache);
    slow.awaitBegun();
    return loaded;
  }

  private CompletableFuture<Object> inBackground(Read read, Cache<String, String> cache) {
    return OwnThread.supply(() -> read.from(cache, slow::load));
  }

  /** Requires that a read waits for what is loaded, and gets that. */
  private void assertWaits(Cache<String, String> cache) throws InterruptedException {
    CompletableFuture<Object> loaded = beginToLoad(Read.GET, process(LEASE));
    CompletableFuture<Object> waiting = inBackground(Read.GET, cache);
    TimeUnit.MILLISECONDS.sleep(100); // in which it would be served
    assertThat(waiting).isNotDone();
    slow.go();
    assertThat(loaded.join()).isEqualTo("new");
    assertThat(waiting.join()).isEqualTo("new");
  }

  private void evictWhatIsNewSince(Set<String> before) {
    Set<String> stored = keys();
    stored.removeAll(before);
    stored.forEach(key -> server.command("delete " + key));
  }

  private Set<String> keys() {
    return server.command("lru_crawler metadump all").stream()
        .filter(line -> line.startsWith("key="))
        .map(
            line -> URLDecoder.decode(line.substring(4, line.indexOf(' ')), StandardCharsets.UTF_8))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @EnumSource
  void read_whileAnotherProcessLoads_isServedTheOlderValue(Read read) throws Exception {
    Cache<String, String> one = process(LEASE);
    Cache<String, String> other = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);

    CompletableFuture<Object> loaded = beginToLoad(read, one);

    assertThat(read.from(other, slow::load)).isEqualTo("old");
    assertThat(read.from(one, slow::load)).isEqualTo("old");
    assertThat(read.from(process(LEASE), slow::load)).isEqualTo("old");
    slow.go();
    assertThat(loaded.join()).isEqualTo("new");
    assertThat(read.from(one, slow::load)).isEqualTo("new");
    assertThat(read.from(other, slow::load)).isEqualTo("new");
    assertThat(slow.calls()).hasValue(1);
  }

  @Test
  void get_many_eachIsServedWhileItIsLoaded() throws Exception {
    Cache<String, String> one = process(LEASE);
    Map<String, String> all =
        IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "old" + i));
    one.putAll(all);
    IsolatedProvider.clear(one, LONG);
    CompletableFuture<Map<String, String>> loaded =
        OwnThread.supply(() -> one.getAll(all.keySet()));
    slow.awaitBegun();

    assertThat(process(LEASE).getAll(all.keySet())).isEqualTo(all);
    slow.go();
    assertThat(loaded.join().values()).containsOnly("new");
  }

  @Test
  void get_afterTheGrace_waits() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, SHORT);
    TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());

    assertWaits(one);
  }

  @Test
  void get_theGraceEndsWhileOneLoads_waits() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, SHORT);
    beginToLoad(Read.GET, process(LEASE));
    assertThat(one.get(KEY)).isEqualTo("old");
    TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());

    CompletableFuture<Object> waiting = inBackground(Read.GET, one);
    TimeUnit.MILLISECONDS.sleep(100);
    assertThat(waiting).isNotDone();
    slow.go();
    assertThat(waiting.join()).isEqualTo("new");
  }

  /** A way to clear, hard, what was cleared softly before. */
  enum HardClear {
    CACHE {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        cache.clear();
      }
    },
    REMOVE_ALL {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        cache.removeAll();
      }
    },
    /** Each entry is removed by itself. */
    REMOVE_ALL_COUNTED {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        MutableConfiguration<String, String> counted = test.configuration();
        cache(test.manager("hotels/Lisboa", LEASE), counted).removeAll();
      }
    },
    TENANT {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        IsolatedProvider.clear(cache.getCacheManager());
      }
    },
    APPLICATION {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        test.processes.get(0).clear(test.server.uri("hotels"));
      }
    },
    NO_GRACE {
      @Override
      void clear(SoftClearTest test, Cache<String, String> cache) {
        IsolatedProvider.clear(cache, Duration.ZERO);
      }
    };

    abstract void clear(SoftClearTest test, Cache<String, String> cache);
  }

  @ParameterizedTest
  @EnumSource
  void get_clearedHardAfterwards_waits(HardClear way) throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    way.clear(this, process(LEASE));

    assertWaits(one);
  }

  @ParameterizedTest
  @EnumSource(names = {"TENANT", "APPLICATION"})
  void get_aLevelClearedSoftly_isServedTheOlderValue(HardClear level) throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    if (level == HardClear.TENANT) {
      IsolatedProvider.clear(one.getCacheManager(), LONG);
    } else {
      processes.get(0).clear(server.uri("hotels"), LONG);
    }
    beginToLoad(Read.GET, one);

    assertThat(process(LEASE).get(KEY)).isEqualTo("old");
  }

  @Test
  void get_severalLevelsClearedSoftly_isServedTheOlderValue() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    IsolatedProvider.clear(one.getCacheManager(), LONG);
    IsolatedProvider.clear(one, LONG);
    processes.get(0).clear(server.uri("hotels"), LONG);
    beginToLoad(Read.GET, one);

    assertThat(process(LEASE).get(KEY)).isEqualTo("old");
  }

  @Test
  void get_clearedSoftlyByManyAtOnce_isServedTheOlderValue() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    List<Cache<String, String>> all = IntStream.range(0, 3).mapToObj(i -> process(LEASE)).toList();
    List<CompletableFuture<Void>> clears =
        all.stream().map(each -> OwnThread.run(() -> IsolatedProvider.clear(each, LONG))).toList();
    clears.forEach(CompletableFuture::join);
    beginToLoad(Read.GET, one);

    assertThat(all.get(0).get(KEY)).isEqualTo("old");
  }

  /** It was there before the second clear, too. */
  @Test
  void get_theSecondClearHasAShorterGrace_endsWithThat() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    IsolatedProvider.clear(one, SHORT);
    TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());

    assertWaits(one);
  }

  /** A change after the clear, of which nothing is left that could be read. */
  enum Change {
    REMOVE(cache -> cache.remove(KEY)),
    GET_AND_REMOVE(cache -> cache.getAndRemove(KEY)),
    REMOVE_ALL_KEYS(cache -> cache.removeAll(Set.of(KEY))),
    INVOKE_REMOVE(
        cache ->
            cache.invoke(
                KEY,
                (entry, arguments) -> {
                  entry.remove();
                  return null;
                })),
    PUT(cache -> cache.put(KEY, "changed")),
    PUT_ALL(cache -> cache.putAll(Map.of(KEY, "changed"))),
    PUT_IF_ABSENT(cache -> cache.putIfAbsent(KEY, "changed")),
    GET_AND_PUT(cache -> cache.getAndPut(KEY, "changed")),
    INVOKE_SET(
        cache ->
            cache.invoke(
                KEY,
                (entry, arguments) -> {
                  entry.setValue("changed");
                  return null;
                }));

    private final Consumer<Cache<String, String>> change;

    Change(Consumer<Cache<String, String>> change) {
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void get_changedAfterwardsAndEvicted_isNotServedTheOlderValue(Change change) throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    Set<String> before = keys();

    change.change.accept(process(LEASE));

    evictWhatIsNewSince(before);
    assertWaits(one);
  }

  /** With an expiry that looks at what is there, a removal takes another way. */
  @ParameterizedTest
  @EnumSource(names = {"REMOVE", "REMOVE_ALL_KEYS", "INVOKE_REMOVE", "GET_AND_REMOVE"})
  void get_removedAfterwardsWithExpiry_isNotServedTheOlderValue(Change change) throws Exception {
    MutableConfiguration<String, String> expiring =
        configuration()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(javax.cache.expiry.Duration.ONE_HOUR));
    Cache<String, String> one = cache(manager("hotels/Lisboa", LEASE), expiring);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);

    change.change.accept(cache(manager("hotels/Lisboa", LEASE), expiring));

    assertWaits(one);
  }

  @Test
  void get_loadedAndEvicted_isNotServedTheOlderValue() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    Set<String> before = keys();
    Cache<String, String> quick =
        cache(
            manager("hotels/Lisboa", LEASE),
            configuration()
                .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(key -> "loaded")));
    assertThat(quick.get(KEY)).isEqualTo("loaded");

    evictWhatIsNewSince(before);
    assertWaits(one);
  }

  @Test
  void get_theLoaderHasNothing_isNotServedTheOlderValue() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    Set<String> before = keys();
    Cache<String, String> empty =
        cache(
            manager("hotels/Lisboa", LEASE),
            configuration()
                .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(key -> null)));
    assertThat(empty.get(KEY)).isNull();

    evictWhatIsNewSince(before);
    assertWaits(one);
  }

  @Test
  void get_theOlderValueHasExpired_waits() throws Exception {
    MutableConfiguration<String, String> expiring =
        configuration()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(
                    new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, SHORT.toMillis())));
    Cache<String, String> one = cache(manager("hotels/Lisboa", LEASE), expiring);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    TimeUnit.MILLISECONDS.sleep(SHORT.toMillis());

    assertWaits(one);
  }

  /** Then a process that removes the entry does not know that there is an older one. */
  @Test
  void get_whatMayBeServedIsEvicted_waits() throws Exception {
    Cache<String, String> one = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    CompletableFuture<Object> loaded = beginToLoad(Read.GET, process(LEASE));
    assertThat(one.get(KEY)).isEqualTo("old");
    keys().stream()
        .filter(key -> key.contains("grace"))
        .forEach(key -> server.command("delete " + key));

    CompletableFuture<Object> waiting = inBackground(Read.GET, one);
    TimeUnit.MILLISECONDS.sleep(100);
    assertThat(waiting).isNotDone();
    slow.go();
    assertThat(loaded.join()).isEqualTo(waiting.join());
  }

  @Test
  void invoke_changesWhatIsThere_isNotRunOnTheOlderValue() throws Exception {
    Cache<String, String> one = process(LEASE);
    Cache<String, String> other = process(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    CompletableFuture<Object> loaded = beginToLoad(Read.GET, one);

    CompletableFuture<String> appended =
        OwnThread.supply(
            () ->
                other.invoke(
                    KEY,
                    (entry, arguments) -> {
                      entry.setValue(entry.getValue() + "+");
                      return entry.getValue();
                    }));
    TimeUnit.MILLISECONDS.sleep(100);
    slow.go();

    assertThat(loaded.join()).isEqualTo("new");
    assertThat(appended.join()).isEqualTo("new+");
    assertThat(one.get(KEY)).isEqualTo("new+");
  }

  @Test
  void plainGet_findsNothing() {
    Cache<String, String> one = plain(LEASE);
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);

    assertThat(one.get(KEY)).isNull();
    assertThat(plain(LEASE).get(KEY)).isNull();
    assertThat(one.containsKey(KEY)).isFalse();
    assertThat(one).isEmpty();
  }

  private Cache<String, String> plain(String options) {
    return cache(manager("hotels/Lisboa", options), new MutableConfiguration<>());
  }

  @Test
  void plainGet_withTheOption_allButTheFirstAreServedTheOlderValue() {
    String options = LEASE + "&clear.grace.plain=true";
    Cache<String, String> one = plain(options);
    Cache<String, String> other = plain(options);
    one.putAll(Map.of(KEY, "old", "l", "old l"));
    IsolatedProvider.clear(one, LONG);

    assertThat(one.get(KEY)).isNull();
    assertThat(other.get(KEY)).isEqualTo("old");
    assertThat(one.get(KEY)).isEqualTo("old");
    assertThat(other.getAll(Set.of(KEY, "l"))).isEqualTo(Map.of(KEY, "old"));
    assertThat(one.getAll(Set.of(KEY, "l"))).isEqualTo(Map.of(KEY, "old", "l", "old l"));
    assertThat(one.containsKey(KEY)).isFalse();
    one.put(KEY, "new");
    assertThat(other.get(KEY)).isEqualTo("new");
  }

  /** A clear that is soft because of the option. */
  enum SoftByOption {
    CLEAR(Cache::clear),
    REMOVE_ALL(Cache::removeAll),
    TENANT(cache -> IsolatedProvider.clear(cache.getCacheManager()));

    private final Consumer<Cache<?, ?>> clear;

    SoftByOption(Consumer<Cache<?, ?>> clear) {
      this.clear = clear;
    }
  }

  @ParameterizedTest
  @EnumSource
  void get_clearedWithTheOption_isServedTheOlderValue(SoftByOption way) throws Exception {
    String options = LEASE + "&clear.grace=1h";
    Cache<String, String> one =
        cache(manager("hotels/Lisboa", options), configuration().setStatisticsEnabled(false));
    one.put(KEY, "old");
    way.clear.accept(one);
    beginToLoad(Read.GET, one);

    assertThat(process(LEASE).get(KEY)).isEqualTo("old");
  }

  @Test
  void get_destroyedWithTheOption_waits() throws Exception {
    Cache<String, String> one = process(LEASE + "&clear.grace=1h");
    one.put(KEY, "old");
    one.getCacheManager().destroyCache("info");

    assertWaits(process(LEASE));
  }

  @Test
  void get_withoutLease_loads() {
    Cache<String, String> one = process("load.lease=0s");
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    slow.go();

    assertThat(one.get(KEY)).isEqualTo("new");
    assertThat(slow.calls()).hasValue(1);
  }

  @Test
  void get_anotherCache_isLeftAlone() throws Exception {
    Cache<String, String> one = process(LEASE);
    Cache<String, String> rates = one.getCacheManager().createCache("rates", configuration());
    rates.put(KEY, "rate");
    one.put(KEY, "old");
    IsolatedProvider.clear(one, LONG);
    beginToLoad(Read.GET, one);

    assertThat(rates.get(KEY)).isEqualTo("rate");
    assertThat(one.get(KEY)).isEqualTo("old");
  }
}
