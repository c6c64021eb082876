package org.memjcache.benchmarks.worker;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Entries for an operation that removes them: they are written again before each time. */
@State(Scope.Benchmark)
public class Refilled extends Subject {

  /** So often is something else cleared before a clear is measured, or it would measure the JIT. */
  private static final int WARM_UP = 300;

  /** Creates a state for JMH. */
  public Refilled() {}

  /** Sees to it that the entries are there, and the code is warm. */
  @Setup(Level.Iteration)
  public void refill() {
    if (!isFilled()) {
      fill();
    }
    for (int i = 0; i < WARM_UP; i++) {
      contestant.clearElsewhere();
    }
  }
}
