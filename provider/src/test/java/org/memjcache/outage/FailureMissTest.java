// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.OwnThread;
import org.memjcache.testkit.MemcachedCluster;

/**
 * {@code failure=miss}: while a server is away operations go on without it, and after that no value
 * that should have been changed is ever seen again.
 */
@Tag("slow")
@Tag("any-jdk")
class FailureMissTest {

  private MemcachedCluster servers;
  private MemcachedCachingProvider provider;

  @BeforeEach
  void start() {
    servers = MemcachedCluster.start(1);
    provider = new MemcachedCachingProvider();
  }

  @AfterEach
  void stop() {
    provider.close();
    servers.close();
  }

  /** A change that an outage prevents. */
  enum Lost {
    PUT(cache -> cache.put("key", "new")),
    PUT_ALL(cache -> cache.putAll(Map.of("key", "new"))),
    GET_AND_PUT(cache -> cache.getAndPut("key", "new")),
    PUT_IF_ABSENT(cache -> cache.putIfAbsent("key", "new")),
    REMOVE(cache -> cache.remove("key")),
    REMOVE_ALL_KEYS(cache -> cache.removeAll(Set.of("key"))),
    GET_AND_REMOVE(cache -> cache.getAndRemove("key")),
    REMOVE_ALL(Cache::removeAll),
    CLEAR(Cache::clear),
    INVOKE_SET(
        cache ->
            cache.invoke(
                "key",
                (entry, arguments) -> {
                  entry.setValue("new");
                  return null;
                })),
    INVOKE_REMOVE(
        cache ->
            cache.invoke(
                "key",
                (entry, arguments) -> {
                  entry.remove();
                  return null;
                }));

    private final Consumer<Cache<String, String>> change;

    Lost(Consumer<Cache<String, String>> change) {
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void change_whileTheServerIsStopped_leavesNoOldValueBehind(Lost lost)
      throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    Cache<String, String> sister = cache("/app/tenant", "sister");
    cache.put("key", "old");
    sister.put("key", "kept");
    servers.server(0).pause();

    lost.change.accept(cache);

    servers.server(0).resume();
    await("the server is used again").until(() -> "kept".equals(sister.get("key")));
    assertThat(cache.get("key")).isNotEqualTo("old");
  }

  /** Somebody wants to hear of each entry, so that there is a walk over them. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void removeAllCounted_whileTheServerIsStopped_leavesNoOldValueBehind(boolean known)
      throws InterruptedException {
    try (IsolatedProvider other = new IsolatedProvider()) {
      other.cache(servers.uri("/app/tenant"), "cache").put("key", "old");
    }
    Cache<String, String> cache = cache("/app/tenant", "cache");
    if (known) {
      assertThat(cache.get("key")).isEqualTo("old");
    }
    cache.getCacheManager().enableStatistics("cache", true);
    servers.server(0).pause();

    cache.removeAll();

    servers.server(0).resume();
    await("the server is used again").until(() -> worksAgain(cache));
    assertThat(cache.get("key")).isNull();
  }

  @Test
  void reads_whileTheServerIsDead_miss() {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    servers.server(0).kill();

    assertThat(cache.get("key")).isNull();
    assertThat(cache.containsKey("key")).isFalse();
    assertThat(cache.getAll(Set.of("key", "other"))).isEmpty();
    assertThat(cache.iterator().hasNext()).isFalse();
    assertThat(cache.replace("key", "new")).isFalse();
    assertThat(cache.remove("key", "old")).isFalse();
    assertThat(cache.<Boolean>invoke("key", (entry, arguments) -> entry.exists())).isFalse();
  }

  @Test
  void newCache_whileTheServerIsDead_missesAndWorksLater() throws InterruptedException {
    servers.server(0).kill();
    Cache<String, String> cache = cache("/app/tenant", "cache");

    assertThat(cache.get("key")).isNull();
    cache.put("key", "lost");

    servers.server(0).restart();
    await("the server is used again")
        .until(
            () -> {
              cache.put("other", "value");
              return "value".equals(cache.get("other"));
            });
    assertThat(cache.get("key")).isNull();
  }

  @Test
  void readThrough_whileTheServerIsDead_loads() throws Exception {
    servers.server(0).kill();
    Cache<String, String> cache =
        provider
            .getCacheManager(uri("/app/tenant"), null)
            .createCache(
                "loading",
                new MutableConfiguration<String, String>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(
                        new FactoryBuilder.SingletonFactory<>(
                            new FunctionLoader<String, String>(Map.of("key", "loaded")::get))));

    assertThat(cache.get("key")).isEqualTo("loaded");
    assertThat(cache.getAll(Set.of("key"))).isEqualTo(Map.of("key", "loaded"));
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("key"), true, done);
    done.get(10, TimeUnit.SECONDS);
  }

  @Test
  void reads_duringAnOutage_costNoClear() throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "value");
    servers.server(0).pause();

    assertThat(cache.get("key")).isNull();

    servers.server(0).resume();
    await("the entry is seen again").until(() -> "value".equals(cache.get("key")));
  }

  @Test
  void debt_isPaidForOtherProcessesWithoutAnyUse() throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new");
    servers.server(0).resume();

    try (IsolatedProvider other = new IsolatedProvider()) {
      Cache<String, String> theirs = other.cache(servers.uri("/app/tenant?timeout=9s"), "cache");

      await("the old value is gone").until(() -> !"old".equals(theirs.get("key")));
    }
  }

  @Test
  void debt_managerClosedAndOpenedAgain_isPaidBeforeAnythingIsServed() throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new");
    provider.close();
    servers.server(0).resume();

    Cache<String, String> again = cache("/app/tenant", "cache");

    await("the server is used again").until(() -> worksAgain(again));
    assertThat(again.get("key")).isNull();
  }

  @Test
  void debt_managerClosed_isPaidForOtherProcessesBeforeClosingEnds() throws Exception {
    Cache<String, String> cache = cache("/app/tenant", "cache", "&close.wait=1m");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new");
    Thread closing = new Thread(provider::close, "closing");
    closing.start();
    await("closing waits").until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    servers.server(0).resume();
    closing.join();

    requireGoneForOthers();
  }

  /** A clear by the provider uses the same client for a moment, and doesn't wait itself. */
  @Test
  void debt_managerIsClosedWhileTheProviderClears_isPaidBeforeClosingEnds() throws Exception {
    Cache<String, String> cache = cache("/app/tenant", "cache", "&close.wait=1m");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new");
    Thread closing = new Thread(cache.getCacheManager()::close, "closing");
    closing.start();
    await("closing waits").until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.clear(uri("/app/another")));
    servers.server(0).resume();
    closing.join();

    requireGoneForOthers();
  }

  @Test
  void debt_managerClosedWithoutWaiting_isPaidAsSoonAsAnyManagerOfTheServersIsOpened()
      throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new");
    provider.close();
    servers.server(0).resume();
    cache("/app/another", "cache");

    requireGoneForOthers();
  }

  /** Nothing stays open that could make up for it, so it must not return as if it had cleared. */
  @ParameterizedTest
  @ValueSource(strings = {"/app/tenant", "/app"})
  void clearByTheProvider_nothingIsOpenAndTheServerIsStopped_isAnError(String level)
      throws InterruptedException {
    cache("/app/tenant", "cache").put("key", "old");
    provider.close();
    servers.server(0).pause();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.clear(uri(level)))
        .withMessageContaining("clear on '" + level.substring(1));
    servers.server(0).resume();
    provider.clear(uri(level));

    requireGoneForOthers();
  }

  private void requireGoneForOthers() throws InterruptedException {
    try (IsolatedProvider other = new IsolatedProvider()) {
      Cache<String, String> theirs = other.cache(servers.uri("/app/tenant?timeout=9s"), "cache");
      await("the old value is gone").until(() -> theirs.get("key") == null);
    }
  }

  private static boolean worksAgain(Cache<String, String> cache) {
    cache.put("probe", "value");
    return "value".equals(cache.get("probe"));
  }

  /**
   * The tenant's clear is owed by one cache, the write by another one: both must be made up for.
   */
  @Test
  void debts_ofATenantAndOfACacheBeneathIt_arePaidBeforeEitherIsServed() throws Exception {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    Cache<String, String> sister = cache("/app/tenant", "sister");
    cache.put("key", "old");
    sister.put("key", "old");
    servers.server(0).pause();
    ((MemcachedCacheManager) cache.getCacheManager()).clear();
    cache.put("key", "new");
    servers.server(0).resume();

    await("the server is used again").until(() -> worksAgain(sister));

    assertThat(sister.get("key")).isNull();
    assertThat(cache.get("key")).isNull();
  }

  @Test
  void iterator_writeLostOnTheWay_doesNotShowTheOldValue() throws InterruptedException {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    servers.server(0).pause();
    cache.put("key", "new");
    servers.server(0).resume();
    await("the server is used again").until(() -> worksAgain(cache));

    List<String> seen = new ArrayList<>();
    iterator.forEachRemaining(entry -> seen.add(entry.getKey()));
    assertThat(seen).doesNotContain("key");
  }

  @Test
  void loadAllReplacing_whileTheServerIsStopped_leavesNoOldValueBehind() throws Exception {
    Cache<String, String> cache =
        provider
            .getCacheManager(uri("/app/tenant"), null)
            .createCache(
                "cache",
                new MutableConfiguration<String, String>()
                    .setCacheLoaderFactory(
                        new FactoryBuilder.SingletonFactory<>(
                            new FunctionLoader<String, String>(Map.of("key", "new")::get))));
    cache.put("key", "old");
    servers.server(0).pause();
    CompletionListenerFuture done = new CompletionListenerFuture();

    cache.loadAll(Set.of("key"), true, done);
    done.get(20, TimeUnit.SECONDS);

    servers.server(0).resume();
    await("the server is used again").until(() -> worksAgain(cache));
    assertThat(cache.get("key")).isNotEqualTo("old");
  }

  /** What is loaded may still be on its way to a stopped server when others go on. */
  @Test
  void loadedValue_ofWhichNobodyKnowsWhetherItArrives_isRemovedAlone() throws Exception {
    CacheLoader<String, String> loader =
        new CacheLoader<>() {
          @Override
          public String load(String key) {
            servers.server(0).pause();
            return "loaded";
          }

          @Override
          public Map<String, String> loadAll(Iterable<? extends String> keys) {
            throw new UnsupportedOperationException();
          }
        };
    Cache<String, String> cache =
        provider
            .getCacheManager(uri("/app/tenant"), null)
            .createCache(
                "cache",
                new MutableConfiguration<String, String>()
                    .setReadThrough(true)
                    .setCacheLoaderFactory(new FactoryBuilder.SingletonFactory<>(loader)));
    cache.put("other", "value");
    List<String> before = servers.server(0).command("get app/tenant/cache:cache");

    assertThat(cache.get("key")).isEqualTo("loaded");
    servers.server(0).resume();

    await("the server is used again").until(() -> "value".equals(cache.get("other")));
    assertThat(cache.containsKey("key")).isFalse();
    assertThat(servers.server(0).command("get app/tenant/cache:cache")).isEqualTo(before);
  }

  @Test
  void debts_onAServerThatIsBack_arePaidThoughAnotherStaysAway() throws InterruptedException {
    servers.close();
    servers = MemcachedCluster.start(2);
    List<String> names = IntStream.range(0, 20).mapToObj(i -> "cache" + i).toList();
    String app =
        IntStream.range(0, 100)
            .mapToObj(i -> "app" + i)
            .filter(name -> cache("/" + name, "any").get("key") == null)
            .filter(name -> isOnSecondServer(name + ":version"))
            .findFirst()
            .orElseThrow();
    for (String name : names) {
      cache("/" + app, name).put("key", "old");
    }
    List<String> there =
        names.stream()
            .filter(name -> isOnSecondServer(app + "/" + name + ":cache"))
            .filter(name -> hasItemOnSecondServer(app + "/" + name))
            .toList();
    servers.server(0).pause();
    servers.server(1).pause();
    for (String name : names) {
      provider
          .getCacheManager(uri("/" + app), null)
          .<String, String>getCache(name)
          .put("key", "new");
    }

    servers.server(1).resume();

    assertThat(there).isNotEmpty().hasSizeLessThan(names.size());
    for (String name : there) {
      await("the entry of " + name + " is removed")
          .until(() -> !hasItemOnSecondServer(app + "/" + name));
    }
  }

  private boolean isOnSecondServer(String key) {
    return servers.server(1).command("get " + key).size() > 1;
  }

  private boolean hasItemOnSecondServer(String path) {
    return servers.server(1).command("lru_crawler metadump all").stream()
        .map(line -> URLDecoder.decode(line, StandardCharsets.UTF_8))
        .anyMatch(
            line ->
                line.startsWith("key=" + path + ":") && !line.startsWith("key=" + path + ":cache"));
  }

  @Test
  void oneOfThreeServersDead_othersGoOn() throws InterruptedException {
    servers.close();
    servers = MemcachedCluster.start(3);
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < 60; i++) {
      entries.put("key " + i, "value " + i);
    }
    Map<Integer, Integer> found = new HashMap<>();
    for (int dead = 0; dead < 3; dead++) {
      Cache<String, String> cache = cache("/app/tenant " + dead, "cache");
      cache.putAll(entries);
      servers.server(dead).kill();

      Map<String, String> left = cache.getAll(entries.keySet());

      assertThat(entries).containsAllEntriesOf(left);
      found.put(dead, left.size());
      servers.server(dead).restart();
      Cache<String, String> probe = cache("/app/probe " + dead, "cache");
      await("the server is used again")
          .until(
              () -> {
                probe.putAll(entries);
                return probe.getAll(entries.keySet()).size() == entries.size();
              });
    }

    assertThat(found.values()).allMatch(count -> count > 0 && count < entries.size());
  }

  @ParameterizedTest
  @EnumSource(names = {"PUT", "PUT_IF_ABSENT", "REMOVE_ALL_KEYS", "INVOKE_SET"})
  void change_entrysServerIsDeadAndAnotherProcessCleared_goesOn(Lost lost) {
    servers.close();
    servers = MemcachedCluster.start(3);
    Cache<String, String> cache = cache("/app", "cache");
    cache.put("key", "old");
    servers.servers().stream() // the only one that has versions
        .filter(server -> server.command("get app/cache:cache").size() > 1)
        .findFirst()
        .orElseThrow()
        .kill();

    try (IsolatedProvider other = new IsolatedProvider()) {
      for (int i = 0; i < 40; i++) {
        assertThatThrownBy(() -> other.clear(servers.uri("/app?timeout=9s")))
            .isInstanceOf(CacheException.class);

        assertThatCode(() -> lost.change.accept(cache)).doesNotThrowAnyException();
      }
    }
  }

  @Test
  void manyThreads_whileTheServerIsStopped_waitTogetherNotInTurn() throws Exception {
    Cache<String, String> cache = cache("/app/tenant", "cache");
    cache.put("key", "old");
    servers.server(0).pause();
    cache.put("key", "new"); // owes a clear from here on

    CompletableFuture<?>[] threads = new CompletableFuture<?>[16];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = OwnThread.run(() -> cache.get("key"));
    }

    // In turn it would be 16 times the timeout of 600 ms and more.
    CompletableFuture.allOf(threads).get(4, TimeUnit.SECONDS);
  }

  @Test
  void insight_countsWhyEntriesWereMissed() throws Exception {
    Cache<String, String> cache =
        provider
            .getCacheManager(
                URI.create(servers.uri("/app/insight") + "?failure=miss&timeout=10s"), null)
            .createCache(
                "cache", new MutableConfiguration<String, String>().setStatisticsEnabled(true));
    CacheInsightMXBean insight =
        JMX.newMXBeanProxy(
            ManagementFactory.getPlatformMBeanServer(),
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.memjcache:type=CacheInsight,*"), null)
                .iterator()
                .next(),
            CacheInsightMXBean.class);

    cache.get("never stored");
    try (IsolatedProvider other = new IsolatedProvider()) {
      other.clear(servers.uri("/app?timeout=9s"));
    }
    cache.get("cleared");
    servers.server(0).command("delete app:version");
    cache.get("version lost");
    cache.clear();
    servers.server(0).kill();
    cache.get("server away");
    cache.putIfAbsent("server away", "x");

    assertThat(insight.getColdMisses()).isEqualTo(1);
    assertThat(insight.getClearedMisses()).isEqualTo(1);
    assertThat(insight.getVersionLostMisses()).isEqualTo(1);
    assertThat(insight.getServerAwayMisses()).isEqualTo(2);
    assertThat(insight.getClears())
        .containsEntry("app/insight/cache", 1L)
        .containsEntry("app/insight", 0L);
  }

  @Test
  void insight_countsEntriesThatAreExpiredOrDamaged() throws Exception {
    Cache<String, String> cache =
        provider
            .getCacheManager(servers.uri("/app/insight?timeout=10s"), null)
            .createCache(
                "dying",
                new MutableConfiguration<String, String>()
                    .setStatisticsEnabled(true)
                    .setExpiryPolicyFactory(
                        CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.MILLISECONDS, 30))));
    CacheInsightMXBean insight =
        JMX.newMXBeanProxy(
            ManagementFactory.getPlatformMBeanServer(),
            ManagementFactory.getPlatformMBeanServer()
                .queryNames(new ObjectName("org.memjcache:type=CacheInsight,Cache=dying,*"), null)
                .iterator()
                .next(),
            CacheInsightMXBean.class);

    cache.put("key", "value");
    await("the deadline is past").until(() -> cache.get("key") == null);
    assertThat(insight.getExpiredMisses()).isEqualTo(1);

    String item =
        Stream.generate(() -> servers.server(0).command("lru_crawler metadump hash"))
            .limit(50) // the crawler may be busy
            .flatMap(List::stream)
            .filter(line -> line.contains("Skey "))
            .findFirst()
            .orElseThrow();
    String itemKey =
        URLDecoder.decode(
            item.substring("key=".length(), item.indexOf(' ')), StandardCharsets.ISO_8859_1);
    assertThat(servers.server(0).command("set " + itemKey + " 1 0 7\r\ngarbage"))
        .containsExactly("STORED");
    assertThat(cache.get("key")).isNull();

    assertThat(insight.getDamagedMisses()).isEqualTo(1);
    assertThat(insight.getColdMisses()).isZero();
  }

  private Cache<String, String> cache(String path, String name) {
    return cache(path, name, "");
  }

  private Cache<String, String> cache(String path, String name, String options) {
    return provider
        .getCacheManager(URI.create(uri(path) + options), null)
        .createCache(name, new MutableConfiguration<String, String>());
  }

  private URI uri(String path) {
    return URI.create(servers.uri(path.replace(" ", "%20")) + "?failure=miss&timeout=600ms");
  }
}
