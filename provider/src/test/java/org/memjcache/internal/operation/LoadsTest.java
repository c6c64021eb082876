// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.integration.CompletionListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.support.Waiting;

/** How many loads run in the background, and what becomes of further ones. */
@Timeout(60)
@Tag("slow")
class LoadsTest {

  private static final int CLOSINGS = 1_000;

  private final Loads<String, String> loads = loads();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private static final int BACKGROUND_THREADS = 8;

  private final CountDownLatch release = new CountDownLatch(1);

  private static Loads<String, String> loads() {
    return new Loads<>(MemoryCache.loading(new EternalExpiryPolicy()).context);
  }

  @BeforeEach
  void occupyAllThreads() {
    Thread test = Thread.currentThread();
    Waiting.await("loads occupy all threads")
        .until(
            () -> {
              load(
                  loads(),
                  () -> {
                    if (Thread.currentThread() != test) { // else a thread was still busy
                      threads.add(Thread.currentThread());
                      Waiting.awaitLatch(release);
                    }
                  });
              return threads.size() == Loads.MAX_THREADS;
            });
  }

  @AfterEach
  void release() {
    release.countDown();
  }

  @Test
  void loadAll_allThreadsAreBusy_runsInTheCallingThread() {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    AtomicReference<Thread> runner = new AtomicReference<>();

    load(loads, () -> runner.set(Thread.currentThread()));

    assertThat(runner).hasValue(Thread.currentThread());
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
    assertThat(threads).hasSize(Loads.MAX_THREADS).doesNotContain(Thread.currentThread());
  }

  @Test
  void loadAll_inTheCallingThread_mayLoadAgainAndCloseItsCache() {
    AtomicReference<Duration> took = new AtomicReference<>();

    load(
        loads,
        () ->
            load(
                loads,
                () -> {
                  long start = System.nanoTime();
                  loads.closeBy(inTenSeconds());
                  took.set(Duration.ofNanos(System.nanoTime() - start));
                }));

    assertThat(took.get()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void close_loadInTheThreadOfACaller_leavesItUninterrupted() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Boolean> interrupted = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              load(
                  loads,
                  () -> {
                    begun.countDown();
                    Waiting.awaitLatch(release);
                  });
              interrupted.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    begun.await();

    Thread.currentThread().interrupt(); // close() doesn't wait
    loads.closeBy(inTenSeconds());

    assertThat(Thread.interrupted()).isTrue();
    caller.join();
    assertThat(interrupted).hasValue(false);
  }

  /** Closing doesn't wait when interrupted, so that it is often faster than the load's thread. */
  @Test
  void close_beforeTheLoadHasBegun_itsListenerIsTold() {
    release.countDown(); // there are threads for loads
    CountDownLatch told = new CountDownLatch(CLOSINGS);
    for (int i = 0; i < CLOSINGS; i++) {
      Loads<String, String> closed = loads();
      closed.loadAll(
          Set.of("k"),
          true,
          new CompletionListener() {
            @Override
            public void onCompletion() {
              told.countDown();
            }

            @Override
            public void onException(Exception e) {
              told.countDown();
            }
          });
      Thread.currentThread().interrupt();
      closed.closeBy(inTenSeconds());
      assertThat(Thread.interrupted()).isTrue();
    }

    Waiting.await("all are told").until(() -> told.getCount() == 0);
  }

  /** It was called before, and has spent its time with its keys. */
  @Test
  void loadAll_closedMeanwhile_asksNoLoader() {
    release.countDown();
    MemoryCache cache = MemoryCache.loading(new EternalExpiryPolicy());
    Loads<String, String> closed = new Loads<>(cache.context);
    closed.closeBy(inTenSeconds());

    assertThatIllegalStateException()
        .isThrownBy(() -> load(closed, () -> {}))
        .withMessageContaining(cache.store.toString());

    assertThat(cache.store.trips()).isEmpty();
  }

  @Test
  void refresh_closedMeanwhile_isNotBegunAndLeavesRoomForOthers() {
    release.countDown();
    Loads<String, String> closed = loads();
    closed.closeBy(inTenSeconds());
    AtomicInteger begun = new AtomicInteger();
    for (int i = 0; i < 2 * Loads.MOST_IN_BACKGROUND; i++) {
      closed.runInBackground(begun::incrementAndGet);
    }

    Loads<String, String> open = loads();
    CountDownLatch runs = new CountDownLatch(1);
    open.runInBackground(runs::countDown);

    Waiting.await("there is room").until(() -> runs.getCount() == 0);
    assertThat(begun).hasValue(0);
  }

  /** As where the loaders of another application hang. */
  @Test
  void close_refreshWaitsForAThread_isForgotten() {
    CountDownLatch hang = new CountDownLatch(1);
    Loads<String, String> hanging = loads();
    CountDownLatch all = new CountDownLatch(BACKGROUND_THREADS);
    for (int i = 0; i < BACKGROUND_THREADS; i++) {
      hanging.runInBackground(
          () -> {
            all.countDown();
            Waiting.awaitLatch(hang);
          });
    }
    Waiting.awaitLatch(all);
    try {
      Loads<String, String> closed = loads();
      Object application = new Object();
      WeakReference<Object> kept = new WeakReference<>(application);
      AtomicInteger begun = new AtomicInteger();
      refer(closed, begun, application);
      application = null;

      closed.closeBy(Long.MAX_VALUE); // it waits for none that has not begun

      Waiting.await("nobody keeps it")
          .until(
              () -> {
                System.gc();
                return kept.get() == null;
              });
      assertThat(begun).hasValue(0);
    } finally {
      hang.countDown();
    }
  }

  private static void refer(Loads<String, String> loads, AtomicInteger begun, Object application) {
    loads.runInBackground(
        () -> {
          begun.incrementAndGet();
          assertThat(application).isNotNull();
        });
  }

  private static long inTenSeconds() {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
  }

  private static void load(Loads<String, String> loads, Runnable onCompletion) {
    loads.loadAll(
        Set.of("k"),
        true,
        new CompletionListener() {
          @Override
          public void onCompletion() {
            onCompletion.run();
          }

          @Override
          public void onException(Exception e) {
            throw new AssertionError(e);
          }
        });
  }
}
