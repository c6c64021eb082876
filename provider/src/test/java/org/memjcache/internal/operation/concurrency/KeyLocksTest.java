// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.support.Waiting;

/** Locks that keep threads of this process apart, and never hold up anybody for good. */
@Timeout(60)
class KeyLocksTest {

  private static final EntryKeyCodec KEYS =
      new EntryKeyCodec(
          new JavaSerializer(
              ClassLookup.of(KeyLocksTest.class.getClassLoader()), AllowList.jdkTypes()));

  private final Object cache = new Object();
  private final KeyLocks locks = new KeyLocks(1024, 30_000);

  @Test
  void hold_sameEntry_oneThreadAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    SimultaneousThreads.run(
        8,
        thread -> {
          for (int i = 0; i < 500; i++) {
            KeyLocks.Held held = hold(locks, "k");
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inside.decrementAndGet();
            held.close();
          }
        });

    assertThat(most).hasValue(1);
  }

  @Test
  void hold_entryThatAnotherThreadHolds_waitsUntilItIsGivenBack() {
    KeyLocks.Held held = hold(locks, "k");
    Thread other = new Thread(() -> hold(locks, "k").close());
    other.start();
    Waiting.awaitWaiting(other);

    held.close();

    join(other);
  }

  @Test
  void hold_otherEntries_hardlyEverWait() {
    KeyLocks.Held held = hold(locks, "k");
    int free = 0;
    for (int i = 0; i < 100; i++) {
      free += isFree("other" + i) ? 1 : 0;
    }

    assertThat(free).isGreaterThan(90); // the stripes are shared
    held.close();
  }

  @Test
  void hold_manyEntriesInAnyOrder_noDeadlock() {
    SimultaneousThreads.run(
        4,
        thread -> {
          for (int i = 0; i < 500; i++) {
            KeyLocks.Held held =
                thread % 2 == 0 ? hold(locks, "a", "b", "c", "a") : hold(locks, "c", "b", "a");
            held.close();
          }
        });

    hold(locks, "a", "b", "c").close();
  }

  @Test
  void hold_byAThreadThatHoldsAnother_goesOnAtOnce() {
    CountDownLatch theirsHeld = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              KeyLocks.Held theirs = hold(locks, "theirs");
              theirsHeld.countDown();
              Waiting.awaitLatch(done);
              theirs.close();
            });
    other.start();
    Waiting.awaitLatch(theirsHeld);
    KeyLocks.Held outer = hold(locks, "ours");

    hold(locks, "theirs", "ours").close(); // while the other thread holds it

    outer.close();
    done.countDown();
    join(other);
    hold(locks, "ours", "theirs").close();
  }

  @Test
  void hold_innerOneClosed_theOuterStillHolds() {
    KeyLocks.Held outer = hold(locks, "k");
    hold(locks, "k").close();

    assertThat(isFree("k")).isFalse();
    outer.close();
  }

  @Test
  void hold_patienceIsOver_goesOnWithoutTheLock() {
    KeyLocks impatient = new KeyLocks(16, 20);
    KeyLocks.Held held = hold(impatient, "k");
    Thread other = new Thread(() -> hold(impatient, "k").close());
    other.start();

    join(other);

    held.close();
    hold(impatient, "k").close();
  }

  @Test
  void hold_interrupted_goesOnAtOnceAndStaysInterrupted() {
    KeyLocks.Held held = hold(locks, "k");
    List<Boolean> interrupted = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              Thread.currentThread().interrupt();
              hold(locks, "k", "l").close();
              interrupted.add(Thread.currentThread().isInterrupted());
            });
    other.start();
    join(other);

    assertThat(interrupted).containsExactly(true);
    held.close();
  }

  @Test
  void hold_innerCallsThatNeverEnded_areEndedByTheOuter() {
    KeyLocks.Held outer = hold(locks, "k");
    hold(locks, "l");
    hold(locks, "m");

    outer.close();

    assertFree("k", "l", "m");
  }

  @Test
  void hold_inCallsThatEndForLackOfStack_leavesNoLockBehind() {
    AtomicInteger overflows = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    Thread thread =
        new Thread(
            null,
            () -> {
              for (int start = 0; start < 50; start++) { // each time it ends at another place
                KeyLocks.Held outer = hold(locks, "k");
                try {
                  deepen(start);
                } catch (StackOverflowError e) {
                  overflows.incrementAndGet();
                } finally {
                  outer.close();
                }
                ended.incrementAndGet();
              }
              Waiting.awaitLatch(checked);
            },
            "deep",
            256 * 1024);
    thread.start();
    Waiting.await("all calls have ended")
        .atMost(Duration.ofSeconds(50))
        .until(() -> ended.get() == 50);

    assertThat(overflows).hasValue(50);
    assertFree("k", "k0", "k1", "k2", "k3", "k4", "k5", "k6");
    checked.countDown();
    join(thread);
  }

  private final CountDownLatch checked = new CountDownLatch(1);

  @SuppressWarnings("InfiniteRecursion") // until there is no more stack
  private void deepen(int depth) {
    KeyLocks.Held held = hold(locks, "k" + depth % 7);
    try {
      deepen(depth + 1);
    } finally {
      held.close();
    }
  }

  private void assertFree(String... keys) {
    for (String key : keys) {
      assertThat(isFree(key)).as(key).isTrue();
    }
  }

  /** Asks on another thread, because one thread may hold a lock twice. */
  private boolean isFree(String key) {
    Thread other = new Thread(() -> hold(locks, key).close());
    other.start();
    Waiting.await("it has the lock or waits for it")
        .until(() -> !other.isAlive() || other.getState() == Thread.State.TIMED_WAITING);
    boolean free = !other.isAlive();
    other.interrupt();
    join(other);
    return free;
  }

  private KeyLocks.Held hold(KeyLocks locks, String... keys) {
    List<EntryKey> entries = new ArrayList<>();
    for (String key : keys) {
      entries.add(KEYS.encode(key));
    }
    return locks.hold(cache, entries);
  }

  private static void join(Thread thread) {
    try {
      thread.join(TimeUnit.SECONDS.toMillis(20));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    assertThat(thread.isAlive()).isFalse();
  }
}
