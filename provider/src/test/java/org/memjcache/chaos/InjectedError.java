// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** What {@link InjectingLoader} has its classes throw, at random, wherever memory may be short. */
public final class InjectedError extends OutOfMemoryError {

  private static final long serialVersionUID = 1;
  private static final AtomicLong COUNT = new AtomicLong();
  private static final AtomicLong STEPS_LEFT = new AtomicLong();

  /** How many static initializers each thread is in: one may need another class. */
  private static final ThreadLocal<Integer> INITIALIZERS = ThreadLocal.withInitial(() -> 0);

  private static volatile int steps;

  private InjectedError() {
    super("injected");
  }

  /** Has one of so many steps fail, on average; none if 0. */
  public static void oneOf(int ofSteps) {
    steps = ofSteps;
  }

  /** Has the step fail that is the nth from now on, in whatever thread; none if 0. */
  public static void at(long step) {
    STEPS_LEFT.set(step);
  }

  /** Returns how often a step has failed. */
  public static long count() {
    return COUNT.get();
  }

  /** Returns whether an injected error is the cause of this one, or is suppressed in one. */
  static boolean isCauseOf(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InjectedError) {
        return true;
      }
    }
    return false;
  }

  /** Called before the instructions of a static initializer. */
  public static void initializerBegins() {
    INITIALIZERS.set(INITIALIZERS.get() + 1);
  }

  /** Called after them. */
  public static void initializerEnds() {
    INITIALIZERS.set(INITIALIZERS.get() - 1);
  }

  /** Called before each step. */
  public static void step() {
    if (INITIALIZERS.get() > 0) {
      return;
    }
    int of = steps;
    boolean isRandom = of > 0 && ThreadLocalRandom.current().nextInt(of) == 0;
    boolean isNth = STEPS_LEFT.get() > 0 && STEPS_LEFT.decrementAndGet() == 0;
    if (isRandom || isNth) {
      COUNT.incrementAndGet();
      throw new InjectedError();
    }
  }
}
