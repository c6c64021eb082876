// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.awaitLatch;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.integration.CacheLoaderException;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CompletionListenerFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.support.TestProvider;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedServer;

/** One load at a time for an entry, whatever its outcome; its outcome belongs to all who waited. */
@Timeout(60)
@Tag("slow")
class LoadOnceTest {

  private static final int THREADS = 20;
  private static final int LESS_THAN_A_LOCK_IS_WAITED_FOR = 15; // seconds
  private static final String LARGE = "x".repeat(2_000_000);

  private final MemcachedServer server = MemcachedServer.start();
  private final TestProvider caches = new TestProvider();
  private final AtomicInteger loads = new AtomicInteger();
  private final CountDownLatch loading = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  @AfterEach
  void close() {
    go.countDown();
    caches.close();
    server.close();
  }

  /** How a load ends. */
  enum Ending {
    VALUE,
    NOTHING,
    EXCEPTION,
    TOO_LARGE
  }

  /** A way to ask for the entry {@code k}. */
  enum Reading {
    GET {
      @Override
      Object read(Cache<Object, Object> cache) {
        return cache.get("k");
      }
    },
    GET_ALL {
      @Override
      Object read(Cache<Object, Object> cache) {
        return cache.getAll(Set.of("k")).get("k");
      }
    },
    LOAD_ALL {
      @Override
      Object read(Cache<Object, Object> cache) throws Exception {
        CompletionListenerFuture done = new CompletionListenerFuture();
        cache.loadAll(Set.of("k"), false, done);
        done.get();
        return null;
      }
    },
    INVOKE {
      @Override
      Object read(Cache<Object, Object> cache) {
        return cache.invoke("k", (entry, arguments) -> entry.getValue());
      }
    };

    abstract Object read(Cache<Object, Object> cache) throws Exception;
  }

  private static Stream<Arguments> cases() {
    return Stream.of(Ending.values())
        .flatMap(
            ending -> Stream.of(Reading.values()).map(reading -> Arguments.of(ending, reading)));
  }

  private Cache<Object, Object> cache(String options, Function<Object, Object> load) {
    MutableConfiguration<Object, Object> configuration =
        new MutableConfiguration<>()
            .setReadThrough(true)
            .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(load));
    return caches
        .manager(URI.create(server.uri("hotels") + options))
        .createCache("info", configuration);
  }

  /** Begins, and ends when the test says so. */
  private Object loadSlowly(Ending ending) {
    loads.incrementAndGet();
    loading.countDown();
    awaitLatch(go);
    return switch (ending) {
      case VALUE -> new ArrayList<>(List.of("loaded"));
      case NOTHING -> null;
      case EXCEPTION -> throw new IllegalStateException("no database");
      case TOO_LARGE -> LARGE;
    };
  }

  /** Waits until so many threads wait for a load of another one, or for their turn. */
  private static void awaitTakingPart(int count) {
    Waiting.await(count + " threads wait")
        .until(
            () ->
                Thread.getAllStackTraces().values().stream()
                        .filter(frames -> Stream.of(frames).anyMatch(LoadOnceTest::isWaiting))
                        .count()
                    >= count);
  }

  private static boolean isWaiting(StackTraceElement frame) {
    String method = frame.getClassName() + "." + frame.getMethodName();
    return method.endsWith(".SharedLoad.await") || method.endsWith(".KeyLocks$Held.take");
  }

  /** A thread that reads, and what it got. */
  private static final class Reader extends Thread {

    private final Reading reading;
    private final Callable<Object> work;
    private Object got;
    private Exception failure;

    Reader(Reading reading, Callable<Object> work) {
      this.reading = reading;
      this.work = work;
    }

    @Override
    public void run() {
      try {
        got = work.call();
      } catch (Exception e) {
        failure = e;
      }
    }
  }

  private Reader start(Cache<Object, Object> cache, Reading reading) {
    return start(reading, () -> reading.read(cache));
  }

  private static Reader start(Reading reading, Callable<Object> work) {
    Reader reader = new Reader(reading, work);
    reader.start();
    return reader;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void manyMiss_oneLoads_allGetTheOutcome(Ending ending, Reading reading) throws Exception {
    manyMiss(ending, Reading.GET, reading);
  }

  /** They have their turns one after the other, and need not load one after the other. */
  @ParameterizedTest
  @EnumSource
  void processorsMiss_oneLoads_allGetTheOutcome(Ending ending) throws Exception {
    manyMiss(ending, Reading.INVOKE, Reading.INVOKE);
  }

  /** The policy may be one that nothing is known of, and is asked once all the same. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "LOAD_ALL"})
  void manyMiss_ownPolicyAndListener_oneLoads(Reading reading) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    MemcachedConfiguration<Object, Object> configuration = new MemcachedConfiguration<>();
    configuration
        .setEntryExpiryFactory(
            () ->
                (key, value) -> {
                  asked.incrementAndGet();
                  return javax.cache.expiry.Duration.ONE_HOUR;
                })
        .setReadThrough(true)
        .setCacheLoaderFactory(
            () -> new FunctionLoader<Object, Object>(key -> loadSlowly(Ending.VALUE)))
        .addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(
                () -> (CacheEntryCreatedListener<Object, Object>) events -> {}, null, false, true));
    manyMiss(
        caches.manager(server.uri("hotels")).createCache("info", configuration),
        Ending.VALUE,
        reading,
        reading);

    assertThat(asked).hasValue(1);
  }

  private void manyMiss(Ending ending, Reading first, Reading reading) throws Exception {
    manyMiss(cache("", key -> loadSlowly(ending)), ending, first, reading);
  }

  private void manyMiss(Cache<Object, Object> cache, Ending ending, Reading first, Reading reading)
      throws Exception {
    List<Reader> readers = new ArrayList<>();
    readers.add(start(cache, first));
    awaitLatch(loading);
    for (int i = 0; i < THREADS; i++) {
      readers.add(start(cache, reading));
    }
    awaitTakingPart(THREADS);

    go.countDown();

    for (Reader reader : readers) {
      reader.join();
      boolean isRead = reader.reading != Reading.LOAD_ALL;
      switch (ending) {
        case VALUE -> assertThat(reader.got).isEqualTo(isRead ? List.of("loaded") : null);
        case NOTHING -> assertThat(reader.got).isNull();
        case TOO_LARGE -> assertThat(reader.got).isEqualTo(isRead ? LARGE : null);
        case EXCEPTION -> assertThat(reader.failure).hasStackTraceContaining("no database");
      }
      boolean isFailure =
          switch (ending) {
            case VALUE, NOTHING -> false;
            case EXCEPTION -> true;
            case TOO_LARGE -> !isRead; // to store was what was asked for
          };
      assertThat(reader.failure != null).isEqualTo(isFailure);
    }
    assertThat(loads).hasValue(1);
    if (ending == Ending.VALUE && reading == Reading.GET) {
      assertThat(readers.get(1).got).as("a copy").isNotSameAs(readers.get(2).got);
    }
  }

  /** Each of them would wait for ever if the others waited for it. */
  @Test
  void valueThatCannotBeCopied_allLoadAtTheSameTime() throws Exception {
    CyclicBarrier together = new CyclicBarrier(5);
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              if (loads.getAndIncrement() > 0) {
                meet(together);
              } else {
                loading.countDown();
                awaitLatch(go);
              }
              return new Object();
            });
    Reader first = start(cache, Reading.GET);
    awaitLatch(loading);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readers.add(start(cache, Reading.GET));
    }
    awaitTakingPart(readers.size());

    go.countDown();

    first.join();
    for (Reader reader : readers) {
      reader.join();
      assertThat(reader.got).isNotNull();
    }
    assertThat(readers.stream().map(reader -> reader.got)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource(names = {"GET", "INVOKE"})
  void serverAway_failureMiss_nobodyWaitsForAnother(Reading reading) throws Exception {
    CyclicBarrier together = new CyclicBarrier(5);
    Cache<Object, Object> cache =
        cache(
            "?failure=miss&timeout=300ms",
            key -> {
              meet(together);
              return "loaded";
            });
    server.kill();
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readers.add(start(cache, reading));
    }
    for (Reader reader : readers) {
      reader.join();
      assertThat(reader.got).isEqualTo("loaded");
    }
  }

  @Test
  void serverAway_failureMiss_noProcessorWaitsForAnother() throws Exception {
    CyclicBarrier together = new CyclicBarrier(5);
    Cache<Object, Object> cache = cache("?failure=miss&timeout=300ms", key -> null);
    server.kill();
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      readers.add(
          start(
              Reading.INVOKE,
              () ->
                  cache.invoke(
                      "k",
                      (entry, arguments) -> {
                        meet(together);
                        return "met";
                      })));
    }
    for (Reader reader : readers) {
      reader.join();
      assertThat(reader.got).isEqualTo("met");
    }
  }

  /** What it writes, the next one loads. */
  @Test
  void serverAway_failureMiss_processorsOfAWriterGoOneByOne() throws Exception {
    Map<Object, Object> database = new ConcurrentHashMap<>(Map.of("k", 0));
    MutableConfiguration<Object, Object> configuration =
        new MutableConfiguration<>()
            .setReadThrough(true)
            .setCacheLoaderFactory(() -> new FunctionLoader<Object, Object>(database::get))
            .setWriteThrough(true)
            .setCacheWriterFactory(() -> new MapWriter(database));
    Cache<Object, Object> cache =
        caches
            .manager(URI.create(server.uri("hotels") + "?failure=miss&timeout=300ms"))
            .createCache("info", configuration);
    server.kill();

    SimultaneousThreads.run(
        8,
        thread -> {
          for (int i = 0; i < 50; i++) {
            cache.invoke(
                "k",
                (entry, arguments) -> {
                  entry.setValue((int) entry.getValue() + 1);
                  return null;
                });
          }
        });

    assertThat(database).containsEntry("k", 8 * 50);
  }

  private record MapWriter(Map<Object, Object> database) implements CacheWriter<Object, Object> {

    @Override
    public void write(Cache.Entry<? extends Object, ? extends Object> entry) {
      database.put(entry.getKey(), entry.getValue());
    }

    @Override
    public void writeAll(Collection<Cache.Entry<? extends Object, ? extends Object>> entries) {
      entries.forEach(this::write);
    }

    @Override
    public void delete(Object key) {
      database.remove(key);
    }

    @Override
    public void deleteAll(Collection<?> keys) {
      keys.forEach(this::delete);
    }
  }

  private static void meet(CyclicBarrier others) {
    try {
      others.await(LESS_THAN_A_LOCK_IS_WAITED_FOR, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of("clear", (Change) Cache::clear),
        Arguments.of("remove", (Change) cache -> cache.remove("k")),
        Arguments.of("removeAll", (Change) cache -> cache.removeAll(Set.of("k"))),
        Arguments.of(
            "put and remove",
            (Change)
                cache -> {
                  cache.put("k", "put");
                  cache.getAndRemove("k");
                }));
  }

  private interface Change {
    void make(Cache<Object, Object> cache);
  }

  /** What a load brings that began before is older than the change. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void missAfterAChange_isLoadedAnew(String name, Change change) throws Exception {
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "new";
              }
              loading.countDown();
              awaitLatch(go);
              return "old";
            });
    Reader before = start(cache, Reading.GET);
    awaitLatch(loading);
    change.make(cache);

    assertThat(cache.get("k")).isEqualTo("new");
    cache.remove("k");

    go.countDown();
    before.join();
    assertThat(before.got).isEqualTo("old");
    assertThat(cache.containsKey("k")).as("what is outdated isn't kept").isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void processorWaitedDuringAChange_loadsAnew(String name, Change change) throws Exception {
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              if (loads.getAndIncrement() > 0) {
                return null;
              }
              loading.countDown();
              awaitLatch(go);
              return null;
            });
    Reader first = start(cache, Reading.INVOKE);
    awaitLatch(loading);
    Reader second = start(cache, Reading.INVOKE);
    awaitTakingPart(1);
    change.make(cache);

    go.countDown();

    first.join();
    second.join();
    assertThat(loads).hasValue(2);
  }

  @Test
  void processorChangesWhatItLoaded_theNextSeesTheChange() throws Exception {
    Cache<Object, Object> cache = cache("", key -> loadSlowly(Ending.NOTHING));
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      readers.add(
          start(
              Reading.INVOKE,
              () ->
                  cache.invoke(
                      "k",
                      (entry, arguments) -> {
                        Object before = entry.getValue();
                        entry.setValue(before == null ? 1 : (int) before + 1);
                        return before;
                      })));
    }
    awaitTakingPart(THREADS - 1);

    go.countDown();

    for (Reader reader : readers) {
      reader.join();
    }
    assertThat(cache.get("k")).isEqualTo(THREADS);
    assertThat(loads).hasValue(1);
  }

  /** What it removes may be gone from where it was loaded. */
  @Test
  void processorRemovesWhatItLoaded_theNextLoadsAnew() throws Exception {
    Cache<Object, Object> cache = cache("", key -> loadSlowly(Ending.NOTHING));
    Callable<Object> removing =
        () ->
            cache.invoke(
                "k",
                (entry, arguments) -> {
                  Object before = entry.getValue();
                  entry.remove();
                  return before;
                });
    Reader first = start(Reading.INVOKE, removing);
    awaitLatch(loading);
    Reader second = start(Reading.INVOKE, removing);
    awaitTakingPart(1);

    go.countDown();

    first.join();
    second.join();
    assertThat(loads).hasValue(2);
  }

  @Test
  void processorThatCameAfterTheLoad_loadsAnew() throws Exception {
    CountDownLatch loaded = new CountDownLatch(1);
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              loads.incrementAndGet();
              return null;
            });
    Reader first =
        start(
            Reading.INVOKE,
            () ->
                cache.invoke(
                    "k",
                    (entry, arguments) -> {
                      Object before = entry.getValue();
                      loaded.countDown();
                      awaitLatch(go);
                      return before;
                    }));
    awaitLatch(loaded);
    Reader second = start(cache, Reading.INVOKE);
    awaitTakingPart(1);

    go.countDown();

    first.join();
    second.join();
    assertThat(loads).hasValue(2);
  }

  @Test
  void loadTakesLongerThanLoadWait_loadsItself() throws Exception {
    Cache<Object, Object> cache =
        cache(
            "?load.wait=50ms",
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "second";
              }
              loading.countDown();
              awaitLatch(go);
              return "first";
            });
    Reader first = start(cache, Reading.GET);
    awaitLatch(loading);

    assertThat(cache.get("k")).isEqualTo("second");

    go.countDown();
    first.join();
  }

  @Test
  void loaderAsksForItsOwnKey_isAnErrorThatSaysSo() {
    List<Cache<Object, Object>> own = new ArrayList<>();
    own.add(cache("", key -> own.get(0).get(key)));

    assertThatThrownBy(() -> own.get(0).get("k"))
        .isInstanceOf(CacheLoaderException.class)
        .hasMessageContaining("The cache loader asks the cache 'hotels/info' for the key")
        .hasMessageContaining("k");
    assertThatThrownBy(() -> own.get(0).getAll(Set.of("k")))
        .isInstanceOf(CacheLoaderException.class)
        .hasStackTraceContaining("The cache loader asks the cache 'hotels/info' for the key");
  }

  /** The one that loaded it may do with it what it likes. */
  @Test
  void loadedArray_isCopiedBeforeItsOwnerGetsIt() throws Exception {
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              loads.incrementAndGet();
              loading.countDown();
              awaitLatch(go);
              return new byte[] {1, 2, 3};
            });
    Reader first = start(cache, Reading.GET);
    awaitLatch(loading);
    List<Reader> readers = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      readers.add(
          start(
              Reading.GET,
              () -> {
                byte[] got = (byte[]) cache.get("k");
                byte[] copy = got.clone();
                Arrays.fill(got, (byte) 9);
                return copy;
              }));
    }
    awaitTakingPart(readers.size());

    go.countDown();

    first.join();
    Arrays.fill((byte[]) first.got, (byte) 9);
    for (Reader reader : readers) {
      reader.join();
      assertThat(reader.got).isEqualTo(new byte[] {1, 2, 3});
    }
    assertThat(loads).hasValue(1);
  }

  /** Has loadAll call the loader, for a cache whose entries it has to lock to store them. */
  private CompletionListenerFuture beginToLoadAll(Cache<Object, Object> cache) throws Exception {
    cache.registerCacheEntryListener(
        new MutableCacheEntryListenerConfiguration<>(
            () -> (CacheEntryCreatedListener<Object, Object>) events -> {}, null, false, true));
    CompletionListenerFuture done = new CompletionListenerFuture();
    cache.loadAll(Set.of("k"), false, done);
    awaitLatch(loading);
    return done;
  }

  /** A processor holds the lock of its entry while it waits; loadAll needs that lock to store. */
  @Test
  void processorWaitsForALoadAll_whichGoesOn() throws Exception {
    Cache<Object, Object> cache = cache("", key -> loadSlowly(Ending.VALUE));
    CompletionListenerFuture done = beginToLoadAll(cache);
    Thread processor = new Thread(() -> cache.invoke("k", (entry, arguments) -> entry.getValue()));
    processor.start();
    awaitTakingPart(1);

    long start = System.nanoTime();
    go.countDown();
    done.get();
    processor.join();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .as("not the 10 s of load.wait")
        .isLessThan(Duration.ofSeconds(5));
    assertThat(loads).hasValue(1);
  }

  /** Who has the load lease needs the lock to store, which ends the lease. */
  @Test
  void processorWaitsForTheLeaseOfALoadAll_whichGoesOn() throws Exception {
    MutableConfiguration<Object, Object> configuration =
        new MutableConfiguration<>()
            .setCacheLoaderFactory(
                () -> new FunctionLoader<Object, Object>(key -> loadSlowly(Ending.VALUE)));
    Cache<Object, Object> cache =
        caches
            .manager(URI.create(server.uri("hotels") + "?load.lease=1h&load.wait=1h"))
            .createCache("info", configuration);
    CompletionListenerFuture done = beginToLoadAll(cache);
    Reader processor = start(cache, Reading.INVOKE);
    Waiting.awaitWaiting(processor);

    go.countDown();

    done.get(LESS_THAN_A_LOCK_IS_WAITED_FOR, TimeUnit.SECONDS);
    processor.join();
    assertThat(processor.got).isEqualTo(List.of("loaded"));
    assertThat(loads).hasValue(1);
  }

  /** What became of the thread that loads is nothing to those who wait. */
  @Test
  void loadingThreadIsInterrupted_othersLoadThemselves() throws Exception {
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "loaded";
              }
              loading.countDown();
              try {
                Thread.sleep(60_000);
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return "never";
            });
    Reader first = start(cache, Reading.GET);
    awaitLatch(loading);
    Reader second = start(cache, Reading.GET);
    awaitTakingPart(1);

    first.interrupt();

    first.join();
    second.join();
    assertThat(first.failure).isInstanceOf(CacheLoaderException.class);
    assertThat(second.got).isEqualTo("loaded");
  }

  @Test
  void loaderFails_itsCausesFormACircle_isThrown() {
    RuntimeException failure = new IllegalStateException("no database");
    failure.initCause(new IllegalStateException(failure));
    Cache<Object, Object> cache =
        cache(
            "",
            key -> {
              throw failure;
            });

    assertThat(OwnThread.supply(() -> cache.get("k")))
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(CacheLoaderException.class);
  }

  @Test
  void statistics_waitingInAProcessor_takesNoTimeTwice() throws Exception {
    Cache<Object, Object> cache = cache("", key -> loadSlowly(Ending.VALUE));
    cache.getCacheManager().enableStatistics("info", true);
    Reader reader = start(cache, Reading.GET);
    awaitLatch(loading);
    Thread processor = new Thread(() -> cache.invoke("k", (entry, arguments) -> entry.getValue()));
    processor.start();
    awaitTakingPart(1);
    Thread.sleep(300);

    go.countDown();

    reader.join();
    processor.join();
    assertThat(((MemcachedCache<?, ?>) cache).getStatistics().getAverageGetTime()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?load.lease=60s"})
  void processorThatLoads_takesPartInTheLoadOfAGet(String options) throws Exception {
    Cache<Object, Object> cache = cache(options, key -> loadSlowly(Ending.VALUE));
    Reader reader = start(cache, Reading.GET);
    awaitLatch(loading);
    Thread processor = new Thread(() -> cache.invoke("k", (entry, arguments) -> entry.getValue()));
    processor.start();
    awaitTakingPart(1);

    go.countDown();

    reader.join();
    processor.join();
    assertThat(loads).hasValue(1);
  }
}
