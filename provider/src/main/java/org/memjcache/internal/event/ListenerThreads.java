package org.memjcache.internal.event;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.DaemonThreads;

/**
 * The few threads that all asynchronous listeners of the process share.
 *
 * <ul>
 *   <li>There are none before the first event, they end when idle for some seconds, and all end
 *       with the last user.
 *   <li>They are {@link DaemonThreads}.
 * </ul>
 *
 * <p>Thread-safe. No listener runs under its lock.
 */
final class ListenerThreads {
  /** The threads of this process. */
  static final ListenerThreads SHARED = new ListenerThreads(Duration.ofSeconds(5));

  private static final int SIZE = Math.max(4, Runtime.getRuntime().availableProcessors());

  private final Duration idleLife;
  private final DaemonThreads factory = new DaemonThreads("memjcache-listener");
  private @Nullable ThreadPoolExecutor pool;
  private int users;

  /**
   * Creates no threads yet.
   *
   * @param idleLife how long a thread without work stays
   */
  ListenerThreads(Duration idleLife) {
    this.idleLife = idleLife;
  }

  /** Returns an executor that works until the {@link #release()} which answers this call. */
  synchronized Executor acquire() {
    ThreadPoolExecutor current = pool;
    if (current == null) {
      current =
          new ThreadPoolExecutor(
              SIZE,
              SIZE,
              idleLife.toNanos(),
              TimeUnit.NANOSECONDS,
              new LinkedBlockingQueue<>(),
              factory);
      current.allowCoreThreadTimeOut(true);
      pool = current;
    }
    users++;
    return current;
  }

  /** Gives back what {@link #acquire()} returned. */
  synchronized void release() {
    users--;
    if (users == 0 && pool != null) {
      pool.shutdown();
      pool = null;
    }
  }
}
