// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a server to start. */
final class Awaiting {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long POLL_MILLIS = 5;

  private Awaiting() {}

  /**
   * Returns when the condition holds.
   *
   * @throws IllegalStateException if it doesn't hold within a minute; names {@code what}
   */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(what + " is not ready after " + PATIENCE);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while waiting for " + what, e);
      }
    }
  }
}
