// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.worker;

import org.memjcache.benchmarks.contestant.Operation;

/**
 * One thing to measure.
 *
 * @param operation what to do
 * @param threads how many threads do it
 * @param valueSize length of the values, in characters of ASCII
 * @param entries how many entries there are
 * @param warmupMillis how long to run before it counts; for {@link #isSingleShot} nothing
 * @param millis how long to measure; for {@link #isSingleShot} how many times
 */
public record Order(
    Operation operation, int threads, int valueSize, int entries, int warmupMillis, int millis) {

  /**
   * Returns whether the operation is measured once at a time, because each time needs preparation.
   *
   * @return false if it is repeated for some time
   */
  public boolean isSingleShot() {
    return switch (operation) {
      case CLEAR, REMOVE_ALL, ITERATE -> true;
      default -> false;
    };
  }

  /**
   * Returns a line of text.
   *
   * @return what {@link #parse} reads
   */
  public String format() {
    return String.join(
        " ",
        operation.name(),
        Integer.toString(threads),
        Integer.toString(valueSize),
        Integer.toString(entries),
        Integer.toString(warmupMillis),
        Integer.toString(millis));
  }

  /**
   * Reads a line of text.
   *
   * @param line from {@link #format}
   * @return the order
   */
  public static Order parse(String line) {
    String[] words = line.split(" ", -1);
    return new Order(
        Operation.valueOf(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]));
  }
}
