// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.internal.operation.MemoryCache.loadAll;
import static org.memjcache.support.Waiting.awaitLatch;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.support.Log;
import org.memjcache.support.OwnThread;
import org.memjcache.support.Waiting;

/**
 * While an application's code runs, the entry expires, is read, or is stored by an older load: what
 * was found out about it before is no longer so.
 */
@Timeout(60)
class MeanwhileTest {

  private static final ExpiryPolicy AN_HOUR = new CreatedExpiryPolicy(Duration.ONE_HOUR);

  private static void later(MemoryCache cache) {
    cache.clock.turn(java.time.Duration.ofHours(1));
  }

  static Stream<Named<Consumer<MemoryCache>>> accesses() {
    return Stream.of(
        Named.of(
            "invoke",
            cache ->
                cache.processors.invoke(
                    "k",
                    (entry, arguments) -> {
                      entry.getValue();
                      later(cache);
                      return null;
                    })),
        Named.of(
            "iterator",
            cache -> {
              Iterator<Cache.Entry<String, String>> all =
                  new EntryIterator<>(cache.context, () -> false);
              assertThat(all.hasNext()).isTrue();
              later(cache);
              all.next();
            }));
  }

  /** It has expired for all others, who may have seen that. */
  @ParameterizedTest
  @MethodSource("accesses")
  void accessedEntryExpires_staysSo(Consumer<MemoryCache> access) {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "v");

    access.accept(cache);

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** A value that doesn't depend on the old one is not as old as that. */
  @Test
  void loadAll_entryExpiresWhileTheLoaderRuns_isStoredAsIfCreated() {
    MemoryCache cache = MemoryCache.plain(AN_HOUR);
    cache.writes.put("k", "old");

    loadAll(
        cache.readThrough(
            cache.store,
            key -> {
              later(cache);
              return "new";
            }),
        true);

    assertThat(cache.stored("k")).isEqualTo("new");
  }

  /** Or is it put again? Whoever needs it next reads the source once more. */
  @Test
  void loadAll_entryIsReadWhileTheLoaderRuns_isLoadedByTheNext() {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "old");
    CacheContext<String, String> context = cache.readThrough(cache.store, key -> readLater(cache));

    loadAll(context, true);

    assertThat(cache.stored("k")).isEqualTo("absent");
  }

  /** There is no next load in a cache that doesn't read through. */
  @Test
  void loadAll_entryIsReadWhileTheLoaderRuns_isStoredIfNothingElseWouldLoadIt() {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "old");
    CacheContext<String, String> given = cache.readThrough(cache.store, key -> readLater(cache));

    loadAll(
        new CacheContext<>(
            given.store(),
            given.types(),
            given.expiry(),
            given.events(),
            given.metrics(),
            given.loader(),
            /* readThrough= */ false,
            given.loading(),
            given.writer()),
        true);

    assertThat(cache.stored("k")).isEqualTo("new");
  }

  private static String readLater(MemoryCache cache) {
    cache.clock.turn(java.time.Duration.ofMinutes(10));
    assertThat(cache.reads.get("k")).isEqualTo("old"); // its deadline moves
    return "new";
  }

  /** Nothing moves deadlines here, so it is another put, which came later. */
  @Test
  void loadAll_sameValueIsPutWhileTheLoaderRuns_stays() {
    MemoryCache cache = MemoryCache.plain(AN_HOUR);
    cache.writes.put("k", "off");

    loadAll(
        cache.readThrough(
            cache.store,
            key -> {
              cache.putElsewhere("k", "off");
              return "on";
            }),
        true);

    assertThat(cache.stored("k")).isEqualTo("off");
  }

  /**
   * The value went to and fro in the source, and the load that asked last brought what was seen.
   */
  @Test
  void loadAll_newerLoadBringsWhatWasThere_itStays() {
    MemoryCache cache = MemoryCache.plain(new AccessedExpiryPolicy(Duration.ONE_HOUR));
    cache.writes.put("k", "off");
    AtomicInteger loads = new AtomicInteger();
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    context.set(
        cache.readThrough(
            cache.store,
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "off";
              }
              loadAll(context.get(), true);
              return "on";
            }));

    loadAll(context.get(), true);

    assertThat(cache.stored("k")).isEqualTo("off");
  }

  /** The older one has its value from before the source changed. */
  @Test
  void loadAll_olderLoadStoresWhileTheLoaderRuns_isStored() {
    assertThat(loadedAnewAfter(cache -> {})).isEqualTo("new");
  }

  /** What the older one has stored is gone, even if the same value was put again. */
  @Test
  void loadAll_clearedSinceAnOlderLoad_isNotStored() {
    assertThat(
            loadedAnewAfter(
                cache -> {
                  cache.removals.clear();
                  cache.putElsewhere("k", "old");
                }))
        .isEqualTo("old");
  }

  /**
   * Loads an entry anew, while whose loader runs an older load stores its value; returns what is
   * there in the end.
   *
   * @param afterTheOlder what happens before the loader returns
   */
  private static String loadedAnewAfter(Consumer<MemoryCache> afterTheOlder) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    CountDownLatch newerHasBegun = new CountDownLatch(1);
    AtomicReference<CompletableFuture<?>> newer = new AtomicReference<>();
    CountDownLatch olderIsStored = new CountDownLatch(1);
    AtomicInteger loads = new AtomicInteger();
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    Function<String, String> source =
        key -> {
          if (loads.getAndIncrement() > 0) {
            newerHasBegun.countDown();
            awaitLatch(olderIsStored);
            return "new";
          }
          newer.set(OwnThread.run(() -> loadAll(context.get(), true)));
          awaitLatch(newerHasBegun);
          return "old";
        };
    context.set(cache.readThrough(cache.store, source));

    assertThat(new Reads<>(context.get(), null).get("k")).isEqualTo("old");
    afterTheOlder.accept(cache);
    olderIsStored.countDown();
    newer.get().join();
    return cache.stored("k");
  }

  /** Both have begun when the one that asked its loader last stores what that has brought. */
  @Test
  void loadAll_newerLoadStoresBefore_itsValueStays() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    cache.writes.put("k", "there");
    AtomicInteger loads = new AtomicInteger();
    CacheContext<String, String> context =
        cache.readThrough(cache.store, key -> "loaded " + loads.incrementAndGet());
    AtomicInteger changes = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("change") && changes.getAndIncrement() == 0) {
            loadAll(context, true);
          }
        });

    loadAll(context, true);

    assertThat(cache.stored("k")).isEqualTo("loaded 2");
  }

  @Test
  void loadAll_newerLoadFails_theOlderOneIsStored() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    cache.writes.put("k", "there");
    AtomicInteger loads = new AtomicInteger();
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    context.set(
        cache.readThrough(
            cache.store,
            key -> {
              if (loads.getAndIncrement() > 0) {
                throw new IllegalStateException("it fails");
              }
              assertThatThrownBy(() -> loadAll(context.get(), true))
                  .hasStackTraceContaining("it fails");
              return "loaded";
            }));

    loadAll(context.get(), true);

    assertThat(cache.stored("k")).isEqualTo("loaded");
  }

  /** A processor waits for its turn while another one loads; then the entry has expired. */
  @Test
  void invoke_valueThatWasLoadedMeanwhileHasExpired_isLoadedAnew() {
    assertThat(inTurn(MemoryCache.plain(AN_HOUR), MeanwhileTest::later))
        .containsExactly("loaded 1", "loaded 2");
  }

  /** What can't be kept belongs to all that waited, or each of them would have to load it. */
  @Test
  void invoke_valueThatWasLoadedMeanwhileIsNotKept_isShared() {
    MemoryCache cache = MemoryCache.plain(AN_HOUR);
    cache.store.setMaxSize(1);

    assertThat(inTurn(cache, same -> {})).containsExactly("loaded 1", "loaded 1");
  }

  static Stream<Named<Consumer<MemoryCache>>> ends() {
    return Stream.of(
        Named.of("clear", cache -> cache.removals.clear()),
        Named.of("expiry", MeanwhileTest::later));
  }

  /** What the processor stores was loaded by another one, later than the refresh asked. */
  @ParameterizedTest
  @MethodSource("ends")
  void refresh_processorStoresWhatItShares_stays(Consumer<MemoryCache> end) {
    MemoryCache cache = MemoryCache.plain(AN_HOUR);
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<CacheContext<String, String>> context = new AtomicReference<>();
    context.set(
        cache.readThrough(
            cache.store,
            key -> {
              if (loads.getAndIncrement() > 0) {
                return "new";
              }
              begun.countDown();
              end.accept(cache);
              cache.store.setMaxSize(1); // the one that loads can't store it
              assertThat(
                      inTurn(
                          cache, context.get(), same -> same.store.setMaxSize(Integer.MAX_VALUE)))
                  .containsExactly("new", "new");
              return "older";
            }));

    refresh(cache, context.get(), begun);

    assertThat(loads).hasValue(2);
    assertThat(cache.stored("k")).isEqualTo("new");
  }

  private static List<String> inTurn(MemoryCache cache, Consumer<MemoryCache> beforeTheSecond) {
    AtomicInteger loads = new AtomicInteger();
    return inTurn(
        cache,
        cache.readThrough(cache.store, key -> "loaded " + loads.incrementAndGet()),
        beforeTheSecond);
  }

  /**
   * Has two processors get an entry, the second of which waits for its turn while the first one
   * loads; returns what they get.
   */
  private static List<String> inTurn(
      MemoryCache cache,
      CacheContext<String, String> context,
      Consumer<MemoryCache> beforeTheSecond) {
    AtomicReference<Thread> second = new AtomicReference<>();
    AtomicReference<CompletableFuture<String>> waiting = new AtomicReference<>();
    Processors<String, String> processors = new Processors<>(context);

    String first =
        processors.invoke(
            "k",
            (entry, arguments) -> {
              waiting.set(
                  OwnThread.supply(
                      () -> {
                        second.set(Thread.currentThread());
                        return processors.invoke("k", (own, none) -> own.getValue());
                      }));
              Waiting.await("the second one waits for its turn")
                  .until(() -> isWaiting(second.get()));
              String loaded = entry.getValue();
              cache.store.beforeTrip(
                  trip -> {
                    if (trip.equals("read")) { // of the second one
                      beforeTheSecond.accept(cache);
                    }
                  });
              return loaded;
            });
    return List.of(first, waiting.get().join());
  }

  private static boolean isWaiting(Thread thread) {
    return thread != null
        && (thread.getState() == Thread.State.WAITING
            || thread.getState() == Thread.State.TIMED_WAITING)
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().endsWith(".Turn"));
  }

  /** Nobody waits for it who could be told. */
  @Test
  void refresh_loaderEndsByAnError_isLogged() {
    MemoryCache cache = MemoryCache.plain(AN_HOUR);
    CountDownLatch begun = new CountDownLatch(1);
    CacheContext<String, String> context =
        cache.readThrough(
            cache.store,
            key -> {
              begun.countDown();
              throw new NoClassDefFoundError("com/example/Hotel");
            });

    String log = Log.of(() -> refresh(cache, context, begun));

    assertThat(log)
        .contains(
            "Refreshing entries of 'memory' fails", "NoClassDefFoundError: com/example/Hotel");
    assertThat(cache.stored("k")).isEqualTo("old");
  }

  /**
   * Has an entry loaded anew in the background, as it is about to expire; waits for the end.
   *
   * @param begun is counted down by the loader
   */
  private static void refresh(
      MemoryCache cache, CacheContext<String, String> context, CountDownLatch begun) {
    Loads<String, String> loads = new Loads<>(context);
    Refreshes<String, String> refreshes =
        new Refreshes<>(context, loads, java.time.Duration.ofMinutes(30));
    cache.writes.put("k", "old");
    cache.clock.turn(java.time.Duration.ofMinutes(40));

    assertThat(new Reads<>(context, refreshes).get("k")).isEqualTo("old");
    awaitLatch(begun);
    loads.closeBy(System.nanoTime() + TimeUnit.SECONDS.toNanos(30));
  }
}
