// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;
import static org.memjcache.support.Waiting.awaitWaiting;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.management.ObjectName;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedExtension;
import org.memjcache.testkit.MemcachedServer;

/** Keys, names, values, numbers and times at the edges of what there can be. */
@Timeout(120)
@Tag("slow")
@Tag("any-jdk")
class EdgeValuesTest {

  @RegisterExtension static final MemcachedExtension memcached = MemcachedExtension.create();

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    caches.close();
    memcached.cluster().flushAll();
  }

  private Cache<String, String> cache() {
    return caches.cache(memcached.uri("hotels/Lisboa"));
  }

  @ParameterizedTest
  @CsvSource({"10000, k", "10000, ß", "10000, ' '", "3333, 😀", "300000, k"})
  void longKeys_areKeysLikeOthers(int length, String piece) {
    Cache<String, String> cache = cache();
    String key = piece.repeat(length);
    String near = key + "x";

    cache.put(key, "v");
    cache.put(near, "near");
    assertThat(cache.get(key)).isEqualTo("v");
    assertThat(cache.getAll(Set.of(key, near))).isEqualTo(Map.of(key, "v", near, "near"));
    assertThat(cache.putIfAbsent(key, "w")).isFalse();
    assertThat(cache.replace(key, "v", "w")).isTrue();
    cache.invoke(
        key,
        (entry, arguments) -> {
          entry.setValue(entry.getKey().length() + entry.getValue());
          return null;
        });
    Map<String, String> listed = new HashMap<>();
    cache.forEach(entry -> listed.put(entry.getKey(), entry.getValue()));
    assertThat(listed).isEqualTo(Map.of(key, key.length() + "w", near, "near"));
    assertThat(cache.remove(key)).isTrue();
    assertThat(cache.get(near)).isEqualTo("near");
  }

  @Test
  void keyThatAloneIsLargerThanAnItem_isAnError() {
    Cache<String, String> cache = cache();
    String key = "k".repeat(2_000_000);

    assertThatThrownBy(() -> cache.put(key, "v"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining("-I");
    assertThat(cache.get(key)).isNull();
  }

  /** Equal collections, which differ in class and in the order of their elements. */
  static Stream<Arguments> equalCollections() {
    return Stream.of(
        Arguments.of(Set.of("a", "b"), new LinkedHashSet<>(List.of("b", "a"))),
        Arguments.of(Map.of("a", 1, "b", 2), new TreeMap<>(Map.of("b", 2, "a", 1))),
        Arguments.of(
            Map.entry("a", Set.of(1, 2)), new SimpleEntry<>("a", new TreeSet<>(Set.of(2, 1)))),
        Arguments.of(
            new SimplePrincipalCollection().add("ada", "ldap").add(36L, "db"),
            new SimplePrincipalCollection().add(36L, "db").add("ada", "ldap")));
  }

  @ParameterizedTest
  @MethodSource("equalCollections")
  void collections_areKeysLikeOthers(Object key, Object equal) {
    Cache<Object, Object> cache =
        caches
            .manager(memcached.uri("hotels/Lisboa"))
            .createCache("collections", new MutableConfiguration<Object, Object>());

    cache.put(key, "v");
    cache.put("other", "w");
    assertThat(cache.get(equal)).isEqualTo("v");
    assertThat(cache.getAll(Set.of(equal))).isEqualTo(Map.of(key, "v"));
    assertThat(cache.putIfAbsent(equal, "w")).isFalse();
    Map<Object, Object> listed = new HashMap<>();
    cache.forEach(entry -> listed.put(entry.getKey(), entry.getValue()));
    assertThat(listed).isEqualTo(Map.of(key, "v", "other", "w"));
    assertThat(cache.remove(equal)).isTrue();
    assertThat(cache.containsKey(key)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"x", "/", "😀", "' '", "ß"})
  void namesOfAThousandCharacters_areNamesLikeOthers(String piece) throws Exception {
    String name = piece.repeat(1000);
    List<Cache<String, String>> opened = new ArrayList<>();
    for (String end : List.of("", "y")) {
      URI uri =
          ManagerUri.servers(memcached.server().address())
              .namespace("hotels", name + end, name, name)
              .toUri();
      Cache<String, String> cache =
          caches
              .manager(uri)
              .createCache(
                  name,
                  TestProvider.strings().setStatisticsEnabled(true).setManagementEnabled(true));
      cache.put("k", "of " + end);
      opened.add(cache);
    }
    assertThat(opened).extracting(cache -> cache.get("k")).containsExactly("of ", "of y");
    assertThat(
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("javax.cache:*"), null))
        .hasSize(4);

    opened.get(0).clear();

    assertThat(opened).extracting(cache -> cache.get("k")).containsExactly(null, "of y");
    assertThatThrownBy(
            () -> opened.get(0).getCacheManager().createCache(name, TestProvider.strings()))
        .isInstanceOf(CacheException.class);
  }

  @Test
  void tenThousandCachesInAManager_useOneConnectionAndNoThread() {
    MemcachedCacheManager manager = caches.manager(memcached.uri("hotels/Lisboa"));
    manager.createCache("first", TestProvider.strings()).put("k", "first");
    int threads = ManagementFactory.getThreadMXBean().getThreadCount();
    String connections = memcached.server().stats().get("curr_connections");

    for (int i = 0; i < 10_000; i++) {
      Cache<String, String> cache = manager.createCache("cache " + i, TestProvider.strings());
      if (i % 50 == 0) {
        cache.put("k", "v" + i);
      }
    }
    for (int i = 0; i < 10_000; i += 50) {
      assertThat(manager.<String, String>getCache("cache " + i).get("k")).isEqualTo("v" + i);
    }
    assertThat(manager.getCacheNames()).hasSize(10_001);
    assertThat(memcached.server().stats()).containsEntry("curr_connections", connections);
    assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
        .isLessThanOrEqualTo(threads + 5); // of other tests, that come and go
    manager.close();
    assertThat(manager.isClosed()).isTrue();
  }

  @Test
  void largestValueThatFits_isStored_andOneByteMoreTakesTheOlderOneWithIt() {
    Cache<String, String> cache = cache();
    int fits = 1_000_000;
    int tooLarge = 1_100_000;
    while (tooLarge - fits > 1) {
      int length = (fits + tooLarge) / 2;
      if (isStored(cache, length)) {
        fits = length;
      } else {
        tooLarge = length;
      }
    }
    assertThat(isStored(cache, fits)).isTrue();
    assertThat(isStored(cache, fits + 1)).isFalse();
    assertThat(fits).isBetween((1 << 20) - 300, 1 << 20);
  }

  private static boolean isStored(Cache<String, String> cache, int length) {
    String value = "x".repeat(length);
    cache.put("k", "older");
    try {
      cache.put("k", value);
    } catch (CacheException e) {
      assertThat(e).hasMessageContaining("-I");
      assertThat(cache.get("k")).isNull();
      return false;
    }
    assertThat(cache.get("k")).isEqualTo(value);
    return true;
  }

  @ParameterizedTest
  @EnumSource(TimeUnit.class)
  void longestLife_neverEnds(TimeUnit unit) {
    for (long amount : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MAX_VALUE / 1000}) {
      Cache<String, String> cache = living("long " + amount, unit, amount);
      cache.put("k", "v");

      assertThat(cache.get("k")).isEqualTo("v");
      assertThat(cache.replace("k", "w")).isTrue();
      assertThat(cache).extracting(Cache.Entry::getValue).containsExactly("w");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TimeUnit.class,
      names = {"NANOSECONDS", "MICROSECONDS", "MILLISECONDS"})
  void shortestLife_ends(TimeUnit unit) throws InterruptedException {
    Cache<String, String> cache = living("short", unit, 1);
    cache.put("k", "v");

    await("it has expired").until(() -> cache.get("k") == null);
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.putIfAbsent("k", "w")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"2591999", "2592000", "2592001", "400000000", "3000000000"})
  void lifeAroundThirtyDaysAndBeyond2038_isStored(long seconds) {
    Cache<String, String> cache = living("about", TimeUnit.SECONDS, seconds);
    cache.put("k", "v");

    assertThat(cache.get("k")).isEqualTo("v");
    assertThat(cache.replace("k", "w")).isTrue();
    assertThat(cache.get("k")).isEqualTo("w");
  }

  private Cache<String, String> living(String name, TimeUnit unit, long amount) {
    MemcachedCacheManager manager = caches.manager(memcached.uri("hotels/Lisboa"));
    return manager.createCache(
        name,
        TestProvider.strings()
            .setExpiryPolicyFactory(
                CreatedExpiryPolicy.factoryOf(
                    unit.compareTo(TimeUnit.MILLISECONDS) < 0
                        ? new Duration(TimeUnit.MILLISECONDS, Math.max(1, unit.toMillis(amount)))
                        : new Duration(unit, amount))));
  }

  // Wrong types and nulls, by those who lost their generics

  static Stream<Arguments> operations() {
    Map<String, Consumer<Cache<Object, Object>>> table = new LinkedHashMap<>();
    for (Object key : new Object[] {1, null}) {
      table.put("get " + key, cache -> cache.get(key));
      table.put("containsKey " + key, cache -> cache.containsKey(key));
      table.put("getAll " + key, cache -> cache.getAll(setOf("k", key)));
      table.put("put " + key, cache -> cache.put(key, "v"));
      table.put("getAndPut " + key, cache -> cache.getAndPut(key, "v"));
      table.put("putAll " + key, cache -> cache.putAll(mapOf(key, "v")));
      table.put("putIfAbsent " + key, cache -> cache.putIfAbsent(key, "v"));
      table.put("remove " + key, cache -> cache.remove(key));
      table.put("remove if " + key, cache -> cache.remove(key, "v"));
      table.put("getAndRemove " + key, cache -> cache.getAndRemove(key));
      table.put("removeAll " + key, cache -> cache.removeAll(setOf("k", key)));
      table.put("replace " + key, cache -> cache.replace(key, "v"));
      table.put("replace if " + key, cache -> cache.replace(key, "v", "w"));
      table.put("getAndReplace " + key, cache -> cache.getAndReplace(key, "v"));
      table.put("invoke " + key, cache -> cache.invoke(key, (entry, arguments) -> null));
      table.put(
          "invokeAll " + key,
          cache -> cache.invokeAll(setOf("k", key), (entry, arguments) -> null));
      table.put("loadAll " + key, cache -> cache.loadAll(setOf("k", key), true, null));
    }
    for (Object value : new Object[] {1, null}) {
      table.put("put value " + value, cache -> cache.put("k", value));
      table.put("getAndPut value " + value, cache -> cache.getAndPut("k", value));
      table.put("putAll value " + value, cache -> cache.putAll(mapOf("k", value)));
      table.put("putIfAbsent value " + value, cache -> cache.putIfAbsent("l", value));
      table.put("replace value " + value, cache -> cache.replace("k", value));
      table.put("replace if value " + value, cache -> cache.replace("k", "before", value));
      table.put("getAndReplace value " + value, cache -> cache.getAndReplace("k", value));
    }
    return table.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operations")
  void wrongTypeOrNull_isRefusedAndChangesNothing(
      String name, Consumer<Cache<Object, Object>> operation) {
    Cache<String, String> typed = cache();
    typed.put("k", "before");
    @SuppressWarnings({"unchecked", "rawtypes"})
    Cache<Object, Object> raw = (Cache) typed;

    assertThatThrownBy(() -> operation.accept(raw))
        .isInstanceOfAny(ClassCastException.class, NullPointerException.class)
        .hasMessageMatching("(?s).{10,}");

    assertThat(typed.get("k")).isEqualTo("before");
    assertThat(typed).extracting(Cache.Entry::getKey).containsExactly("k");
  }

  private static Set<Object> setOf(Object... elements) {
    return new HashSet<>(java.util.Arrays.asList(elements));
  }

  private static Map<Object, Object> mapOf(Object key, Object value) {
    Map<Object, Object> map = new HashMap<>();
    map.put(key, value);
    return map;
  }

  // Interrupts

  static Stream<Arguments> waiting() {
    Map<String, Consumer<Cache<String, String>>> table = new LinkedHashMap<>();
    table.put("get", cache -> cache.get("k"));
    table.put("getAll", cache -> cache.getAll(Set.of("k", "l")));
    table.put("put", cache -> cache.put("k", "v"));
    table.put(
        "putAll",
        cache ->
            cache.putAll(
                IntStream.range(0, 50)
                    .boxed()
                    .collect(Collectors.toMap(i -> "k" + i, i -> "v".repeat(50_000)))));
    table.put("replace", cache -> cache.replace("k", "v"));
    table.put("remove", cache -> cache.remove("k"));
    table.put("invoke", cache -> cache.invoke("k", (entry, arguments) -> entry.getValue()));
    table.put("clear", Cache::clear);
    table.put("iterator", cache -> cache.forEach(entry -> {}));
    return table.entrySet().stream().map(row -> Arguments.of(row.getKey(), row.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("waiting")
  void interruptedWhileWaiting_endsAtOnce_keepsTheFlagAndTheConnection(
      String name, Consumer<Cache<String, String>> operation) throws Exception {
    try (MemcachedServer server = MemcachedServer.start()) {
      Cache<String, String> cache = caches.cache(server.uri("hotels/Lisboa"));
      cache.put("k", "before");
      cache.put("l", "before");
      long connections = Long.parseLong(server.stats().get("total_connections"));
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  operation.accept(cache);
                  failure.complete(null);
                } catch (Throwable e) {
                  failure.complete(e);
                }
                flag.complete(Thread.currentThread().isInterrupted());
              });
      server.pause();
      thread.start();
      awaitWaiting(thread);
      long start = System.nanoTime();
      thread.interrupt();

      assertThat(failure.get(15, TimeUnit.SECONDS))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("Interrupted");
      assertThat(flag.get(1, TimeUnit.SECONDS)).isTrue();
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
      server.resume();

      cache.put("k", "after");
      assertThat(cache.get("k")).isEqualTo("after");
      assertThat(Long.parseLong(server.stats().get("total_connections")))
          .isLessThanOrEqualTo(connections + 5); // of the questions above and of the key dump
    }
  }

  @Test
  void interruptedBefore_failsAtOnceAndKeepsTheFlag() {
    Cache<String, String> cache = cache();
    cache.put("k", "v");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(cache.get("k")).isEqualTo("v");
  }
}
