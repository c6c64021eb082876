// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.cache;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.common.Patience;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what managers share with others when an application was dropped with its class loader and
 * has not closed them. One thread waits for that, while there is any manager of such a loader.
 *
 * <p>Thread-safe.
 */
final class DroppedManagers {

  private static final Logger LOG = LoggerFactory.getLogger(DroppedManagers.class);

  private static final Duration THREAD_PATIENCE = Duration.ofSeconds(2);

  private static final ReferenceQueue<OpenManager> DROPPED = new ReferenceQueue<>();

  /** Guarded by itself, as is the thread. */
  private static final Set<Watch> WATCHED = new HashSet<>();

  private static @Nullable Thread thread;

  private DroppedManagers() {}

  /** An open manager, and what to close when it was collected without having been closed. */
  static final class Watch extends PhantomReference<OpenManager> {
    private final SharedParts shared;

    private Watch(OpenManager manager, SharedParts shared) {
      super(manager, DROPPED);
      this.shared = shared;
    }

    /** Ends watching, as the manager is closed. */
    void end() {
      clear();
      Thread idle = forget(this);
      if (idle != null) {
        idle.interrupt();
        Patience.of(THREAD_PATIENCE).join(idle);
      }
    }
  }

  /**
   * Watches a manager until {@link Watch#end}.
   *
   * @param shared what it shares with others; must not refer to the manager, nor to its class
   *     loader
   */
  static Watch watch(OpenManager manager, SharedParts shared) {
    Watch watch = new Watch(manager, shared);
    synchronized (WATCHED) {
      boolean started = false;
      try {
        WATCHED.add(watch);
        if (thread == null || !thread.isAlive()) {
          Thread starting =
              DaemonThreads.newThread("memjcache-dropped-managers", DroppedManagers::run);
          starting.start();
          thread = starting;
        }
        started = true;
      } finally {
        if (!started) {
          WATCHED.remove(watch);
        }
      }
    }
    return watch;
  }

  /** Returns the thread if it has nothing to do any more. */
  private static @Nullable Thread forget(Watch watch) {
    synchronized (WATCHED) {
      WATCHED.remove(watch);
      Thread idle = WATCHED.isEmpty() ? thread : null;
      if (idle != null) {
        thread = null;
      }
      return idle;
    }
  }

  private static boolean isNeeded() {
    synchronized (WATCHED) {
      return Thread.currentThread().equals(thread);
    }
  }

  private static void run() {
    boolean again = true;
    while (again) {
      try {
        Watch dropped = (Watch) DROPPED.remove();
        again = forget(dropped) == null;
        close(dropped.shared);
      } catch (InterruptedException e) {
        again = isNeeded(); // it may be somebody else's interrupt
      } catch (RuntimeException | Error e) { // no memory for a moment, say
        warn(e);
      }
    }
  }

  private static void close(SharedParts shared) {
    try {
      LOG.warn(
          "A cache manager of {} was not closed before its application was dropped; its connections"
              + " and managed beans are closed now",
          shared);
    } finally {
      shared.close();
    }
  }

  /** Lets nothing out: a logger often has no memory when others have none. */
  private static void warn(Throwable failure) {
    try {
      LOG.warn("Closing a manager whose application was dropped failed", failure);
    } catch (RuntimeException | Error e) {
      // The next one is closed all the same.
    }
  }
}
