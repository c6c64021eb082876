// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.tenants;

import java.util.Arrays;

/**
 * Durations of operations, in buckets that are a thirty-second part of their power of two wide: a
 * percentile is at most 3 % too low. Not thread-safe.
 */
final class Latencies {

  private static final int BITS = 5;
  private static final int CLASSES = 1 << BITS;

  private final long[] counts = new long[(Long.SIZE - BITS) * CLASSES];
  private long count;

  /** Adds one operation. */
  void add(long nanos) {
    counts[index(nanos)]++;
    count++;
  }

  /** Adds all operations of another thread. */
  void add(Latencies other) {
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
    count += other.count;
  }

  long count() {
    return count;
  }

  /**
   * Returns the longest duration of a part of the operations.
   *
   * @param part 0 to 1
   * @return microseconds, 0 if there were no operations
   */
  double micros(double part) {
    long wanted = (long) Math.ceil(count * part);
    int i = 0;
    for (long below = counts[0]; below < wanted; below += counts[i]) {
      i++;
    }
    return lower(i) / 1_000.0;
  }

  private static int index(long nanos) {
    if (nanos < CLASSES) {
      return (int) Math.max(0, nanos);
    }
    int shift = Long.SIZE - 1 - BITS - Long.numberOfLeadingZeros(nanos);
    return (shift + 1) * CLASSES + (int) (nanos >>> shift) - CLASSES;
  }

  /** Returns the smallest number of nanoseconds of a bucket. */
  private static long lower(int index) {
    if (index < CLASSES) {
      return index;
    }
    int shift = index / CLASSES - 1;
    return (long) (index % CLASSES + CLASSES) << shift;
  }
}
