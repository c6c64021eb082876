// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.expiry.EternalExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Pause;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;

/** An operation waits for {@code load.wait}, however many it waits for one after the other. */
@Timeout(60)
class LoadWaitTest {

  private static final Duration AN_HOUR = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration LONG = PATIENCE.plusMillis(100);
  private static final Set<String> BOTH = Set.of("k", "other");

  private final MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
  private final SlowLoader slow = new SlowLoader((key, number) -> "loaded by the slow thread");
  private final Map<String, Long> loadedAt = new ConcurrentHashMap<>();

  @AfterEach
  void stop() {
    slow.go();
  }

  private CacheContext<String, String> patient() {
    return cache.leasing(
        PATIENCE,
        key -> {
          loadedAt.put(key, System.nanoTime());
          return "loaded";
        });
  }

  private void loadInAnotherProcess(String key) {
    cache.store.readForLoad(new Operation("test"), List.of(cache.store.encodeKey(key)), AN_HOUR);
  }

  /** It waits for nobody itself. */
  private CompletableFuture<String> loadInAnotherThread(String key) {
    CacheContext<String, String> impatient = cache.leasing(Duration.ZERO, slow::load);
    CompletableFuture<String> load = OwnThread.supply(() -> new Reads<>(impatient, null).get(key));
    slow.awaitBegun();
    return load;
  }

  @Test
  void get_waitsForAThread_thenNotForAnotherProcess() {
    loadInAnotherProcess("k");
    CompletableFuture<String> other = loadInAnotherThread("k");
    cache.store.trips().clear();

    assertThat(new Reads<>(patient(), null).get("k")).isEqualTo("loaded");

    assertThat(Collections.frequency(cache.store.trips(), "readForLoad")).isEqualTo(1);
    slow.go();
    other.join();
  }

  @Test
  void getAll_waitsForAnotherProcess_thenNotForAThread() {
    loadInAnotherProcess("k");
    CompletableFuture<String> other = loadInAnotherThread("other");

    assertThat(new Reads<>(patient(), null).getAll(Set.of("k", "other")))
        .isEqualTo(Map.of("k", "loaded", "other", "loaded"));

    assertThat(Duration.ofNanos(loadedAt.get("other") - loadedAt.get("k")))
        .isLessThan(PATIENCE.dividedBy(2));
    slow.go();
    other.join();
  }

  @Test
  void invoke_waitsForAnotherProcess_thenNotForAThread() {
    loadInAnotherProcess("k");
    AtomicInteger looks = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("readForLoad")) {
            looks.incrementAndGet();
          }
        });
    AtomicLong runAt = new AtomicLong();
    CompletableFuture<String> invoked = readAfter(() -> runAt.set(System.nanoTime()));
    Waiting.await("it waits for the other process").until(() -> looks.get() > 1);
    CompletableFuture<String> other = loadInAnotherThread("k");

    assertThat(invoked.join()).isEqualTo("loaded");

    assertThat(Duration.ofNanos(loadedAt.get("k") - runAt.get())).isLessThan(PATIENCE.dividedBy(2));
    slow.go();
    other.join();
  }

  private CompletableFuture<?> go(CompletableFuture<?> operation, AtomicReference<Thread> thread) {
    Waiting.await("it waits for the other thread, or has gone on")
        .until(() -> operation.isDone() || isWaitingForALoad(thread.get()));
    slow.go();
    return operation;
  }

  private static boolean isWaitingForALoad(@Nullable Thread thread) {
    return thread != null
        && Arrays.stream(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(SharedLoad.class.getName()));
  }

  /** What its own loader takes is no wait. */
  @Test
  void getAll_loadsForLong_thenWaitsForAThread() {
    CompletableFuture<String> other = loadInAnotherThread("other");
    AtomicReference<Thread> reader = new AtomicReference<>();
    CompletableFuture<Map<String, String>> both =
        OwnThread.supply(() -> new Reads<>(loadingForLong(reader), null).getAll(BOTH));

    assertThat(go(both, reader).join())
        .isEqualTo(Map.of("k", "loaded", "other", "loaded by the slow thread"));

    other.join();
  }

  @Test
  void getAll_loadsForLong_thenWaitsForAnotherProcess() {
    loadInAnotherProcess("other");
    AtomicInteger looks = new AtomicInteger();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("readForLoad") && looks.incrementAndGet() == 3) {
            cache.putElsewhere("other", "theirs");
          }
        });

    assertThat(new Reads<>(loadingForLong(new AtomicReference<>()), null).getAll(BOTH))
        .isEqualTo(Map.of("k", "loaded", "other", "theirs"));
  }

  @Test
  void invoke_processorRunsForLong_thenWaitsForAThread() {
    CompletableFuture<String> other = loadInAnotherThread("k");
    AtomicReference<Thread> thread = new AtomicReference<>();
    CompletableFuture<String> invoked =
        readAfter(
            () -> {
              Pause.nanos(LONG.toNanos());
              thread.set(Thread.currentThread());
            });

    assertThat(go(invoked, thread).join()).isEqualTo("loaded by the slow thread");

    other.join();
  }

  /** Has an entry processor of another thread do something, and then read. */
  private CompletableFuture<String> readAfter(Runnable work) {
    return OwnThread.supply(
        () ->
            new Processors<>(patient())
                .invoke(
                    "k",
                    (entry, arguments) -> {
                      work.run();
                      return entry.getValue();
                    }));
  }

  private CacheContext<String, String> loadingForLong(AtomicReference<Thread> reader) {
    return cache.leasing(
        PATIENCE,
        key -> {
          Pause.nanos(LONG.toNanos());
          reader.set(Thread.currentThread());
          return "loaded";
        });
  }
}
