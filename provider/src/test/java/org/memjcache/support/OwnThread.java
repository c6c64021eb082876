// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Does something in the background, on a thread of its own. The common pool, where {@link
 * CompletableFuture} does it otherwise, has a single thread on a machine with two processors (since
 * JDK 25): what waits there for something else in the background waits for ever.
 */
public final class OwnThread {

  private OwnThread() {}

  /** Begins to compute a result. */
  public static <T> CompletableFuture<T> supply(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, OwnThread::start);
  }

  /** Begins to do something. */
  public static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, OwnThread::start);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "in the background");
    thread.setDaemon(true);
    thread.start();
  }
}
