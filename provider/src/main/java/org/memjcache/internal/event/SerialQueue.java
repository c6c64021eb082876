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
 * The notifications that wait for one asynchronous listener. They run one after the other, in the
 * order of submission, on an executor that is shared with other queues.
 *
 * <ul>
 *   <li>Submitting neither waits nor throws. While {@value #LIMIT} notifications wait, further ones
 *       are dropped; the log says so, and how many they were once the listener has caught up.
 *   <li>After some notifications it lets other queues have the thread.
 *   <li>If the executor fails, the log says so, and what waits runs after the next submission.
 * </ul>
 *
 * <p>Thread-safe. No task runs under its lock.
 */
final class SerialQueue {
  /** How many notifications wait at most. */
  static final int LIMIT = 100_000;

  private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);
  private static final int TASKS_IN_A_TURN = 16;

  private final Executor executor;
  private final String listener;
  private final CountDownLatch finished = new CountDownLatch(1);

  // All below is guarded by this.
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean scheduled;
  private boolean ended;
  private int dropped;
  private @Nullable Thread runner;

  /**
   * Creates an empty queue.
   *
   * @param listener what the log calls the listener
   */
  SerialQueue(Executor executor, String listener) {
    this.executor = executor;
    this.listener = listener;
  }

  /** Runs the task after those submitted before; drops it if the queue has ended or is full. */
  void submit(Runnable task) {
    boolean full;
    synchronized (this) {
      if (ended) {
        return;
      }
      full = tasks.size() == LIMIT;
      if (!full) {
        tasks.add(task);
      } else if (dropped++ > 0) {
        return;
      }
    }
    if (full) {
      LOG.warn(
          "The asynchronous listener {} is too slow: {} notifications wait for it, and further ones"
              + " are dropped",
          listener,
          LIMIT);
    }
    schedule();
  }

  /** Takes no more tasks; those submitted before still run. */
  synchronized void end() {
    ended = true;
    if (!scheduled && tasks.isEmpty()) {
      finished.countDown();
    }
  }

  /**
   * Waits until an ended queue has run all its tasks, then drops what is left. Doesn't wait if a
   * task of this queue is the caller.
   *
   * @return the number of tasks dropped now
   */
  int awaitOrDrop(long nanos) {
    schedule();
    try {
      if (!isRunByThisThread() && finished.await(nanos, TimeUnit.NANOSECONDS)) {
        return 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      int left = tasks.size();
      tasks.clear();
      return left;
    }
  }

  private synchronized boolean isRunByThisThread() {
    return Thread.currentThread().equals(runner);
  }

  /** Has the executor run a turn, if there is anything to run and none is due. */
  private void schedule() {
    synchronized (this) {
      if (scheduled || tasks.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    try {
      executor.execute(this::takeTurn);
    } catch (RuntimeException | Error e) { // such as no memory for a thread
      synchronized (this) {
        scheduled = false;
      }
      LOG.warn(
          "There is no thread for the asynchronous listener {}; trying again with the next event",
          listener,
          e);
    }
  }

  private void takeTurn() {
    try {
      for (int i = 0; i < TASKS_IN_A_TURN; i++) {
        Runnable task = next();
        if (task == null) {
          break;
        }
        task.run();
      }
    } catch (Throwable e) {
      LOG.error("The asynchronous listener {} failed", listener, e);
    } finally {
      endTurn();
      schedule();
    }
  }

  private synchronized @Nullable Runnable next() {
    runner = Thread.currentThread();
    return tasks.poll();
  }

  private void endTurn() {
    int missed = 0;
    synchronized (this) {
      scheduled = false;
      runner = null;
      if (tasks.isEmpty()) {
        missed = dropped;
        dropped = 0;
        if (ended) {
          finished.countDown();
        }
      }
    }
    if (missed > 0) {
      LOG.warn(
          "The asynchronous listener {} has caught up; {} notifications were dropped",
          listener,
          missed);
    }
  }
}
