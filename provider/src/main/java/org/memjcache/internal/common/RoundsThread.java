// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the process for work of some kind: it does a round of it twice a second, as
 * long as it is needed. If it ends or can't start, who is told to {@linkplain #watch} it starts
 * another one.
 *
 * <p>Thread-safe.
 */
public final class RoundsThread {

  private static final Logger LOG = LoggerFactory.getLogger(RoundsThread.class);

  /** How long it rests between two rounds. */
  public static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** What it does in a round. */
  @FunctionalInterface
  public interface Round {
    void run() throws InterruptedException;
  }

  private final String work;
  private final ThreadFactory threads;
  private final Round round;
  private final BooleanSupplier isAnythingToDo;

  /** Changed under the lock of this. */
  private volatile boolean needed;

  /** Changed under the lock of this. */
  private volatile @Nullable Thread thread;

  /** Guarded by this. */
  private long lastStart = System.nanoTime() - REST_NANOS;

  /**
   * Creates it; starts nothing.
   *
   * @param work of what it does rounds, for messages
   */
  public RoundsThread(
      String work, ThreadFactory threads, Round round, BooleanSupplier isAnythingToDo) {
    this.work = work;
    this.threads = threads;
    this.round = round;
    this.isAnythingToDo = isAnythingToDo;
  }

  /** Tells that there is something to do. */
  public void need() {
    synchronized (this) { // the thread may just be finding out, under it, that nothing is left
      needed = true;
    }
    watch();
  }

  /** Looks whether there is something to do. */
  public void lookAgain() {
    synchronized (this) {
      needed = isAnythingToDo.getAsBoolean();
    }
    watch();
  }

  /** Starts the thread if it is needed and doesn't run, at most twice a second. */
  public void watch() {
    if (!needed || isAlive(thread)) {
      return;
    }
    synchronized (this) {
      long now = System.nanoTime();
      if (!needed || isAlive(thread) || now - lastStart < REST_NANOS) {
        return;
      }
      lastStart = now;
      if (thread != null) {
        warn("The thread of " + work + " has ended; starting another one", null);
      }
      try {
        thread = threads.newThread(this::run);
        thread.start();
      } catch (Error e) {
        warn("The thread of " + work + " can't be started; retrying", e);
      }
    }
  }

  private static boolean isAlive(@Nullable Thread thread) {
    return thread != null && thread.isAlive();
  }

  /** Ends the thread if there is nothing to do. */
  public void endIfIdle(Patience patience) {
    Thread idle;
    synchronized (this) {
      needed = isAnythingToDo.getAsBoolean();
      if (needed) {
        return;
      }
      idle = thread;
      thread = null;
      lastStart = System.nanoTime() - REST_NANOS; // the next one may start at once
    }
    if (idle != null) {
      idle.interrupt();
      patience.join(idle);
    }
  }

  private void run() {
    do {
      try {
        TimeUnit.NANOSECONDS.sleep(REST_NANOS);
        round.run();
      } catch (InterruptedException e) {
        LOG.trace("Woken, to end if nothing is left to do", e);
      } catch (RuntimeException | Error e) {
        warn("The thread of " + work + " goes on after a failure", e);
      }
    } while (isNeeded());
  }

  /** Returns whether the calling thread, which does it, is to go on. */
  private synchronized boolean isNeeded() {
    if (thread != Thread.currentThread()) {
      return false; // it was told to end, and another one may have begun since
    }
    try {
      needed = isAnythingToDo.getAsBoolean();
    } catch (RuntimeException | Error e) { // no memory to look, say
      warn("The thread of " + work + " goes on after a failure", e);
      return true;
    }
    if (!needed) {
      thread = null;
    }
    return needed;
  }

  /** Logs, and lets nothing out: a logger often has no memory when others have none. */
  public static void warn(String message, @Nullable Throwable reason) {
    try {
      LOG.warn(message, reason);
    } catch (RuntimeException | Error e) {
      // It fails again at the next turn, or it doesn't.
    }
  }
}
