// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The closing of a cache or a manager. The first thread that asks for it does it; others wait until
 * it is done, so that nothing is left open when {@code close()} returns, to whomever.
 *
 * <ul>
 *   <li>If the work ends by an exception or {@link Error}, such as for want of memory, the next
 *       thread that asks for it does it again, or the next of those that wait.
 *   <li>A thread that closes again what it is closing, as code of the application may that is
 *       called meanwhile, doesn't wait for itself.
 *   <li>Nobody waits longer than {@value #PATIENCE_SECONDS} seconds, or when interrupted: two
 *       threads may close, by code of the application, what the other one is closing.
 * </ul>
 *
 * <p>Thread-safe. No lock is held while the work runs.
 */
public final class Closing {

  /** Longer than a cache takes to close, unless code of the application keeps it. */
  private static final long PATIENCE_SECONDS = 15;

  private volatile boolean begun;

  /** Whether the work was done to its end. Guarded by this. */
  private boolean done;

  /** Null while no thread does the work. Guarded by this. */
  private @Nullable Thread closer;

  public boolean hasBegun() {
    return begun;
  }

  /** Returns whether the work failed, and no thread does it again just now. */
  public synchronized boolean hasFailed() {
    return begun && !done && closer == null;
  }

  /**
   * Does the work if this is the first call, else waits until it is done.
   *
   * @param work may be done again, if it failed
   */
  public void run(Runnable work) {
    if (!begin()) {
      return;
    }
    boolean succeeded = false;
    try {
      work.run();
      succeeded = true;
    } finally {
      end(succeeded);
    }
  }

  /** Returns whether the calling thread is to do the work. */
  private synchronized boolean begin() {
    begun = true;
    awaitEnd();
    if (done || closer != null) {
      return false;
    }
    closer = Thread.currentThread();
    return true;
  }

  private synchronized void end(boolean succeeded) {
    done = succeeded;
    closer = null;
    notifyAll();
  }

  private synchronized void awaitEnd() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (closer != null && closer != Thread.currentThread()) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
