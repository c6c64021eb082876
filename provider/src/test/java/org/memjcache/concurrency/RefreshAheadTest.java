// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryRemovedListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedServer;

/** With {@code refreshAfter}, an entry is loaded anew in the background before it expires. */
@Tag("slow")
@Tag("any-jdk")
@Timeout(120)
class RefreshAheadTest {

  private static final String KEY = "k";

  /** Each entry is due at once, and there for an hour. */
  private static final String DUE = "cache.info.expiry=created:1h&cache.info.refreshAfter=1ms";

  private static final String NOT_YET = "cache.info.expiry=created:2h&cache.info.refreshAfter=1h";

  private static final int LESS_THAN_A_LOCK_IS_WAITED_FOR = 15; // seconds

  private final MemcachedServer server = MemcachedServer.start();
  private final List<IsolatedProvider> processes = new ArrayList<>();
  private final SlowLoader slow = new SlowLoader((key, number) -> "loaded " + number);

  @AfterEach
  void stop() {
    slow.go();
    processes.forEach(IsolatedProvider::close);
    server.close();
  }

  private Cache<String, String> process(String options, Function<String, String> load) {
    IsolatedProvider process = new IsolatedProvider();
    processes.add(process);
    return process
        .manager(URI.create(server.uri("hotels") + "?timeout=20s&" + options))
        .createCache(
            "info",
            new MutableConfiguration<String, String>()
                .setReadThrough(true)
                .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(load)));
  }

  private static void awaitAge() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "&load.lease=5s"})
  void get_due_givesWhatIsThereAndLoadsOnce(String lease) throws Exception {
    Cache<String, String> one = process(DUE + lease, slow::load);
    Cache<String, String> other = process(DUE + lease, slow::load);
    one.put(KEY, "old");
    awaitAge();

    assertThat(one.get(KEY)).isEqualTo("old");
    slow.awaitBegun();
    for (int i = 0; i < 100; i++) {
      assertThat(other.get(KEY)).isEqualTo("old");
      assertThat(one.get(KEY)).isEqualTo("old");
    }
    assertThat(slow.calls()).hasValue(1);
    slow.go();

    Waiting.await("it is stored").until(() -> !one.get(KEY).equals("old"));
    assertThat(other.get(KEY)).startsWith("loaded");
  }

  @Test
  void getAll_due_loadsEach() throws Exception {
    slow.go();
    Cache<String, String> one = process(DUE, slow::load);
    one.put("a", "old");
    one.put("b", "old");
    awaitAge();

    assertThat(one.getAll(Set.of("a", "b")).values()).containsOnly("old");

    Waiting.await("both are stored")
        .until(() -> !one.getAll(Set.of("a", "b")).containsValue("old"));
  }

  /** It was stored by a process whose entries live for half as long. */
  @Test
  void get_refreshed_livesAsIfCreatedThenAndIsNotDueAgain() throws Exception {
    slow.go();
    Cache<String, String> shorter = process("cache.info.expiry=created:1h", key -> "unused");
    Cache<String, String> one =
        process("cache.info.expiry=created:2h&cache.info.refreshAfter=30m", slow::load);
    shorter.put(KEY, "old");

    Waiting.await("it is refreshed").until(() -> !one.get(KEY).equals("old"));
    for (int i = 0; i < 100; i++) {
      assertThat(one.get(KEY)).isEqualTo("loaded 1");
    }
    closeAndAwaitLoads(one);

    assertThat(slow.calls()).hasValue(1);
  }

  @Test
  void get_notDue_doesNotLoad() throws Exception {
    slow.go();
    Cache<String, String> one = process(NOT_YET, slow::load);
    one.put(KEY, "there");
    awaitAge();

    assertThat(one.get(KEY)).isEqualTo("there");
    TimeUnit.MILLISECONDS.sleep(50);
    assertThat(slow.calls()).hasValue(0);
  }

  /** A change that comes while the loader is asked is newer than what it brings. */
  @Test
  void get_changedWhileItLoads_keepsTheChange() throws Exception {
    Cache<String, String> one = process(DUE, slow::load);
    Cache<String, String> other = process(NOT_YET, key -> "unused");
    one.put(KEY, "old");
    awaitAge();
    one.get(KEY);
    slow.awaitBegun();
    other.put(KEY, "changed");
    slow.go();

    closeAndAwaitLoads(one);

    assertThat(other.get(KEY)).isEqualTo("changed");
  }

  @Test
  void get_clearedWhileItLoads_bringsNothingBack() throws Exception {
    Cache<String, String> one = process(DUE, slow::load);
    Cache<String, String> other = process(NOT_YET, key -> null);
    one.put(KEY, "old");
    awaitAge();
    one.get(KEY);
    slow.awaitBegun();
    other.clear();
    slow.go();

    closeAndAwaitLoads(one);

    assertThat(other.get(KEY)).isNull();
  }

  /** To close a cache awaits what it loads. */
  private static void closeAndAwaitLoads(Cache<?, ?> cache) {
    cache.close();
  }

  @Test
  void get_theLoaderHasNothingAnyMore_removes() throws Exception {
    AtomicReference<String> removed = new AtomicReference<>();
    Cache<String, String> one = process(DUE, key -> null);
    CacheEntryRemovedListener<String, String> listener =
        events -> events.forEach(event -> removed.set(event.getOldValue()));
    one.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
    one.put(KEY, "old");
    awaitAge();

    assertThat(one.get(KEY)).isEqualTo("old");

    Waiting.await("it is removed").until(() -> !one.containsKey(KEY));
    Waiting.await("the listener heard").until(() -> "old".equals(removed.get()));
  }

  @Test
  void get_theLoaderFails_isServedAndTriedAgain() throws Exception {
    Cache<String, String> one =
        process(
            DUE,
            key -> {
              if (slow.calls().incrementAndGet() == 1) {
                throw new IllegalStateException("no database");
              }
              return "loaded";
            });
    one.put(KEY, "old");
    awaitAge();

    assertThat(one.get(KEY)).isEqualTo("old");
    Waiting.await("it is tried again").until(() -> one.get(KEY).equals("loaded"));
  }

  @Test
  void get_byManyThreads_asksTheLoaderOnceAtATime() throws Exception {
    Cache<String, String> one = process(DUE, slow::load);
    one.put(KEY, "old");
    awaitAge();
    List<CompletableFuture<String>> reads =
        IntStream.range(0, 50).mapToObj(i -> OwnThread.supply(() -> one.get(KEY))).toList();

    assertThat(reads).allSatisfy(read -> assertThat(read.join()).isEqualTo("old"));
    slow.awaitBegun();
    assertThat(slow.calls()).hasValue(1);
  }

  /** Who refreshes has the load lease, and needs the lock to store, which ends the lease. */
  @Test
  void invoke_expiredWhileItLoads_doesNotKeepItFromBeingStored() throws Exception {
    Cache<String, String> one =
        process(
            "load.lease=1h&load.wait=1h"
                + "&cache.info.expiry=created:2s&cache.info.refreshAfter=1ms",
            slow::load);
    CacheEntryRemovedListener<String, String> listener = events -> {};
    one.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(() -> listener, null, true, true));
    one.put(KEY, "old");
    awaitAge();
    one.get(KEY);
    slow.awaitBegun();
    Waiting.await("it expires").until(() -> !one.containsKey(KEY));
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<String> invoked =
        OwnThread.supply(
            () -> {
              begun.countDown();
              return one.invoke(KEY, (entry, arguments) -> entry.getValue());
            });
    begun.await();
    TimeUnit.MILLISECONDS.sleep(100); // until it waits for the lease
    slow.go();

    assertThat(invoked.get(LESS_THAN_A_LOCK_IS_WAITED_FOR, TimeUnit.SECONDS)).startsWith("loaded");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cache.info.refreshAfter=1m",
        "cache.info.refreshAfter=1m&cache.info.expiry=created:1m",
        "cache.info.refreshAfter=1m&cache.info.expiry=accessed:10m",
        "cache.info.refreshAfter=1m&cache.info.expiry=touched:10m"
      })
  void createCache_expiryThatDoesNotFit_isAnError(String options) {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> process(options, key -> "v"))
        .withMessageContaining("refresh entries after PT1M")
        .withMessageContaining("created:10m");
  }

  @Test
  void createCache_moreJitterThanTheAgeOfRefreshes_isAnError() {
    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(
            () ->
                process(
                    "cache.info.refreshAfter=1m&cache.info.expiry=created:10m"
                        + "&cache.info.expiryJitter=10%25",
                    key -> "v"))
        .withMessageContaining("refresh entries after PT1M")
        .withMessageContaining("PT10M")
        .withMessageContaining("smaller expiryJitter");
  }

  @Test
  void createCache_withoutLoader_isAnError() {
    IsolatedProvider process = new IsolatedProvider();
    processes.add(process);

    assertThatExceptionOfType(RuntimeException.class)
        .isThrownBy(() -> process.cache(URI.create(server.uri("hotels") + "?" + NOT_YET), "info"))
        .withMessageContaining("takes a loader and read-through");
  }
}
