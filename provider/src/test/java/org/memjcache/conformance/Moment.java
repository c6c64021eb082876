package org.memjcache.conformance;

import java.util.function.BooleanSupplier;

/** Waits for what takes a moment only. */
final class Moment {

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private Moment() {}

  static void until(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("Waited 20 s in vain");
      }
      Thread.onSpinWait();
    }
  }
}
