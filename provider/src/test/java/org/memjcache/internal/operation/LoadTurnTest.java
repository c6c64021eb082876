// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.internal.operation.MemoryCache.writing;
import static org.memjcache.support.Waiting.awaitLatch;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.operation.concurrency.KeyLocks;
import org.memjcache.internal.operation.concurrency.LoadPause;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.memjcache.support.OwnThread;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;

/** Some loads need a turn to be stored, which those may have who wait for a load. */
@Timeout(60)
class LoadTurnTest {

  /** A way to load the entry {@code k}. */
  enum Loading {
    GET {
      @Override
      String load(CacheContext<String, String> context) {
        return new Reads<>(context, null).get("k");
      }
    },
    GET_ALL {
      @Override
      String load(CacheContext<String, String> context) {
        return new Reads<>(context, null).getAll(Set.of("k")).get("k");
      }
    };

    abstract String load(CacheContext<String, String> context);
  }

  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final Duration LESS_THAN_A_TURN_IS_WAITED_FOR = Duration.ofSeconds(15);

  private final SlowLoader slow = new SlowLoader((key, number) -> "loaded " + number);
  private final AtomicInteger loads = new AtomicInteger();

  /** To store needs no turn where there is no listener. */
  @ParameterizedTest
  @EnumSource
  void missedBeforeTheValueIsStored_withAWriter_isLoadedOnce(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    CacheContext<String, String> context =
        writing(
            cache.readThrough(cache.store, key -> "loaded " + loads.incrementAndGet()),
            new RecordingWriter());
    AtomicReference<Thread> second = new AtomicReference<>();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("change") && second.get() == null) {
            second.set(start(() -> loading.load(context)));
            Waiting.await("it takes part, or has loaded")
                .until(() -> isInside(second.get(), SharedLoad.class) || !second.get().isAlive());
          }
        });

    assertThat(loading.load(context)).isEqualTo("loaded 1");

    Waiting.await("it ends").until(() -> !second.get().isAlive());
    assertThat(loads).hasValue(1);
  }

  /** Only a listener has a load wait for its turn before it is stored, which ends its lease. */
  @ParameterizedTest
  @ValueSource(strings = {"k", "k other"})
  void aLoadWaitsForTheTurnAndAnotherForItsLease_theProcessorGoesOn(String keys) {
    CountDownLatch isInside = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    CacheContext<String, String> context =
        MemoryCache.heard(new EternalExpiryPolicy())
            .leasing(AN_HOUR, key -> key.equals("k") ? slow.load(key) : "loaded");
    Thread first = start(() -> Loading.GET.load(context));
    slow.awaitBegun();
    CompletableFuture<?> processed =
        OwnThread.supply(
            () ->
                new Processors<>(context)
                    .invokeAll(
                        new LinkedHashSet<>(List.of(keys.split(" "))),
                        (entry, arguments) -> {
                          isInside.countDown();
                          awaitLatch(go);
                          return entry.getValue();
                        }));
    awaitLatch(isInside);
    slow.go();
    awaitInside(first, KeyLocks.class);
    Thread removal = start(() -> new Removals<>(context, true).remove("k"));
    awaitInside(removal, KeyLocks.class);
    Thread second = start(() -> Loading.GET.load(context));
    awaitInside(second, LoadPause.class);

    go.countDown();

    assertThat(processed).succeedsWithin(LESS_THAN_A_TURN_IS_WAITED_FOR);
  }

  /** It waits without its turn, which the load needs to be stored, or to give its lease back. */
  @Test
  void aLoadIsOutdated_theProcessorThatWaitsForItsLeaseGoesOn() {
    CacheContext<String, String> context =
        MemoryCache.heard(new EternalExpiryPolicy()).leasing(AN_HOUR, slow::load);
    start(() -> Loading.GET.load(context));
    slow.awaitBegun();
    new Removals<>(context, true).remove("k");
    CompletableFuture<String> processed = new CompletableFuture<>();
    Thread processing = start(() -> processed.complete(invoke(context)));
    awaitInside(processing, LoadPause.class);

    slow.go();

    assertThat(processed).succeedsWithin(LESS_THAN_A_TURN_IS_WAITED_FOR).isEqualTo("loaded 2");
  }

  /** A load is taken back in turn, also if there is a writer and no listener. */
  @Test
  void aLoadIsTakenBackAndAnotherEntryAwaited_theProcessorGoesOn() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    CacheContext<String, String> context =
        writing(cache.leasing(AN_HOUR, key -> "loaded " + key), new RecordingWriter());
    loadInAnotherProcess(cache, "other");
    CountDownLatch isInside = new CountDownLatch(1);
    AtomicReference<CompletableFuture<?>> processed = new AtomicReference<>();
    EntryProcessor<String, String, String> processor =
        (entry, arguments) -> {
          if (entry.getKey().equals("k")) {
            entry.setValue("set");
            return null;
          }
          isInside.countDown();
          return entry.getValue();
        };
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("change") && processed.get() == null) {
            Set<String> both = new LinkedHashSet<>(List.of("k", "other"));
            processed.set(
                OwnThread.supply(() -> new Processors<>(context).invokeAll(both, processor)));
            awaitLatch(isInside);
          }
        });
    Thread reader = start(() -> new Reads<>(context, null).getAll(Set.of("k", "other")));
    Waiting.await("it stores what it has loaded").until(() -> processed.get() != null);

    assertThat(processed.get()).succeedsWithin(LESS_THAN_A_TURN_IS_WAITED_FOR);

    Waiting.await("it ends").until(() -> !reader.isAlive());
  }

  @Test
  void aThreadWaitsForAnotherProcess_soDoesTheProcessor() {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    CacheContext<String, String> context = cache.leasing(AN_HOUR, slow::load);
    loadInAnotherProcess(cache, "k");
    awaitInside(start(() -> Loading.GET.load(context)), LoadPause.class);
    CompletableFuture<String> processed = new CompletableFuture<>();
    Thread processing = start(() -> processed.complete(invoke(context)));
    awaitInside(processing, LoadPause.class);

    cache.putElsewhere("k", "theirs");

    assertThat(processed).succeedsWithin(LESS_THAN_A_TURN_IS_WAITED_FOR).isEqualTo("theirs");
    assertThat(slow.calls()).hasValue(0);
  }

  private static String invoke(CacheContext<String, String> context) {
    return new Processors<>(context).invoke("k", (entry, arguments) -> entry.getValue());
  }

  private static void loadInAnotherProcess(MemoryCache cache, String key) {
    cache.store.readForLoad(new Operation("test"), List.of(cache.store.encodeKey(key)), AN_HOUR);
  }

  private static void awaitInside(Thread thread, Class<?> code) {
    Waiting.await("a thread is inside " + code).until(() -> isInside(thread, code));
  }

  private static boolean isInside(Thread thread, Class<?> code) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith(code.getName()));
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
