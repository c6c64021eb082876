// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that all managers of this process share. They are created when needed, and end a second
 * after their last work, or with the last manager: when {@link #release} has returned to it, none
 * is left, unless the work of an application goes on for longer than closing waits.
 *
 * <p>Thread-safe.
 */
public final class SharedThreads implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(SharedThreads.class);

  /** How long closing waits for work to end; after half of that time it interrupts it. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

  private static final List<SharedThreads> ALL = new ArrayList<>();

  /** How many managers are open. Guarded by ALL. */
  private static int managers;

  private final String name;
  private final int max;
  private final Supplier<BlockingQueue<Runnable>> queues;

  /** From the first work on until the last manager is closed. Guarded by this. */
  private @Nullable Pool pool;

  /**
   * Creates an executor for the life of the process.
   *
   * @param name what its threads are called
   * @param max how many they are at most
   * @param queues makes what holds the work that waits for a thread; if it takes none, the calling
   *     thread does what no other one is free for
   */
  public SharedThreads(String name, int max, Supplier<BlockingQueue<Runnable>> queues) {
    this.name = name;
    this.max = max;
    this.queues = queues;
    synchronized (ALL) {
      ALL.add(this);
    }
  }

  /** Says that one more manager is open. */
  public static void acquire() {
    synchronized (ALL) {
      managers++;
    }
  }

  /** Says that a manager was closed, with its caches; ends all threads if it was the last one. */
  public static void release() {
    List<Pool> unused = new ArrayList<>();
    synchronized (ALL) { // until all are taken: none may be that of a manager which is opened now
      managers--;
      if (managers == 0) {
        ALL.forEach(each -> each.take(unused));
      }
    }
    Patience patience = Patience.of(CLOSE_PATIENCE);
    Patience untilInterrupt = Patience.of(CLOSE_PATIENCE.dividedBy(2));
    unused.forEach(each -> each.end(untilInterrupt, patience));
  }

  private synchronized void take(List<Pool> unused) {
    if (pool != null) {
      unused.add(pool);
      pool = null;
    }
  }

  @Override
  public void execute(Runnable work) {
    if (!start(work)) {
      work.run();
    }
  }

  /** Forgets work that has not begun. */
  public synchronized void remove(Runnable work) {
    if (pool != null) {
      pool.executor.remove(work);
    }
  }

  /** Returns false if no thread is free. */
  private synchronized boolean start(Runnable work) {
    if (pool == null) {
      BlockingQueue<Runnable> queue = queues.get();
      // Work that may wait would wait for one of the core threads while there is any.
      int core = queue.remainingCapacity() == 0 ? 0 : max;
      DaemonThreads threads = new DaemonThreads(name);
      ThreadPoolExecutor executor =
          new ThreadPoolExecutor(core, max, 1, TimeUnit.SECONDS, queue, threads);
      executor.allowCoreThreadTimeOut(true);
      pool = new Pool(executor, threads);
    }
    try {
      execute(pool.executor, work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /**
   * Has the threads that there are do the work, if there is no memory for one more.
   *
   * @throws OutOfMemoryError if there is none at all
   */
  static void execute(ThreadPoolExecutor executor, Runnable work) {
    try {
      executor.execute(work);
    } catch (OutOfMemoryError e) {
      BlockingQueue<Runnable> queue = executor.getQueue();
      // In this order: a thread that ends looks into the queue once it isn't counted any more.
      if (!queue.offer(work) || (executor.getPoolSize() == 0 && queue.remove(work))) {
        throw e;
      }
    }
  }

  /** Threads that work for managers which are open at the same time. */
  private record Pool(ThreadPoolExecutor executor, DaemonThreads threads) {

    void end(Patience untilInterrupt, Patience patience) {
      executor.shutdown();
      if (!threads.join(untilInterrupt)) {
        executor.getQueue().clear();
        threads.interrupt();
        if (!threads.join(patience)) {
          LOG.warn(
              "The last cache manager is closed, but a listener, loader or completion listener of"
                  + " the application still runs: {}",
              threads);
        }
      }
    }
  }
}
