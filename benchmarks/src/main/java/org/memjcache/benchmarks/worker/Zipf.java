// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.Arrays;

/**
 * The distribution by which requests fall upon entries in use: the n-th is asked for with a
 * probability in proportion to 1/n^0.99, as in the YCSB benchmark. Immutable.
 */
final class Zipf {

  private static final double EXPONENT = 0.99;

  /** The one in use: a JVM measures one number of entries at a time. */
  private static volatile Zipf last = new Zipf(1);

  /** The probability of this rank and those before it. */
  private final double[] cumulated;

  private Zipf(int count) {
    cumulated = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += Math.pow(i + 1, -EXPONENT);
      cumulated[i] = sum;
    }
    for (int i = 0; i < count; i++) {
      cumulated[i] /= sum;
    }
  }

  static Zipf of(int count) {
    Zipf known = last;
    if (known.cumulated.length != count) {
      known = new Zipf(count);
      last = known;
    }
    return known;
  }

  /**
   * Returns a rank.
   *
   * @param uniform a random number from 0 to 1, which it doesn't reach
   * @return a number from 0 up to the count, which it doesn't reach
   */
  int rank(double uniform) {
    int found = Arrays.binarySearch(cumulated, uniform);
    return Math.min(cumulated.length - 1, found < 0 ? -found - 1 : found + 1);
  }
}
