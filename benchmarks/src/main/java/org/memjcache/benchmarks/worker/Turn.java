// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one thread does next. */
@State(Scope.Thread)
public class Turn {

  private static final AtomicInteger THREADS = new AtomicInteger();

  /** Contestants without a namespace share their keys. */
  private static final long JVM = ProcessHandle.current().pid();

  private final int thread = THREADS.incrementAndGet();
  private int seed = thread * 0x9E3779B9;
  private int count;

  /** Creates a state for JMH. */
  public Turn() {}

  /** Returns a random number from 0 up to {@code bound}, which it doesn't reach. */
  int random(int bound) {
    // A step of a linear congruential generator: its high bits are random enough and nearly free.
    seed = seed * 1664525 + 1013904223;
    return (int) (((seed & 0xFFFFFFFFL) * bound) >>> 32);
  }

  /** Returns a random one of these. */
  String any(String[] texts) {
    return texts[random(texts.length)];
  }

  /** Returns one of these, the first ones more often, by {@link Zipf}. */
  String anyByRank(String[] texts) {
    return texts[Zipf.of(texts.length).rank(random(1 << 30) * 0x1p-30)];
  }

  /** Returns a key that nobody has used. */
  String freshKey() {
    return "fresh:" + JVM + ":" + thread + ":" + count++;
  }

  /** Returns how often this was called before. */
  int next() {
    return count++;
  }
}
