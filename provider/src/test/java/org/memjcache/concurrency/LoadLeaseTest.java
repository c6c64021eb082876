// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CompletionListenerFuture;
import javax.cache.processor.EntryProcessorException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.internal.common.Pause;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** With {@code load.lease}, one process loads what is missing, and the others wait for it. */
@Tag("slow")
@Tag("any-jdk")
@Timeout(240)
class LoadLeaseTest {

  private static final String KEY = "k";

  private final MemcachedServer server = MemcachedServer.start();
  private final RecordingProxy proxy = RecordingProxy.start(server);
  private final List<AutoCloseable> processes = new ArrayList<>();
  private final SlowLoader slow = new SlowLoader((key, number) -> "loaded " + key);

  @AfterEach
  void stop() throws Exception {
    slow.go();
    for (AutoCloseable process : processes) {
      process.close();
    }
    proxy.close();
    server.close();
  }

  /** A way to ask for an entry, which loads it if it is missing. */
  enum Way {
    GET {
      @Override
      Object read(Cache<String, String> cache, Function<String, String> load) {
        return cache.get(KEY);
      }
    },
    GET_ALL {
      @Override
      Object read(Cache<String, String> cache, Function<String, String> load) {
        return cache.getAll(Set.of(KEY)).get(KEY);
      }
    },
    LOAD_ALL {
      @Override
      Object read(Cache<String, String> cache, Function<String, String> load) {
        CompletionListenerFuture done = new CompletionListenerFuture();
        cache.loadAll(Set.of(KEY), false, done);
        try {
          done.get();
        } catch (Exception e) {
          throw new CacheException(e);
        }
        return cache.get(KEY);
      }
    },
    INVOKE {
      @Override
      Object read(Cache<String, String> cache, Function<String, String> load) {
        return cache.invoke(KEY, (entry, arguments) -> entry.getValue());
      }
    },
    /** As Spring does with {@code @Cacheable(sync = true)}. */
    INVOKE_AND_SET {
      @Override
      Object read(Cache<String, String> cache, Function<String, String> load) {
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

    abstract Object read(Cache<String, String> cache, Function<String, String> load);
  }

  private Cache<String, String> process(String options, Function<String, String> load) {
    return cache(options, new MutableConfiguration<>(), load);
  }

  private Cache<String, String> cache(
      String options,
      MutableConfiguration<String, String> configuration,
      Function<String, String> load) {
    IsolatedProvider process = new IsolatedProvider();
    processes.add(process);
    return process
        .manager(URI.create(proxy.uri("hotels") + "?timeout=20s&" + options))
        .createCache(
            "info",
            configuration
                .setReadThrough(true)
                .setStatisticsEnabled(true)
                .setCacheLoaderFactory(() -> new FunctionLoader<String, String>(load)));
  }

  private CompletableFuture<Object> readInBackground(Way way, Cache<String, String> cache) {
    return OwnThread.supply(() -> way.read(cache, slow::load));
  }

  /** Waits until somebody has looked so often whether a lease has ended. */
  private void awaitLooks(int count) {
    int before = looks();
    Waiting.await("others look again").until(() -> looks() >= before + count);
  }

  private int looks() {
    return (int)
        proxy.requests().stream()
            .filter(line -> line.startsWith("get") && line.contains("?"))
            .count();
  }

  @ParameterizedTest
  @EnumSource
  void read_missingInTwoProcesses_isLoadedOnce(Way way) {
    Cache<String, String> one = process("load.lease=60s", slow::load);
    Cache<String, String> other = process("load.lease=60s", slow::load);

    CompletableFuture<Object> first = readInBackground(way, one);
    slow.awaitBegun();
    CompletableFuture<Object> second = readInBackground(way, other);
    awaitLooks(3);
    slow.go();

    assertThat(first.join()).isEqualTo("loaded k");
    assertThat(second.join()).isEqualTo("loaded k");
    assertThat(slow.calls()).hasValue(1);
    assertThat(leaseItems()).isZero();
  }

  private long leaseItems() {
    return server.command("lru_crawler metadump all").stream()
        .filter(line -> line.startsWith("key=") && (line.contains("?") || line.contains("%3F")))
        .count();
  }

  /** Each of them has what the other one could wait for. */
  @Test
  void get_anEntryProcessorOfTheSameProcessHasTheLease_bothGoOn() {
    Cache<String, String> cache = process("load.lease=1h&load.wait=1h", key -> "loaded");
    CompletableFuture<String> invoked =
        OwnThread.supply(
            () ->
                cache.invoke(
                    KEY,
                    (entry, arguments) -> {
                      slow.hold();
                      return entry.getValue();
                    }));
    slow.awaitBegun();
    CompletableFuture<Object> read = readInBackground(Way.GET, cache);
    awaitLooks(2);
    slow.go();

    assertThat(invoked.join()).isEqualTo("loaded");
    assertThat(read.join()).isEqualTo("loaded");
  }

  @Test
  void invoke_processorAsksTheCacheForTheSameKey_doesNotWaitForItsOwnLease() {
    Cache<String, String> cache = process("load.lease=60s&load.wait=60s", key -> "loaded");
    int before = looks();

    String got =
        cache.invoke(
            KEY,
            (entry, arguments) ->
                cache.invoke(KEY, (same, none) -> same.exists() + ", " + cache.get(KEY)));

    assertThat(got).isEqualTo("false, loaded");
    assertThat(looks() - before).as("one for each operation").isEqualTo(3);
  }

  /** A processor that took long asks for the lease of a change the next time. */
  @ParameterizedTest
  @EnumSource(names = {"INVOKE", "INVOKE_AND_SET"})
  void invoke_othersMayChangeTheEntry_isLoadedOnce(Way way) {
    Cache<String, String> one = process("load.lease=60s", slow::load);
    Cache<String, String> other = process("load.lease=60s", slow::load);
    contend(one);
    contend(other);

    CompletableFuture<Object> first = readInBackground(way, one);
    slow.awaitBegun();
    CompletableFuture<Object> second = readInBackground(way, other);
    awaitLooks(3);
    slow.go();

    assertThat(first.join()).isEqualTo("loaded k");
    assertThat(second.join()).isEqualTo("loaded k");
    assertThat(slow.calls()).hasValue(1);
    assertThat(leaseItems()).isZero();
  }

  private static void contend(Cache<String, String> cache) {
    cache.containsKey(KEY); // so that the processor takes longer than all else
    cache.invoke(
        KEY,
        (entry, arguments) -> {
          Pause.nanos(20_000_000);
          return null;
        });
  }

  @Test
  void get_withoutLease_isLoadedByEach() {
    Cache<String, String> one = process("load.lease=0s", slow::load);
    Cache<String, String> other = process("load.lease=0s", slow::load);

    CompletableFuture<Object> first = readInBackground(Way.GET, one);
    CompletableFuture<Object> second = readInBackground(Way.GET, other);
    Waiting.await("both load").until(() -> slow.calls().get() == 2);
    slow.go();

    assertThat(first.join()).isEqualTo(second.join());
  }

  @ParameterizedTest
  @EnumSource
  void read_theLoaderFails_anotherProcessLoadsAtOnce(Way way) {
    Function<String, String> failing =
        key -> {
          slow.hold();
          throw new IllegalStateException("no database");
        };
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", failing);
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", key -> "other");

    CompletableFuture<Object> first = OwnThread.supply(() -> way.read(one, failing));
    slow.awaitBegun();
    CompletableFuture<Object> second = OwnThread.supply(() -> way.read(other, key -> "other"));
    awaitLooks(2);
    slow.go();

    assertThatThrownBy(first::join).hasStackTraceContaining("no database");
    assertThat(second.join()).isEqualTo("other");
  }

  @ParameterizedTest
  @EnumSource
  void read_theLoaderIsInterrupted_anotherProcessLoadsAtOnce(Way way) {
    Function<String, String> interrupted =
        key -> {
          slow.hold();
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted");
        };
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", interrupted);
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", key -> "other");

    CompletableFuture<Object> first = OwnThread.supply(() -> way.read(one, interrupted));
    slow.awaitBegun();
    CompletableFuture<Object> second = OwnThread.supply(() -> way.read(other, key -> "other"));
    awaitLooks(2);
    slow.go();

    assertThatThrownBy(first::join).hasStackTraceContaining("interrupted");
    assertThat(second.join()).isEqualTo("other");
  }

  /** It may be of the same process, which asks for the lease as the others do. */
  @Test
  void getAll_theLoaderIsInterrupted_oneOfAllOthersLoads() {
    AtomicInteger loads = new AtomicInteger();
    Function<String, String> interrupted =
        key -> {
          if (loads.incrementAndGet() > 1) {
            Pause.nanos(TimeUnit.MILLISECONDS.toNanos(300));
            return "loaded";
          }
          slow.hold();
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted");
        };
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", interrupted);
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", interrupted);

    CompletableFuture<Object> first = readInBackground(Way.GET_ALL, one);
    slow.awaitBegun();
    CompletableFuture<Object> second = readInBackground(Way.GET_ALL, one);
    Waiting.await("it waits for the other thread").until(LoadLeaseTest::isLoadAwaited);
    CompletableFuture<Object> third = readInBackground(Way.GET_ALL, other);
    awaitLooks(2);
    slow.go();

    assertThatThrownBy(first::join).hasStackTraceContaining("interrupted");
    assertThat(second.join()).isEqualTo("loaded");
    assertThat(third.join()).isEqualTo("loaded");
    assertThat(loads).hasValue(2);
  }

  private static boolean isLoadAwaited() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Stream::of)
        .anyMatch(
            frame ->
                frame.getClassName().endsWith(".SharedLoad")
                    && frame.getMethodName().equals("await"));
  }

  @Test
  void invoke_theProcessorIsInterrupted_throwsWhatItThrew() {
    Cache<String, String> cache = process("load.lease=1h", key -> "loaded");

    assertThatThrownBy(
            () ->
                cache.invoke(
                    KEY,
                    (entry, arguments) -> {
                      Thread.currentThread().interrupt();
                      throw new IllegalStateException("mine");
                    }))
        .isInstanceOf(EntryProcessorException.class)
        .hasRootCauseMessage("mine");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(leaseItems()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "LOAD_ALL", "INVOKE"})
  void read_theLoaderReturnsAnotherType_leavesNoLease(Way way) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    Function<String, String> numbers = (Function) key -> 1;
    Cache<String, String> cache =
        cache(
            "load.lease=1h",
            new MutableConfiguration<String, String>().setTypes(String.class, String.class),
            numbers);

    assertThatThrownBy(() -> way.read(cache, key -> "unused"))
        .hasStackTraceContaining(ClassCastException.class.getName());

    assertThat(leaseItems()).isZero();
  }

  @Test
  void getAll_thePolicyThrowsAnError_leavesNoLease() {
    AtomicInteger asked = new AtomicInteger();
    ExpiryPolicy policy =
        new ExpiryPolicy() {
          @Override
          public Duration getExpiryForCreation() {
            if (asked.incrementAndGet() == 2) {
              throw new StackOverflowError();
            }
            return Duration.ETERNAL;
          }

          @Override
          public @Nullable Duration getExpiryForAccess() {
            return null;
          }

          @Override
          public @Nullable Duration getExpiryForUpdate() {
            return null;
          }
        };
    Cache<String, String> cache =
        cache(
            "load.lease=1h",
            new MutableConfiguration<String, String>().setExpiryPolicyFactory(() -> policy),
            key -> "loaded");

    assertThatThrownBy(() -> cache.getAll(Set.of("a", "b", "c")))
        .isInstanceOf(StackOverflowError.class);

    assertThat(leaseItems()).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void read_theLoaderHasNothing_theOthersLearnThat(Way way) {
    Function<String, String> nothing =
        key -> {
          slow.load(key);
          return null;
        };
    Cache<String, String> one = process("load.lease=1h", nothing);
    Cache<String, String> other = process("load.lease=1h", nothing);

    CompletableFuture<Object> first = readInBackground(way, one);
    slow.awaitBegun();
    CompletableFuture<Object> second = readInBackground(way, other);
    awaitLooks(3);
    slow.go();

    assertThat(first.join()).isNull();
    assertThat(second.join()).isNull();
    assertThat(slow.calls()).hasValue(1);
  }

  /** Without a lease nobody waits for others, so nobody has to be told either. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void read_refreshAheadAndTheLoaderHadNothing_isLoadedOnceMore(Way way) {
    Map<String, String> database = new ConcurrentHashMap<>();
    String options = "cache.info.expiry=created:2h&cache.info.refreshAfter=1h";
    Cache<String, String> one = process(options, database::get);
    Cache<String, String> other = process(options, database::get);

    assertThat(way.read(one, database::get)).isNull();
    database.put(KEY, "a row that another program has inserted");

    assertThat(way.read(other, database::get)).isEqualTo(database.get(KEY));
  }

  /** The note takes the place of what says that somebody loads. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void read_loadNullAndTheLoaderIsSlow_isRemembered(Way way) {
    Function<String, String> nothing =
        key -> {
          slow.calls().incrementAndGet();
          Pause.nanos(TimeUnit.SECONDS.toNanos(3));
          return null;
        };
    Cache<String, String> one = process("load.null=1h", nothing);
    Cache<String, String> other = process("load.null=1h", nothing);

    assertThat(way.read(one, nothing)).isNull();
    assertThat(way.read(one, nothing)).isNull();
    assertThat(way.read(other, nothing)).isNull();

    assertThat(slow.calls()).hasValue(1);
  }

  /**
   * For how long one would wait for another is how long a load is announced, but not for no time.
   */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void read_loadNullAndNobodyWaits_isRemembered(Way way) {
    Function<String, String> nothing =
        key -> {
          slow.calls().incrementAndGet();
          return null;
        };
    Cache<String, String> one = process("load.null=1h&load.wait=0s", nothing);

    assertThat(way.read(one, nothing)).isNull();
    assertThat(way.read(one, nothing)).isNull();

    assertThat(slow.calls()).hasValue(1);
  }

  @Test
  void get_loadNull_isRememberedUntilTheEntryIsChanged() {
    Function<String, String> nothing =
        key -> {
          slow.calls().incrementAndGet();
          return null;
        };
    Cache<String, String> one = process("load.null=1h", nothing);
    Cache<String, String> other = process("load.null=1h", nothing);

    assertThat(one.get(KEY)).isNull();
    assertThat(other.get(KEY)).isNull();
    assertThat(other.getAll(Set.of(KEY))).isEmpty();
    assertThat(slow.calls()).hasValue(1);
    assertThat(other.containsKey(KEY)).isFalse();
    assertThat(other.iterator()).isExhausted();
    assertThat(other.putIfAbsent(KEY, "put")).isTrue();
    assertThat(one.get(KEY)).isEqualTo("put");

    List<Runnable> changes =
        List.of(
            () -> other.remove(KEY),
            () -> other.removeAll(Set.of(KEY)),
            other::clear,
            () -> {
              other.put(KEY, "again");
              other.getAndRemove(KEY);
            });
    for (Runnable change : changes) {
      change.run();
      int before = slow.calls().get();
      assertThat(one.get(KEY)).isNull();
      assertThat(slow.calls()).hasValue(before + 1);
      assertThat(one.get(KEY)).isNull();
      assertThat(slow.calls()).hasValue(before + 1);
    }
  }

  /** There is a value, even if it is not kept: it may live longer next time. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void read_loadNullAndWhatIsLoadedExpiresAtOnce_isLoadedAgain(Way way) {
    Function<String, String> load =
        key -> {
          slow.calls().incrementAndGet();
          return "loaded";
        };
    Cache<String, String> one =
        cache(
            "load.null=1h",
            new MutableConfiguration<String, String>()
                .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ZERO)),
            load);

    way.read(one, load);
    way.read(one, load);

    assertThat(slow.calls()).hasValue(2);
  }

  /** What the loader found is older than the change. */
  @Test
  void get_loadNullAndChangedWhileItLoads_isNotRemembered() {
    Cache<String, String> one =
        process(
            "load.null=1h",
            key -> {
              slow.load(key);
              return null;
            });
    Cache<String, String> other = process("load.null=1h", key -> "now there");

    CompletableFuture<Object> first = readInBackground(Way.GET, one);
    slow.awaitBegun();
    other.put(KEY, "put");
    other.remove(KEY);
    slow.go();
    first.join();

    assertThat(other.get(KEY)).isEqualTo("now there");
  }

  @ParameterizedTest
  @EnumSource
  void read_clearedWhileAnotherProcessLoads_doesNotWaitForIt(Way way) {
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", slow::load);
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", key -> "other");
    CompletableFuture<Object> first = readInBackground(way, one);
    slow.awaitBegun();

    other.clear();

    assertThat(way.read(other, key -> "other")).isEqualTo("other");
    slow.go();
    first.join();
    assertThat(other.get(KEY)).isEqualTo("other");
  }

  @Test
  void get_anotherProcessLoadsForLong_loadsItselfAfterLoadWait() {
    Cache<String, String> one = process("load.lease=1h", slow::load);
    Cache<String, String> other = process("load.lease=1h&load.wait=100ms", key -> "other");
    CompletableFuture<Object> first = readInBackground(Way.GET, one);
    slow.awaitBegun();

    assertThat(other.get(KEY)).isEqualTo("other");

    slow.go();
    first.join();
    assertThat(one.get(KEY)).isEqualTo("other"); // a load stores nothing in the place of another
  }

  @Test
  void get_serverIsRestartedWhileAnotherProcessLoads_doesNotWaitForIt() {
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", slow::load);
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", key -> "other");
    CompletableFuture<Object> first = readInBackground(Way.GET, one);
    slow.awaitBegun();
    CompletableFuture<String> second = OwnThread.supply(() -> getAtLast(other));
    awaitLooks(2);

    server.restart();

    assertThat(second.join()).isEqualTo("other");
    slow.go();
    first.exceptionally(e -> null).join();
  }

  private static String getAtLast(Cache<String, String> cache) {
    return Waiting.await("the server is back")
        .ignoreExceptionsInstanceOf(CacheException.class)
        .until(() -> cache.get(KEY), Objects::nonNull);
  }

  @Test
  void get_serverIsAway_loadsAtOnce() {
    Cache<String, String> cache = process("load.lease=1h&failure=miss", key -> "loaded");
    assertThat(cache.get(KEY)).isEqualTo("loaded");
    proxy.refuse(true);
    proxy.dropConnections();

    assertThat(cache.get(KEY)).isEqualTo("loaded");
  }

  /** A hit costs what it did, a miss one trip more. */
  @Test
  void get_costsOfALease() {
    Cache<String, String> cache = process("load.lease=10s", key -> "loaded " + key);
    cache.get("other");
    proxy.reset();

    cache.get(KEY);
    assertThat(proxy.roundTrips()).isEqualTo(3); // miss, lease, store

    proxy.reset();
    cache.get(KEY);
    assertThat(proxy.roundTrips()).isEqualTo(1);
  }

  @Test
  void getAll_partsAreLoadedByTwoProcesses_eachIsLoadedOnce() {
    Cache<String, String> one = process("load.lease=1h&load.wait=1h", slow::load);
    Cache<String, String> other =
        process("load.lease=1h&load.wait=1h", key -> "by the other " + key);
    CompletableFuture<Object> first = readInBackground(Way.GET, one);
    slow.awaitBegun();
    CompletableFuture<Object> second = OwnThread.supply(() -> other.getAll(Set.of(KEY, "a", "b")));
    Waiting.await("what nobody else loads is there").until(() -> other.containsKey("a"));
    slow.go();

    assertThat(second.join()).hasToString("{a=by the other a, b=by the other b, k=loaded k}");
    first.join();
  }

  /** It hears of the one entry while the other one is waited for. */
  @ParameterizedTest
  @EnumSource(names = {"GET", "GET_ALL", "INVOKE"})
  void getAll_listenerReadsWhatAnotherProcessLoads_waitsForIt(Way way) {
    AtomicReference<Cache<String, String>> cache = new AtomicReference<>();
    List<Object> heard = new ArrayList<>();
    CacheEntryCreatedListener<String, String> listener =
        created -> {
          slow.go();
          heard.add(way.read(cache.get(), slow::load));
        };
    cache.set(
        cache(
            "load.lease=1h&load.wait=1h",
            new MutableConfiguration<String, String>()
                .addCacheEntryListenerConfiguration(
                    new MutableCacheEntryListenerConfiguration<>(
                        () -> listener, null, false, true)),
            key -> "loaded here"));
    Cache<String, String> other = process("load.lease=1h&load.wait=1h", slow::load);
    CompletableFuture<Object> first = readInBackground(Way.GET, other);
    slow.awaitBegun();

    assertThat(cache.get().getAll(Set.of(KEY, "a")))
        .isEqualTo(Map.of(KEY, "loaded k", "a", "loaded here"));

    assertThat(heard).containsExactly("loaded k");
    first.join();
  }

  private List<ChildJvm> jvms(int count, String options) {
    List<ChildJvm> jvms =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    LoadingWorker.start(
                        URI.create(
                            server.uri("hotels") + "?timeout=60s&connectTimeout=60s&" + options)))
            .toList();
    processes.addAll(jvms);
    return jvms;
  }

  private static int loads(List<ChildJvm> jvms) {
    return jvms.stream().mapToInt(jvm -> Integer.parseInt(jvm.ask("loads"))).sum();
  }

  private static void askAll(List<ChildJvm> jvms, String order) {
    jvms.forEach(jvm -> jvm.begin(order));
    jvms.forEach(ChildJvm::answer);
  }

  @Test
  void clear_thousandHotKeysInFourJvms_eachIsLoadedOnce() {
    List<ChildJvm> jvms = jvms(4, "load.lease=60s&load.wait=60s");
    askAll(jvms, "all 8 10");
    jvms.get(0).ask("clear");
    loads(jvms);

    askAll(jvms, "all 8 1000");

    assertThat(loads(jvms)).isEqualTo(1_000);
  }

  @Test
  void get_byTwoHundredThreadsInFourJvms_isLoadedOnceEachTime() {
    List<ChildJvm> jvms = jvms(4, "load.lease=60s&load.wait=60s");
    for (int round = 0; round < 100; round++) {
      askAll(jvms, "get 50 k");
      assertThat(loads(jvms)).as("round %d", round).isEqualTo(1);
      jvms.get(round % 4).ask("clear");
    }
  }

  @Test
  void get_theProcessThatLoadsIsKilled_anotherOneLoadsWhenTheLeaseEnds() {
    List<ChildJvm> jvms = jvms(2, "load.lease=1s&load.wait=1h");
    ChildJvm killed = jvms.get(0);
    killed.ask("block");
    killed.begin("get 1 k");
    Waiting.await("it loads").until(() -> leaseItems() == 1);

    killed.close();

    jvms.get(1).ask("get 5 k");
    assertThat(jvms.get(1).ask("loads")).isEqualTo("1");
  }
}
