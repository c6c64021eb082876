// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.cache;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The threads that wait for memcached for methods that return futures and publishers: at most 64,
 * as many as MemJCache has for {@code loadAll}. While all of them are busy, the calling thread does
 * it itself: a task that waits for another one never keeps it from running. Thread-safe.
 */
public final class RetrievingThreads implements Executor, AutoCloseable {

  private static final int MAX_THREADS = 64;

  private final ThreadPoolExecutor threads;

  /** Creates it without a thread. */
  public RetrievingThreads() {
    CustomizableThreadFactory factory = new CustomizableThreadFactory("memjcache-retrieve-");
    factory.setDaemon(true);
    threads =
        new ThreadPoolExecutor(
            0,
            MAX_THREADS,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            factory,
            (task, busy) -> task.run());
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /**
   * Lets running reads end, each within its timeout. Later ones fail, as their caches are closed.
   */
  @Override
  public void close() {
    threads.shutdown();
  }
}
