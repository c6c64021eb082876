// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.tenants;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Repeats an operation in several threads for some time, each as fast as it can. */
final class Load {

  private Load() {}

  /** One operation. */
  @FunctionalInterface
  interface Work {
    void run(SplittableRandom random);
  }

  /**
   * Runs.
   *
   * @return how long each operation took
   */
  static Latencies run(int threads, int millis, Work work) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Latencies>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(executor.submit(() -> runUntil(end, work)));
      }
      Latencies all = new Latencies();
      for (Future<Latencies> each : running) {
        all.add(each.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      executor.shutdownNow();
    }
  }

  private static Latencies runUntil(long end, Work work) {
    SplittableRandom random = new SplittableRandom();
    Latencies latencies = new Latencies();
    long before = System.nanoTime();
    while (before < end) {
      work.run(random);
      long after = System.nanoTime();
      latencies.add(after - before);
      before = after;
    }
    return latencies;
  }
}
