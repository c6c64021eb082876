// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/** What a cache loads from, until the test lets it go on. Thread-safe. */
public final class SlowLoader {

  private final BiFunction<String, Integer, String> values;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch go = new CountDownLatch(1);

  /**
   * Creates it.
   *
   * @param values what there is of each key, in the call of this number
   */
  public SlowLoader(BiFunction<String, Integer, String> values) {
    this.values = values;
  }

  /** Loads a value, once the test lets it. */
  public String load(String key) {
    int number = calls.incrementAndGet();
    hold();
    return values.apply(key, number);
  }

  /** Says that a load has begun, and waits until the test lets it go on. */
  public void hold() {
    begun.countDown();
    Waiting.awaitLatch(go);
  }

  /** Waits until a load has begun. */
  public void awaitBegun() {
    Waiting.awaitLatch(begun);
  }

  /** Lets all loads go on, those that begin later, too. */
  public void go() {
    go.countDown();
  }

  /** Returns how many loads have begun. */
  public AtomicInteger calls() {
    return calls;
  }
}
