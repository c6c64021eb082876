// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs something on several threads that begin at the same moment. */
public final class SimultaneousThreads {

  private static final int MOST_SECONDS = 180;

  private SimultaneousThreads() {}

  /** What one of the threads does; the threads are numbered from 0. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run(int thread) throws Exception;
  }

  /** Returns when all threads have done their work; fails as the first of them did. */
  public static void run(int threads, Work work) {
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        done.add(
            executor.submit(
                () -> {
                  start.await(MOST_SECONDS, TimeUnit.SECONDS);
                  work.run(thread);
                  return null;
                }));
      }
      for (Future<?> each : done) {
        each.get(MOST_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      executor.shutdownNow();
    }
  }
}
