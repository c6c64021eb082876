// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications that wait for one asynchronous listener. They run one after the other, in the
 * order of submission, on an executor that is shared with other queues.
 *
 * <ul>
 *   <li>It is full once as many events, or as many bytes of them, wait as the limits say. Writers
 *       wait for room before they lock or change anything ({@link #awaitRoom}); what they then
 *       submit is taken although others may have been faster. So it holds at most what the limits
 *       say and what the operations have to tell that run at the same time.
 *   <li>When a writer has waited in vain, nobody waits any more and events are dropped, until the
 *       listener gets on. A listener that is stuck costs one wait.
 *   <li>A thread that notifies a listener never waits for room, here or in another queue: its own
 *       queue, or the thread that it needs, might wait for it.
 *   <li>Submitting neither waits nor throws.
 *   <li>After some notifications it lets other queues have the thread.
 *   <li>If the executor fails, the log says so, once until it works again, and what waits runs
 *       after the next submission.
 * </ul>
 *
 * <p>Thread-safe. No task runs under its lock.
 */
final class SerialQueue {

  /**
   * Something to tell the listener.
   *
   * @param events how many events it is about
   * @param bytes how many bytes their keys and values take
   */
  record Notification(Runnable task, int events, long bytes) {}

  private static final Logger LOG = LoggerFactory.getLogger(SerialQueue.class);
  private static final int NOTIFICATIONS_IN_A_TURN = 16;

  /** The queue whose listener this thread notifies. */
  private static final ThreadLocal<@Nullable SerialQueue> RUNNING = new ThreadLocal<>();

  private final Executor executor;
  private final EventQueueLimits limits;
  private final DroppedEvents dropped;
  private final String listener;
  private final CountDownLatch finished = new CountDownLatch(1);

  // All below is guarded by this.
  private final Queue<Notification> waiting = new ArrayDeque<>();
  private int events;
  private long bytes;

  /** Whether a writer has waited in vain for room, and there has been none since. */
  private boolean stuck;

  private boolean scheduled;

  /** Whether the executor has failed, and this has not run since. */
  private boolean unserved;

  private boolean ended;

  /**
   * Creates an empty queue.
   *
   * @param dropped is told of what finds no room
   * @param listener what the log calls the listener
   */
  SerialQueue(Executor executor, EventQueueLimits limits, DroppedEvents dropped, String listener) {
    this.executor = executor;
    this.limits = limits;
    this.dropped = dropped;
    this.listener = listener;
  }

  /** Returns whether this thread notifies an asynchronous listener. */
  static boolean isListenersThread() {
    return RUNNING.get() != null;
  }

  private boolean isFull() {
    return events >= limits.events() || bytes >= limits.bytes();
  }

  /**
   * Waits until there is room, or it turns out that there will be none in time.
   *
   * @param deadline of {@link System#nanoTime}
   * @return false if this thread was interrupted
   */
  synchronized boolean awaitRoom(long deadline) {
    try {
      while (isFull() && !stuck && !ended) {
        long nanos = deadline - System.nanoTime();
        if (nanos > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, nanos);
        } else {
          stuck = true;
          notifyAll();
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Runs a notification after those submitted before; drops it if the queue has ended, or is full.
   *
   * @param admitted whether {@link #awaitRoom} was called for it, so that it is taken if there was
   *     room then
   */
  void submit(Notification notification, boolean admitted) {
    boolean taken;
    synchronized (this) {
      if (ended) {
        return;
      }
      taken = !isFull() || (admitted && !stuck);
      if (taken) {
        waiting.add(notification);
        events += notification.events;
        bytes += notification.bytes;
      }
    }
    if (!taken) {
      dropped.add(notification.events);
    }
    schedule();
  }

  /** Takes nothing more; what was submitted before still runs. */
  synchronized void end() {
    ended = true;
    notifyAll();
    if (!scheduled && waiting.isEmpty()) {
      finished.countDown();
    }
  }

  /**
   * Waits until an ended queue has run all its notifications, then drops what is left. Doesn't wait
   * if the listener of this queue is the caller.
   */
  void awaitOrDrop(long nanos) {
    schedule();
    try {
      if (RUNNING.get() != this) {
        finished.await(nanos, TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    int left;
    synchronized (this) {
      left = events;
      waiting.clear();
      events = 0;
      bytes = 0;
    }
    dropped.addLeft(left);
  }

  /** Has the executor run a turn, if there is anything to run and none is due. */
  private void schedule() {
    synchronized (this) {
      if (scheduled || waiting.isEmpty()) {
        return;
      }
      scheduled = true;
    }
    try {
      executor.execute(this::takeTurn);
    } catch (RuntimeException | Error e) { // such as no memory for a thread
      boolean first;
      synchronized (this) {
        scheduled = false;
        first = !unserved;
        unserved = true;
      }
      if (first) {
        LOG.warn(
            "There is no thread for the asynchronous listener {}; trying again with each event",
            listener,
            e);
      }
    }
  }

  private void takeTurn() {
    try {
      RUNNING.set(this);
      for (int i = 0; i < NOTIFICATIONS_IN_A_TURN; i++) {
        Notification notification = next();
        if (notification == null) {
          break;
        }
        notification.task.run();
      }
    } catch (Throwable e) {
      LOG.error("The asynchronous listener {} failed", listener, e);
    } finally {
      RUNNING.remove();
      endTurn();
      schedule();
    }
  }

  private synchronized @Nullable Notification next() {
    unserved = false;
    Notification next = waiting.poll();
    if (next != null) {
      events -= next.events;
      bytes -= next.bytes;
      if (!isFull()) {
        stuck = false;
        notifyAll();
      }
    }
    return next;
  }

  private void endTurn() {
    boolean idle;
    synchronized (this) {
      scheduled = false;
      idle = waiting.isEmpty();
      if (idle && ended) {
        finished.countDown();
      }
    }
    if (idle) {
      dropped.listenerHasCaughtUp();
    }
  }
}
