// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.event.CacheEntryExpiredListener;
import javax.cache.event.CacheEntryListener;
import javax.cache.event.CacheEntryRemovedListener;
import javax.cache.event.CacheEntryUpdatedListener;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CacheWriter;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.RecordedServer.Cost;

/**
 * What each operation costs, counted on the wire: strict mode, nobody else at work, a tenant that
 * exists and whose versions are known. The same for paths of one, two and three levels.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WireCostsTest {

  private static final String VALUE = "2 days";
  private static final List<String> PATHS = List.of("", "hotels", "hotels/Lisboa");

  private static final EntryProcessor<String, String, Boolean> READ =
      (entry, arguments) -> entry.getValue() != null;
  private static final EntryProcessor<String, String, Boolean> EXISTS =
      (entry, arguments) -> entry.exists();
  private static final EntryProcessor<String, String, Boolean> CHANGE =
      (entry, arguments) -> {
        entry.setValue("3 days");
        return true;
      };
  private static final EntryProcessor<String, String, Object> REMOVE =
      (entry, arguments) -> {
        entry.remove();
        return null;
      };

  private final AtomicInteger caches = new AtomicInteger();
  private RecordedServer memcached;

  @BeforeAll
  void start() {
    memcached = new RecordedServer();
  }

  @AfterAll
  void stop() {
    memcached.close();
  }

  /** A line of the table: what is done to which cache, and what that costs. */
  record Row(
      String operation,
      Kind kind,
      Consumer<Cache<String, String>> work,
      int roundTrips,
      List<String> commands) {

    @Override
    public String toString() {
      return operation + ", " + kind.name;
    }
  }

  private static Row row(
      String operation,
      Kind kind,
      Consumer<Cache<String, String>> work,
      int roundTrips,
      String... commands) {
    return new Row(operation, kind, work, roundTrips, List.of(commands));
  }

  /** A configuration of a cache. */
  private record Kind(String name, Consumer<MemcachedConfiguration<String, String>> settings) {}

  private static final Kind ETERNAL = expiring("eternal", EternalExpiryPolicy::new);
  private static final Kind CREATED =
      expiring("expiry by creation", () -> new CreatedExpiryPolicy(Duration.ONE_HOUR));
  private static final Kind MODIFIED =
      expiring("expiry by update", () -> new ModifiedExpiryPolicy(Duration.ONE_HOUR));
  private static final Kind ACCESSED =
      expiring("expiry by access", () -> new AccessedExpiryPolicy(Duration.ONE_HOUR));
  private static final Kind TOUCHED =
      expiring("expiry by touch", () -> new TouchedExpiryPolicy(Duration.ONE_HOUR));
  private static final Kind STATISTICS =
      new Kind("statistics", settings -> settings.setStatisticsEnabled(true));
  private static final Kind UNCOUNTED =
      new Kind(
          "statistics without removeAll()",
          settings -> settings.setStatisticsEnabled(true).setRemoveAllCounted(false));
  private static final Kind LISTENER = listening("listener", Listener::new);
  private static final Kind EXPIRY_LISTENER =
      listening("listener of expiry only", ExpiryListener::new);
  private static final Kind WRITER =
      new Kind(
          "writer", settings -> settings.setWriteThrough(true).setCacheWriterFactory(Writer::new));
  private static final Kind LOADER =
      new Kind(
          "loader", settings -> settings.setReadThrough(true).setCacheLoaderFactory(Loader::new));

  private static Kind expiring(String name, Factory<? extends ExpiryPolicy> policy) {
    return new Kind(name, settings -> settings.setExpiryPolicyFactory(policy));
  }

  private static Kind listening(String name, Factory<CacheEntryListener<String, String>> listener) {
    return new Kind(
        name,
        settings ->
            settings.addCacheEntryListenerConfiguration(
                new MutableCacheEntryListenerConfiguration<>(listener, null, false, true)));
  }

  static Stream<Row> table() {
    return Stream.of(
        row("get", ETERNAL, cache -> cache.get("k1"), 1, "get"),
        row("get of a miss", ETERNAL, cache -> cache.get("a1"), 1, "get"),
        row("get", CREATED, cache -> cache.get("k1"), 1, "get"),
        row("get", MODIFIED, cache -> cache.get("k1"), 1, "get"),
        row("get", ACCESSED, cache -> cache.get("k1"), 1, "gets"),
        row("get", TOUCHED, cache -> cache.get("k1"), 1, "gets"),
        row("get", STATISTICS, cache -> cache.get("k1"), 1, "get"),
        row("get", LISTENER, cache -> cache.get("k1"), 1, "get"),
        row("get", LOADER, cache -> cache.get("k1"), 1, "gets"),
        row("get of a miss", LOADER, cache -> cache.get("a1"), 2, "gets", "get", "add"),
        row("containsKey", ETERNAL, cache -> cache.containsKey("k1"), 1, "get"),
        row("containsKey of a miss", ETERNAL, cache -> cache.containsKey("a1"), 1, "get"),
        row("containsKey", ACCESSED, cache -> cache.containsKey("k1"), 1, "get"),
        row("getAll(100)", ETERNAL, cache -> cache.getAll(keys("k", 100)), 1, "get"),
        row("getAll(100) of misses", ETERNAL, cache -> cache.getAll(keys("a", 100)), 1, "get"),
        row("getAll(100)", TOUCHED, cache -> cache.getAll(keys("k", 100)), 1, "gets"),
        row("getAll(100)", STATISTICS, cache -> cache.getAll(keys("k", 100)), 1, "get"),
        row("containsKey of a miss", LOADER, cache -> cache.containsKey("a1"), 1, "get"),
        row(
            "getAll(100) of misses",
            LOADER,
            cache -> cache.getAll(keys("a", 100)),
            2,
            "gets",
            "get",
            "add x 100"),
        //
        row("put", ETERNAL, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put of a new one", ETERNAL, cache -> cache.put("a1", VALUE), 1, "get", "set"),
        row("put", MODIFIED, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put", TOUCHED, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put", STATISTICS, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put", WRITER, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put", EXPIRY_LISTENER, cache -> cache.put("k1", VALUE), 1, "get", "set"),
        row("put", CREATED, cache -> cache.put("k1", VALUE), 2, "gets", "get", "cas"),
        row("put of a new one", CREATED, cache -> cache.put("a1", VALUE), 2, "gets", "get", "add"),
        row("put", ACCESSED, cache -> cache.put("k1", VALUE), 2, "gets", "get", "cas"),
        row("put", LISTENER, cache -> cache.put("k1", VALUE), 2, "gets", "get", "cas"),
        row(
            "putAll(100)",
            ETERNAL,
            cache -> cache.putAll(entries("k", 100)),
            1,
            "get",
            "set x 100"),
        row(
            "putAll(100)",
            STATISTICS,
            cache -> cache.putAll(entries("k", 100)),
            1,
            "get",
            "set x 100"),
        row("putAll(100)", WRITER, cache -> cache.putAll(entries("k", 100)), 1, "get", "set x 100"),
        row(
            "putAll(100)",
            CREATED,
            cache -> cache.putAll(entries("k", 100)),
            2,
            "gets",
            "get",
            "cas x 100"),
        row(
            "putAll(100)",
            LISTENER,
            cache -> cache.putAll(entries("a", 100)),
            2,
            "gets",
            "get",
            "add x 100"),
        row("putAll of nothing", ETERNAL, cache -> cache.putAll(Map.of()), 0),
        row(
            "putIfAbsent of a new one",
            ETERNAL,
            cache -> cache.putIfAbsent("a1", VALUE),
            1,
            "get",
            "add"),
        row(
            "putIfAbsent of a new one",
            CREATED,
            cache -> cache.putIfAbsent("a1", VALUE),
            1,
            "get",
            "add"),
        row(
            "putIfAbsent of a new one",
            STATISTICS,
            cache -> cache.putIfAbsent("a1", VALUE),
            1,
            "get",
            "add"),
        row(
            "putIfAbsent, looks at the holder",
            ETERNAL,
            cache -> cache.putIfAbsent("k1", VALUE),
            2,
            "get",
            "add",
            "gets"),
        row(
            "putIfAbsent, looks at the holder",
            CREATED,
            cache -> cache.putIfAbsent("k1", VALUE),
            2,
            "get",
            "add",
            "gets"),
        row("putIfAbsent", LISTENER, cache -> cache.putIfAbsent("k1", VALUE), 1, "gets"),
        row(
            "putIfAbsent of a new one",
            WRITER,
            cache -> cache.putIfAbsent("a1", VALUE),
            2,
            "gets",
            "get",
            "add"),
        row(
            "putIfAbsent of a new one",
            EXPIRY_LISTENER,
            cache -> cache.putIfAbsent("a1", VALUE),
            1,
            "get",
            "add"),
        row(
            "putIfAbsent of a new one",
            LISTENER,
            cache -> cache.putIfAbsent("a1", VALUE),
            2,
            "gets",
            "get",
            "add"),
        //
        row("remove", ETERNAL, cache -> cache.remove("k1"), 1, "get", "delete"),
        row("remove of a miss", ETERNAL, cache -> cache.remove("a1"), 1, "get", "delete"),
        row("remove", STATISTICS, cache -> cache.remove("k1"), 1, "get", "delete"),
        row("remove", WRITER, cache -> cache.remove("k1"), 1, "get", "delete"),
        row("remove", CREATED, cache -> cache.remove("k1"), 2, "gets", "get", "cas"),
        row("remove of a miss", CREATED, cache -> cache.remove("a1"), 1, "gets"),
        row("remove", LISTENER, cache -> cache.remove("k1"), 2, "gets", "get", "cas"),
        row(
            "removeAll(100 keys)",
            ETERNAL,
            cache -> cache.removeAll(keys("k", 100)),
            1,
            "get",
            "delete x 100"),
        row(
            "removeAll(100 keys)",
            STATISTICS,
            cache -> cache.removeAll(keys("k", 100)),
            1,
            "get",
            "delete x 100"),
        row(
            "removeAll(100 keys)",
            CREATED,
            cache -> cache.removeAll(keys("k", 100)),
            2,
            "gets",
            "get",
            "cas x 100"),
        row(
            "removeAll(100 keys)",
            LISTENER,
            cache -> cache.removeAll(keys("k", 100)),
            2,
            "gets",
            "get",
            "cas x 100"),
        row("removeAll of no keys", ETERNAL, cache -> cache.removeAll(Set.of()), 0),
        row("removeAll()", ETERNAL, Cache::removeAll, 1, "incr", "get"),
        row("removeAll()", TOUCHED, Cache::removeAll, 1, "incr", "get"),
        row("removeAll()", EXPIRY_LISTENER, Cache::removeAll, 1, "incr", "get"),
        row("removeAll()", UNCOUNTED, Cache::removeAll, 1, "incr", "get"),
        row("clear", ETERNAL, Cache::clear, 1, "incr", "get"),
        row("clear", STATISTICS, Cache::clear, 1, "incr", "get"),
        row("clear", LISTENER, Cache::clear, 1, "incr", "get"),
        row("clear", WRITER, Cache::clear, 1, "incr", "get"),
        //
        row("getAndPut", ETERNAL, cache -> cache.getAndPut("k1", VALUE), 2, "gets", "get", "cas"),
        row(
            "getAndPut of a new one",
            ETERNAL,
            cache -> cache.getAndPut("a1", VALUE),
            2,
            "gets",
            "get",
            "add"),
        row("getAndRemove", ETERNAL, cache -> cache.getAndRemove("k1"), 2, "gets", "get", "cas"),
        row("getAndRemove of a miss", ETERNAL, cache -> cache.getAndRemove("a1"), 1, "gets"),
        row(
            "getAndReplace",
            ETERNAL,
            cache -> cache.getAndReplace("k1", VALUE),
            2,
            "gets",
            "get",
            "cas"),
        row("replace", ETERNAL, cache -> cache.replace("k1", VALUE), 2, "gets", "get", "cas"),
        row("replace of a miss", ETERNAL, cache -> cache.replace("a1", VALUE), 1, "gets"),
        row(
            "replace(k,o,n)",
            ETERNAL,
            cache -> cache.replace("k1", VALUE, "3 days"),
            2,
            "gets",
            "get",
            "cas"),
        row(
            "replace(k,o,n) of another value",
            ETERNAL,
            cache -> cache.replace("k1", "4 days", "3 days"),
            1,
            "gets"),
        row("remove(k,v)", ETERNAL, cache -> cache.remove("k1", VALUE), 2, "gets", "get", "cas"),
        row("remove(k,v) of another value", ETERNAL, cache -> cache.remove("k1", "x"), 1, "gets"),
        //
        row("invoke that reads", ETERNAL, cache -> cache.invoke("k1", READ), 1, "gets"),
        row("invoke that reads", TOUCHED, cache -> cache.invoke("k1", READ), 1, "gets"),
        row("invoke that asks exists", ETERNAL, cache -> cache.invoke("a1", EXISTS), 1, "gets"),
        row(
            "invoke that changes",
            ETERNAL,
            cache -> cache.invoke("k1", CHANGE),
            2,
            "gets",
            "get",
            "cas"),
        row(
            "invoke that creates",
            ETERNAL,
            cache -> cache.invoke("a1", CHANGE),
            2,
            "gets",
            "get",
            "add"),
        row(
            "invoke that removes",
            ETERNAL,
            cache -> cache.invoke("k1", REMOVE),
            2,
            "gets",
            "get",
            "cas"),
        row(
            "invokeAll(100) that reads",
            ETERNAL,
            cache -> cache.invokeAll(keys("k", 100), READ),
            1,
            "gets"),
        row(
            "invokeAll(100) that changes",
            ETERNAL,
            cache -> cache.invokeAll(keys("k", 100), CHANGE),
            2,
            "gets",
            "get",
            "cas x 100"),
        row(
            "invokeAll(100) that creates",
            ETERNAL,
            cache -> cache.invokeAll(keys("a", 100), CHANGE),
            2,
            "gets",
            "get",
            "add x 100"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void operation_costsAsDocumented(Row row) {
    for (String path : PATHS) {
      String name = "info" + caches.incrementAndGet();
      MemcachedConfiguration<String, String> settings =
          new MemcachedConfiguration<String, String>().setTypes(String.class, String.class);
      row.kind.settings.accept(settings);
      Cache<String, String> cache = memcached.manager(path).createCache(name, settings);
      cache.putAll(entries("k", 100)); // from here on the versions are known

      Cost cost = memcached.costOf(() -> row.work.accept(cache));

      assertThat(cost)
          .as("%s of a cache beneath '%s'", row, path)
          .isEqualTo(new Cost(row.roundTrips, row.commands));
      cache.close();
    }
  }

  @Test
  void keysOfOneCommand_areManyThenThereAreMoreCommandsInTheSameTrip() {
    Cache<String, String> cache = cache("hotels/Faro");
    cache.put("k", VALUE);

    assertThat(memcached.costOf(() -> cache.getAll(keys("k", 1_000))))
        .isEqualTo(new Cost(1, List.of("get x 3"))); // below 16,000 bytes and 500 keys each
  }

  @Test
  void clearOfATenant_isOneIncrement() {
    MemcachedCacheManager tenant = memcached.manager("hotels/Porto");
    MemcachedCacheManager application = memcached.manager("hotels");
    Cache<String, String> cache = cache("hotels/Porto");
    cache.putAll(entries("k", 100));

    assertThat(memcached.costOf(tenant::clear)).isEqualTo(new Cost(1, List.of("incr", "get")));
    assertThat(cache.get("k1")).isNull();

    cache.putAll(entries("k", 100));
    assertThat(memcached.costOf(application::clear)).isEqualTo(new Cost(1, List.of("incr", "get")));
    assertThat(cache.get("k1")).isNull();

    cache.putAll(entries("k", 100));
    assertThat(memcached.costOf(() -> memcached.provider().clear(memcached.uri("hotels/Porto"))))
        .isEqualTo(new Cost(1, List.of("incr", "get")));
    assertThat(cache.get("k1")).isNull();
  }

  @Test
  void destroyCache_isOneIncrement() {
    Cache<String, String> cache = cache("hotels/Braga");
    cache.putAll(entries("k", 100));

    assertThat(memcached.costOf(() -> cache.getCacheManager().destroyCache(cache.getName())))
        .isEqualTo(new Cost(1, List.of("incr", "get")));
  }

  @Test
  void close_sendsNothing() {
    Cache<String, String> cache = cache("hotels/Evora");
    cache.put("k", VALUE);

    assertThat(
            memcached.costOf(
                () -> {
                  cache.close();
                  cache.getCacheManager().close();
                }))
        .isEqualTo(new Cost(0, List.of()));
  }

  @Test
  void clear_isOneIncrementInTheServersOwnBooksAndTouchesNoItem() {
    Cache<String, String> cache = cache("hotels/Sintra");
    cache.putAll(entries("k", 100));
    Map<String, String> before = memcached.server().stats();

    cache.clear();

    Map<String, String> after = memcached.server().stats();
    assertThat(grown(before, after, "incr_hits")).isEqualTo(1);
    assertThat(grown(before, after, "cmd_get")).isEqualTo(2); // keys: which servers others use
    assertThat(List.of("incr_misses", "get_hits", "cmd_set", "delete_hits", "delete_misses"))
        .allSatisfy(counter -> assertThat(grown(before, after, counter)).isZero());
    assertThat(after).containsEntry("curr_items", before.get("curr_items"));
  }

  private static long grown(Map<String, String> before, Map<String, String> after, String counter) {
    return Long.parseLong(after.get(counter)) - Long.parseLong(before.get(counter));
  }

  private Cache<String, String> cache(String path) {
    return memcached
        .manager(path)
        .createCache("cache" + caches.incrementAndGet(), new MutableConfiguration<>());
  }

  private static Set<String> keys(String prefix, int count) {
    return new TreeSet<>(IntStream.range(0, count).mapToObj(i -> prefix + i).toList());
  }

  private static Map<String, String> entries(String prefix, int count) {
    return keys(prefix, count).stream()
        .collect(toMap(key -> key, key -> VALUE, (first, second) -> first, TreeMap::new));
  }

  /** Hears everything. */
  private static final class Listener
      implements CacheEntryCreatedListener<String, String>,
          CacheEntryUpdatedListener<String, String>,
          CacheEntryRemovedListener<String, String> {
    @Override
    public void onCreated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public void onUpdated(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}

    @Override
    public void onRemoved(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}
  }

  /** Hears what nobody needs an old entry for. */
  private static final class ExpiryListener implements CacheEntryExpiredListener<String, String> {
    @Override
    public void onExpired(Iterable<CacheEntryEvent<? extends String, ? extends String>> events) {}
  }

  private static final class Writer implements CacheWriter<String, String> {
    @Override
    public void write(Cache.Entry<? extends String, ? extends String> entry) {}

    @Override
    public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {}

    @Override
    public void delete(Object key) {}

    @Override
    public void deleteAll(Collection<?> keys) {}
  }

  private static final class Loader implements CacheLoader<String, String> {
    @Override
    public String load(String key) {
      return VALUE;
    }

    @Override
    public Map<String, String> loadAll(Iterable<? extends String> keys) {
      Map<String, String> loaded = new TreeMap<>();
      keys.forEach(key -> loaded.put(key, VALUE));
      return loaded;
    }
  }
}
