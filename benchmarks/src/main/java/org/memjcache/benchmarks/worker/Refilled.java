// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Entries for an operation that removes them: they are rewritten before each time. */
@State(Scope.Benchmark)
public class Refilled extends Subject {

  /**
   * How long something else is cleared before a clear is measured. Otherwise the figure would
   * measure the JIT, and where the threads happen to be after the entries were written.
   */
  private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Creates a state for JMH. */
  public Refilled() {}

  /** Makes sure that the entries exist and the code is warm. */
  @Setup(Level.Iteration)
  public void refill() {
    if (!isFilled()) {
      fill();
    }
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() - end < 0) {
      contestant.clearElsewhere();
    }
  }
}
