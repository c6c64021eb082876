// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
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
