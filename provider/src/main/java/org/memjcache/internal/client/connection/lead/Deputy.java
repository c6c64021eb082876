// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The platform thread that leads a session for its virtual threads. One of them that waited in a
 * selector would keep its carrier from all others, or be woken by way of the JDK's poller threads.
 *
 * <p>It begins with the first call, and ends when it hasn't been called for a second.
 *
 * <p><b>Why no call is lost.</b> A caller notes the call and then looks for the thread; a thread
 * that ends takes its name away and then looks for a call. So one of the two sees the other.
 *
 * <p>Thread-safe.
 */
public final class Deputy {

  /** Long enough that a caller that is busy now and then finds it. */
  private static final long KEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How long it waits until it tries again after it failed, for want of memory mostly. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Predicate<Runnable> threads;
  private final Runnable lead;

  private volatile boolean called;
  private volatile boolean ended;

  /** By compare-and-set, as a lock that is held while a thread is created may pin carriers. */
  private final AtomicBoolean started = new AtomicBoolean();

  private volatile @Nullable Thread thread;

  /**
   * Creates it, without a thread.
   *
   * @param threads runs a task on a platform thread; returns false if there is none
   * @param lead leads until another thread is to, if the lead is free and a virtual thread waits
   */
  public Deputy(Predicate<Runnable> threads, Runnable lead) {
    this.threads = threads;
    this.lead = lead;
  }

  /** Lets it lead as soon as the lead is free; returns false if it has no thread for that. */
  public boolean call() {
    called = true;
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
      return true;
    }
    return !ended && start();
  }

  private boolean start() {
    if (!started.compareAndSet(false, true)) {
      return true; // it is being started, or about to end, and sees the call
    }
    boolean isStarted = false;
    try {
      isStarted = threads.test(this::run);
    } finally {
      if (!isStarted) {
        started.set(false);
      }
    }
    return isStarted;
  }

  /** Lets the thread end, as the session has. */
  public void end() {
    ended = true;
    LockSupport.unpark(thread);
  }

  private void run() {
    thread = Thread.currentThread();
    try {
      long lastCall = System.nanoTime();
      do {
        if (called) {
          called = false;
          lead();
          lastCall = System.nanoTime();
        } else {
          LockSupport.parkNanos(this, KEEP_NANOS);
          Thread.interrupted(); // whoever did that meant another one
        }
      } while (!ended && (System.nanoTime() - lastCall < KEEP_NANOS || !isDone()));
    } finally {
      leave();
    }
  }

  private void lead() {
    try {
      lead.run();
    } catch (RuntimeException | Error e) { // the session knows, and is ended by the next turn
      called = true;
      LockSupport.parkNanos(this, REST_NANOS);
    }
  }

  /** Returns whether the calling thread is to end: it is another one that sees the next call. */
  private boolean isDone() {
    leave();
    if (called && started.compareAndSet(false, true)) {
      thread = Thread.currentThread();
      return false;
    }
    return true;
  }

  private void leave() {
    if (thread == Thread.currentThread()) {
      thread = null;
      started.set(false);
    }
  }
}
