package org.memjcache.benchmarks.worker;

import java.util.Locale;

/**
 * The result of one turn.
 *
 * @param score operations per second; for single shots the median of their times in microseconds
 * @param allocated bytes of heap that the whole JVM allocated for one operation
 */
public record Measurement(double score, double allocated) {

  String format() {
    return String.format(Locale.ROOT, "%.3f %.1f", score, allocated);
  }

  static Measurement parse(String line) {
    int blank = line.indexOf(' ');
    return new Measurement(
        Double.parseDouble(line.substring(0, blank)),
        Double.parseDouble(line.substring(blank + 1)));
  }
}
