// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The result of one turn.
 *
 * @param score operations per second; for single shots the median of their times in microseconds
 * @param allocated bytes of heap that the whole JVM allocated for one operation
 * @param processorMicros processor time of the whole JVM for one operation, in microseconds
 */
public record Measurement(double score, double allocated, double processorMicros) {

  String format() {
    return String.format(Locale.ROOT, "%.3f %.1f %.3f", score, allocated, processorMicros);
  }

  static Measurement parse(String line) {
    List<Double> fields = Stream.of(line.split(" ")).map(Double::valueOf).toList();
    return new Measurement(fields.get(0), fields.get(1), fields.get(2));
  }
}
