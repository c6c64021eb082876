package org.memjcache.support;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that another thread or another process brings about. */
public final class Until {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Until() {}

  /** Returns as soon as {@code condition} holds, and how long that took. */
  public static Duration holds(String what, BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("Waited " + PATIENCE.toSeconds() + " s in vain: " + what);
      }
      Thread.sleep(5);
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
