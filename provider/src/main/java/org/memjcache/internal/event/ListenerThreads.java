package org.memjcache.internal.event;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The few threads that all asynchronous listeners of the process share.
 *
 * <ul>
 *   <li>There are none before the first event, they end when idle for some seconds, and all end
 *       with the last user.
 *   <li>They are daemons and inherit nothing from the thread that caused them: neither its context
 *       class loader nor its thread locals, which would keep an undeployed application alive.
 * </ul>
 *
 * <p>Safe for use by many threads. No listener runs under its lock.
 */
final class ListenerThreads {
  /** The threads of this process. */
  static final ListenerThreads SHARED = new ListenerThreads(Duration.ofSeconds(5));

  private static final int SIZE = Math.max(4, Runtime.getRuntime().availableProcessors());

  private final Duration idleLife;
  private final AtomicInteger threads = new AtomicInteger();
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
              this::newThread);
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

  private Thread newThread(Runnable work) {
    String name = "memjcache-listener-" + threads.incrementAndGet();
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(ListenerThreads.class.getClassLoader());
    return thread;
  }
}
