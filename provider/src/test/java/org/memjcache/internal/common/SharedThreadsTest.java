// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads end with the last manager, and never under the hands of the next one. */
@Timeout(60)
class SharedThreadsTest {

  private final SharedThreads loads = new SharedThreads("test-load", 1, LinkedBlockingQueue::new);
  private final SharedThreads events = new SharedThreads("test-event", 1, LinkedBlockingQueue::new);

  /** As where an application is replaced by another one, and its loader takes long to end. */
  @Test
  @Tag("slow")
  void release_nextManagerIsOpenedMeanwhile_itsWorkIsLeftAlone() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    SharedThreads.acquire();
    try {
      loads.execute(() -> awaitStubbornly(end));
    } finally {
      new Thread(SharedThreads::release, "closing").start();
    }
    await("one of the threads was asked to end").until(this::isClosingWaiting);
    SharedThreads.acquire();
    try {
      CountDownLatch done = new CountDownLatch(2);
      AtomicBoolean interrupted = new AtomicBoolean();
      events.execute(
          () -> {
            try {
              Thread.sleep(Duration.ofSeconds(4).toMillis()); // longer than closing waits
            } catch (InterruptedException e) {
              interrupted.set(true);
            }
            done.countDown();
          });
      events.execute(done::countDown);

      assertThat(done.await(20, TimeUnit.SECONDS)).as("all of it was done").isTrue();
      assertThat(interrupted).isFalse();
    } finally {
      end.countDown();
      SharedThreads.release();
    }
  }

  /** What a listener is to be told, and a refresh that has begun, doesn't wait for the next one. */
  @Test
  void execute_noMemoryForOneMoreThread_isDoneByThoseThatThereAre() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    try (FewThreads few = new FewThreads(1)) {
      SharedThreads.execute(few.executor, () -> awaitStubbornly(end));

      SharedThreads.execute(few.executor, done::countDown);
      end.countDown();

      assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void execute_noMemoryForAnyThread_throws_andIsNotDoneLater() {
    AtomicBoolean done = new AtomicBoolean();
    try (FewThreads none = new FewThreads(0)) {
      assertThatThrownBy(() -> SharedThreads.execute(none.executor, () -> done.set(true)))
          .isInstanceOf(OutOfMemoryError.class);

      assertThat(none.executor.getQueue()).isEmpty();
    }
    assertThat(done).isFalse();
  }

  /** Two threads of which there is memory for so many. */
  private static final class FewThreads implements AutoCloseable {

    final ThreadPoolExecutor executor;
    private int left;

    FewThreads(int number) {
      left = number;
      executor =
          new ThreadPoolExecutor(
              2, 2, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), this::newThread);
    }

    private Thread newThread(Runnable work) {
      if (left-- == 0) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      return new Thread(work);
    }

    @Override
    public void close() {
      executor.shutdown();
    }
  }

  private boolean isClosingWaiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(
            thread ->
                thread.getName().equals("closing")
                    && thread.getState() == Thread.State.TIMED_WAITING);
  }

  private static void awaitStubbornly(CountDownLatch end) {
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // It goes on, as a loader may.
      }
    }
  }
}
