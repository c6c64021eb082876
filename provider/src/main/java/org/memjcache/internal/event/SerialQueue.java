package org.memjcache.internal.event;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order of submission, on the shared {@link
 * ListenerThreads}.
 *
 * <ul>
 *   <li>Submitting never waits. The queue has no bound: who submits for long faster than the tasks
 *       are done pays in memory.
 *   <li>After some tasks it lets other queues have the thread.
 *   <li>A task that throws is logged and the next one runs.
 *   <li>It keeps the threads in use from its creation until it has ended and is idle.
 * </ul>
 *
 * <p>Thread-safe. No task runs under its lock.
 */
final class SerialQueue {
  private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);
  private static final int TASKS_IN_A_TURN = 16;

  private final ListenerThreads threads;
  private final Executor executor;
  private final CountDownLatch finished = new CountDownLatch(1);

  // All below is guarded by this.
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean scheduled;
  private boolean ended;
  private @Nullable Thread runner;

  SerialQueue(ListenerThreads threads) {
    this.threads = threads;
    this.executor = threads.acquire();
  }

  /** Runs the task after those submitted before; drops it if the queue has ended. */
  void submit(Runnable task) {
    synchronized (this) {
      if (ended) {
        return;
      }
      tasks.add(task);
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    try {
      executor.execute(this::takeTurn);
    } catch (RuntimeException | Error e) { // no stack or memory for it: the next task tries again
      synchronized (this) {
        scheduled = false;
      }
      throw e;
    }
  }

  /** Takes no more tasks; those submitted before still run. The second call does nothing. */
  void end() {
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      if (scheduled) {
        return;
      }
    }
    finish();
  }

  /**
   * Waits until an ended queue has run all its tasks, then drops what is left. Doesn't wait if a
   * task of this queue is the caller.
   *
   * @return the number of dropped tasks
   */
  int awaitOrDrop(long nanos) {
    try {
      if (!isRunByThisThread() && finished.await(nanos, TimeUnit.NANOSECONDS)) {
        return 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      int dropped = tasks.size();
      tasks.clear();
      return dropped;
    }
  }

  private synchronized boolean isRunByThisThread() {
    return Thread.currentThread().equals(runner);
  }

  private void takeTurn() {
    for (int i = 0; i < TASKS_IN_A_TURN; i++) {
      Runnable task;
      boolean done;
      synchronized (this) {
        task = tasks.poll();
        scheduled = task != null;
        runner = task == null ? null : Thread.currentThread();
        done = task == null && ended;
      }
      if (done) {
        finish();
      }
      if (task == null) {
        return;
      }
      runSafely(task);
    }
    synchronized (this) {
      runner = null;
    }
    executor.execute(this::takeTurn);
  }

  /** Runs once: when an idle queue ends, or when the last turn of an ended queue is over. */
  private void finish() {
    finished.countDown();
    threads.release();
  }

  private static void runSafely(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOG.error("A task for an asynchronous listener failed", e);
    }
  }
}
