// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class RoundsThreadTest {

  private final AtomicBoolean isSomethingLeft = new AtomicBoolean(true);
  private final AtomicBoolean isFirstLook = new AtomicBoolean(true);
  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private final RoundsThread pending =
      new RoundsThread("work", Thread::new, this::round, this::look);

  private void round() {
    if (told.getCount() == 0) {
      isSomethingLeft.set(false);
      done.countDown();
    } else {
      isSomethingLeft.set(false);
    }
  }

  /** Finds nothing left, and lets another thread come with something before it says so. */
  private boolean look() {
    boolean found = isSomethingLeft.get();
    if (!found && isFirstLook.getAndSet(false)) {
      Thread other =
          new Thread(
              () -> {
                isSomethingLeft.set(true);
                told.countDown();
                pending.need();
              });
      other.start();
      while (other.isAlive() && other.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
    }
    return found;
  }

  @Test
  @Tag("slow")
  void need_whileTheThreadFindsThatNothingIsLeft_isNotForgotten() throws InterruptedException {
    pending.need();

    assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    boolean isDone = false;
    while (!isDone && System.nanoTime() < end) {
      pending.watch(); // as each operation does
      isDone = done.await(100, TimeUnit.MILLISECONDS);
    }
    assertThat(isDone).isTrue();
  }

  /** Nothing else may be done in this process that would start another thread. */
  @Test
  @Tag("slow")
  void run_noMemoryToLookWhatIsLeft_goesOn() throws InterruptedException {
    CountDownLatch rounds = new CountDownLatch(2);
    AtomicBoolean isShort = new AtomicBoolean(true);
    RoundsThread unlucky =
        new RoundsThread(
            "work",
            Thread::new,
            rounds::countDown,
            () -> {
              if (isShort.getAndSet(false)) {
                throw new OutOfMemoryError("injected");
              }
              return rounds.getCount() > 0;
            });

    unlucky.need();

    assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
