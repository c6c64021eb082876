// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.event.CacheEntryEventFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.ServerCounts;
import org.memjcache.support.Log;
import org.memjcache.support.OwnThread;
import org.memjcache.support.Waiting;

@Timeout(30)
@Tag("slow")
class AsynchronousListenerTest {
  private final CacheMetrics metrics = new CacheMetrics();
  private final EventPublisher<String, String> publisher = publisher(Duration.ofSeconds(20));
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void close() {
    release.countDown();
    publisher.close();
  }

  @Test
  void close_waitsUntilAllIsHeardInOrder() {
    RecordingListener listener = new RecordingListener();
    publisher.register(listener.asynchronous());
    for (int i = 0; i < 1000; i++) {
      Published.created(publisher, "k" + i, "v");
    }

    publisher.close();

    List<String> expected =
        new ArrayList<>(
            IntStream.range(0, 1000).mapToObj(i -> "onCreated k" + i + "=v/null").toList());
    expected.add("close");
    assertThat(listener.heard()).isEqualTo(expected);
  }

  @Test
  void batch_isHeardAsOne() {
    RecordingListener listener = new RecordingListener();
    publisher.register(listener.asynchronous());
    EventBatch<String, String> batch = publisher.batch();
    batch.created("a", "1", 2);
    batch.created("b", "2", 2);
    batch.removed("c", 1, "3", 1);

    batch.publish();
    publisher.close();

    assertThat(listener.heard())
        .containsExactly("onCreated a=1/null b=2/null", "onRemoved c=3/3", "close");
  }

  @Test
  void filter_isAskedOnTheListenersThread() {
    CompletableFuture<Thread> asked = new CompletableFuture<>();
    CacheEntryEventFilter<String, String> filter =
        event -> {
          asked.complete(Thread.currentThread());
          return false;
        };
    RecordingListener listener = new RecordingListener();
    publisher.register(listener.configuration(filter, true, false));

    Published.created(publisher, "a", "1");

    assertThat(asked.join()).isNotSameAs(Thread.currentThread());
    publisher.close();
    assertThat(listener.heard()).containsExactly("close");
  }

  @Test
  void thread_isADaemonOfItsOwnUnderTheListenersClassLoader() {
    InheritableThreadLocal<String> inherited = new InheritableThreadLocal<>();
    inherited.set("of the caller");
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    ClassLoader callers = new ClassLoader(before) {};
    CompletableFuture<List<Object>> seen = new CompletableFuture<>();
    RecordingListener listener =
        new RecordingListener() {
          @Override
          void afterCall() {
            Thread thread = Thread.currentThread();
            seen.complete(
                Arrays.asList(thread.isDaemon(), inherited.get(), thread.getContextClassLoader()));
          }
        };
    publisher.register(listener.asynchronous());
    Thread.currentThread().setContextClassLoader(callers);
    try {
      Published.created(publisher, "a", "1");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
      inherited.remove();
    }

    assertThat(seen.join())
        .containsExactly(true, null, AsynchronousListenerTest.class.getClassLoader());
  }

  @Test
  void slowListener_blocksNeitherCallersNorOtherListeners() throws InterruptedException {
    Semaphore heard = new Semaphore(0);
    RecordingListener quick =
        new RecordingListener() {
          @Override
          void afterCall() {
            heard.release();
          }
        };
    publisher.register(waiting().asynchronous());
    publisher.register(quick.asynchronous());

    for (int i = 0; i < 100; i++) {
      Published.created(publisher, "k" + i, "v");
    }

    assertThat(heard.tryAcquire(100, 20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void events_areQueuedBeforeSynchronousListenersRun() {
    CompletableFuture<Void> heard = new CompletableFuture<>();
    publisher.register(
        new RecordingListener() {
          @Override
          void afterCall() {
            heard.join();
          }
        }.synchronous());
    publisher.register(
        new RecordingListener() {
          @Override
          void afterCall() {
            heard.complete(null);
          }
        }.asynchronous());

    Published.created(publisher, "a", "1");

    assertThat(heard).isDone();
  }

  @Test
  void listener_isCalledOnceAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    RecordingListener listener =
        new RecordingListener() {
          @Override
          void afterCall() {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            Thread.yield();
            inside.decrementAndGet();
          }
        };
    publisher.register(listener.asynchronous());
    List<CompletableFuture<Void>> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      callers.add(
          OwnThread.run(
              () -> {
                for (int j = 0; j < 250; j++) {
                  Published.created(publisher, "k", "v");
                }
              }));
    }
    callers.forEach(CompletableFuture::join);

    publisher.close();

    assertThat(listener.heard()).hasSize(1001);
    assertThat(most).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void listenerThrows_laterEventsAreHeard(boolean error) {
    RecordingListener failing =
        new RecordingListener() {
          @Override
          void afterCall() {
            if (error) {
              throw new AssertionError("expected in the log");
            }
            throw new IllegalStateException("expected in the log");
          }
        };
    publisher.register(failing.asynchronous());

    Published.created(publisher, "a", "1");
    Published.created(publisher, "b", "2");
    publisher.close();

    assertThat(failing.heard())
        .containsExactly("onCreated a=1/null", "onCreated b=2/null", "close");
  }

  @Test
  void deregister_waitsUntilAllIsHeard() {
    RecordingListener listener = new RecordingListener();
    publisher.register(listener.asynchronous());
    Published.created(publisher, "a", "1");
    Published.created(publisher, "b", "2");

    publisher.deregister(listener.asynchronous());
    Published.created(publisher, "c", "3");

    assertThat(listener.heard())
        .containsExactly("onCreated a=1/null", "onCreated b=2/null", "close");
  }

  @Test
  void close_stuckListener_isClosedAndNotCalledAgain() throws InterruptedException {
    EventPublisher<String, String> impatient = publisher(Duration.ofMillis(1));
    WaitingListener stuck = waiting();
    impatient.register(stuck.asynchronous());
    Published.created(impatient, "a", "1");
    Published.created(impatient, "b", "2");
    stuck.called.await();

    impatient.close();
    assertThat(stuck.heard()).containsExactly("onCreated a=1/null", "close");

    release.countDown();
    stuck.thread.join();
    assertThat(stuck.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void close_interrupted_doesNotWait() throws InterruptedException {
    WaitingListener stuck = waiting();
    publisher.register(stuck.asynchronous());
    Published.created(publisher, "a", "1");
    stuck.called.await();

    Thread.currentThread().interrupt();
    publisher.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(stuck.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void listener_mayCloseThePublisherAtOnce() {
    CompletableFuture<Long> took = new CompletableFuture<>();
    RecordingListener closing =
        new RecordingListener() {
          @Override
          void afterCall() {
            long start = System.nanoTime();
            publisher.close();
            took.complete(System.nanoTime() - start);
          }
        };
    publisher.register(closing.asynchronous());

    Published.created(publisher, "a", "1");

    assertThat(took.join()).isLessThan(Duration.ofSeconds(15).toNanos());
    assertThat(closing.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void close_whileAnotherThreadDeregisters_silencesThatListenerToo() throws InterruptedException {
    EventPublisher<String, String> impatient = publisher(Duration.ofMillis(50));
    WaitingListener stuck = waiting();
    impatient.register(stuck.asynchronous());
    Published.created(impatient, "a", "1");
    Published.created(impatient, "b", "2");
    stuck.called.await();
    Thread deregistering = new Thread(() -> impatient.deregister(stuck.asynchronous()));
    deregistering.start();
    while (impatient.isActive()) {
      Thread.onSpinWait();
    }

    impatient.close();
    release.countDown();
    deregistering.join();
    stuck.thread.join();

    assertThat(stuck.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void threads_idle_end() throws InterruptedException {
    CompletableFuture<Thread> runner = new CompletableFuture<>();
    publisher.register(
        new RecordingListener() {
          @Override
          void afterCall() {
            runner.complete(Thread.currentThread());
          }
        }.asynchronous());

    Published.created(publisher, "a", "1");

    runner.join().join();
  }

  /** Calls of the executor that fail, and the events that are heard before the publisher closes. */
  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "2, false", "3, true"})
  void executorFails_nextEventBringsAll(int failing, boolean error) throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    Executor unreliable =
        task -> {
          if (calls.incrementAndGet() == failing) {
            if (error) {
              throw new OutOfMemoryError("no memory for a thread; expected in the log");
            }
            throw new RejectedExecutionException("expected in the log");
          }
          EventPublisher.LISTENER_THREADS.execute(task);
        };
    EventPublisher<String, String> troubled =
        new EventPublisher<>(
            NamedCache.of("c"),
            EventQueueLimits.DEFAULT,
            metrics,
            unreliable,
            Duration.ofSeconds(20));
    WaitingListener listener = waiting();
    troubled.register(listener.asynchronous());
    for (int i = 0; i < 50; i++) { // more than one turn
      Published.created(troubled, "k" + i, "v");
    }
    release.countDown();
    Waiting.await("the executor has failed").until(() -> calls.get() >= failing);

    Published.created(troubled, "last", "v");

    Waiting.await("all is heard").until(() -> listener.heard().size() == 51);
    assertThat(listener.heard().get(50)).isEqualTo("onCreated last=v/null");
    troubled.close();
  }

  /**
   * What the listener can't hear is counted, writers are kept up once, and the log isn't flooded.
   */
  @Test
  void executorFailsForGood_whatFindsNoRoomIsCounted_andTheLogSaysSoOnce() {
    metrics.setEnabled(true);
    RecordingListener listener = new RecordingListener();
    String log =
        Log.of(
            () -> {
              EventPublisher<String, String> troubled =
                  new EventPublisher<>(
                      NamedCache.of("c"),
                      new EventQueueLimits(10, 1_000_000, Duration.ofMillis(1)),
                      metrics,
                      task -> {
                        throw new OutOfMemoryError("no memory for a thread");
                      },
                      Duration.ofMillis(1));
              troubled.register(listener.asynchronous());
              for (int i = 0; i < 100; i++) {
                Published.created(troubled, "k" + i, "v");
              }
              assertThat(dropped()).isEqualTo(90);
              troubled.close();
            });

    assertThat(listener.heard()).containsExactly("close");
    assertThat(dropped()).isEqualTo(100);
    assertThat(log).containsOnlyOnce("There is no thread for the asynchronous listener");
  }

  /** Memory is short not only for a thread, but also for the message that says so. */
  @Test
  void executorFails_soDoesTheLog_otherListenersHearTheEvent_andTheNextOneBringsAll() {
    AtomicInteger calls = new AtomicInteger();
    EventPublisher<String, String> troubled =
        new EventPublisher<>(
            NamedCache.of("c"),
            EventQueueLimits.DEFAULT,
            metrics,
            task -> {
              if (calls.incrementAndGet() == 1) {
                throw new WordlessError();
              }
              EventPublisher.LISTENER_THREADS.execute(task);
            },
            Duration.ofSeconds(20));
    RecordingListener first = new RecordingListener();
    RecordingListener second = new RecordingListener();
    troubled.register(first.asynchronous());
    troubled.register(second.asynchronous());

    assertThatExceptionOfType(WordlessError.class)
        .isThrownBy(() -> Published.created(troubled, "a", "v"));
    Waiting.await("the other one hears it").until(() -> second.heard().size() == 1);
    Published.created(troubled, "b", "v");

    Waiting.await("all is heard").until(() -> first.heard().size() == 2);
    troubled.close();
  }

  /** There is no memory for its text. */
  private static final class WordlessError extends Error {
    private static final long serialVersionUID = 1;

    @Override
    public String toString() {
      throw this;
    }
  }

  @Test
  void executorFailsWithTheLastEvent_closeBringsIt() {
    AtomicInteger calls = new AtomicInteger();
    EventPublisher<String, String> troubled =
        new EventPublisher<>(
            NamedCache.of("c"),
            EventQueueLimits.DEFAULT,
            metrics,
            task -> {
              if (calls.incrementAndGet() == 1) {
                throw new RejectedExecutionException("expected in the log");
              }
              EventPublisher.LISTENER_THREADS.execute(task);
            },
            Duration.ofSeconds(20));
    RecordingListener listener = new RecordingListener();
    troubled.register(listener.asynchronous());

    Published.created(troubled, "a", "1");
    assertThat(listener.heard()).isEmpty();
    troubled.close();

    assertThat(listener.heard()).containsExactly("onCreated a=1/null", "close");
  }

  @Test
  void threads_areNotNeededByRegistrationAlone() {
    long before = listenerThreads();

    publisher.register(new RecordingListener().asynchronous());

    assertThat(listenerThreads()).isLessThanOrEqualTo(before);
  }

  private long dropped() {
    return metrics.insight(Map::of, () -> new ServerCounts(0, 0, 0, 0, 0)).getDroppedEvents();
  }

  private static long listenerThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("memjcache-listener"))
        .count();
  }

  private EventPublisher<String, String> publisher(Duration closePatience) {
    return publisher(EventQueueLimits.DEFAULT, closePatience);
  }

  private EventPublisher<String, String> publisher(
      EventQueueLimits limits, Duration closePatience) {
    return new EventPublisher<>(
        NamedCache.of("c"), limits, metrics, EventPublisher.LISTENER_THREADS, closePatience);
  }

  private WaitingListener waiting() {
    return new WaitingListener(release);
  }

  /** Waits in each call until it is released. */
  private static class WaitingListener extends RecordingListener {
    final CountDownLatch called = new CountDownLatch(1);
    final CountDownLatch release;
    volatile Thread thread;

    WaitingListener(CountDownLatch release) {
      this.release = release;
    }

    @Override
    void afterCall() {
      thread = Thread.currentThread();
      called.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
