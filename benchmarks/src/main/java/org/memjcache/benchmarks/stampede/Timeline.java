// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.stampede;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What happened in one run, by slices of time. Used by one thread. */
final class Timeline {

  static final int SLICE_MILLIS = 200;

  private final String title;
  private final int[] queries;
  private final List<List<Long>> micros = new ArrayList<>();

  Timeline(String title, int millis) {
    this.title = title;
    this.queries = new int[(millis + SLICE_MILLIS - 1) / SLICE_MILLIS];
    IntStream.range(0, queries.length).forEach(i -> micros.add(new ArrayList<>()));
  }

  /** Adds what a JVM has recorded; see {@link StampedeJvm}. */
  void addAll(String recorded) {
    for (String each : recorded.split(" ", -1)) {
      String[] parts = each.split(":", -1);
      if (parts[0].equals("q")) {
        queries[sliceOf(Integer.parseInt(parts[1]))]++;
      } else {
        micros.get(sliceOf(Integer.parseInt(parts[0]))).add(Long.parseLong(parts[1]));
      }
    }
  }

  /** What comes after the end belongs to the last slice. */
  private int sliceOf(int millis) {
    return Math.min(queries.length - 1, Math.max(0, millis / SLICE_MILLIS));
  }

  String title() {
    return title;
  }

  int slices() {
    return queries.length;
  }

  int queriesIn(int slice) {
    return queries[slice];
  }

  /** Returns the 99th percentile of what the reads of a slice took, in milliseconds. */
  double p99MillisOf(int slice) {
    return p99Millis(micros.get(slice).stream().mapToLong(Long::longValue));
  }

  private static double p99Millis(LongStream micros) {
    long[] sorted = micros.sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.99)] / 1_000.0;
  }

  /** Returns how often the database was called from a moment on. */
  int queries(int fromMillis) {
    return IntStream.range(fromMillis / SLICE_MILLIS, queries.length).map(i -> queries[i]).sum();
  }

  /** Returns how many reads that were due from a moment on took longer than that. */
  long slow(int fromMillis, long thanMicros) {
    return micros.subList(fromMillis / SLICE_MILLIS, queries.length).stream()
        .flatMap(List::stream)
        .filter(each -> each > thanMicros)
        .count();
  }

  /** Returns the 99th percentile of the second that begins at a moment, in milliseconds. */
  double p99Millis(int fromMillis) {
    int from = fromMillis / SLICE_MILLIS;
    return p99Millis(
        micros.subList(from, from + 1_000 / SLICE_MILLIS).stream()
            .flatMap(List::stream)
            .mapToLong(Long::longValue));
  }
}
