package org.memjcache.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what comes about by itself. */
public final class Poll {

  private Poll() {}

  /** Returns as soon as the condition holds; fails after this time. */
  public static void until(Duration most, BooleanSupplier condition) {
    long deadline = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("The condition did not come true within " + most);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
