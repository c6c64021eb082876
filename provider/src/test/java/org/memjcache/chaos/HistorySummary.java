// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How much there is in a history. */
final class HistorySummary {

  private static final List<String> LEVELS = List.of("application", "tenant", "cache");

  private final Map<String, Long> byName = new TreeMap<>();
  private final Map<String, Long> counted = new TreeMap<>();
  private long operations;
  private long errors;
  private long hits;
  private long misses;

  void add(Operation operation) {
    operations++;
    byName.merge(name(operation), 1L, Long::sum);
    errors += operation.done() ? 0 : 1;
    hits += operation.seen().size();
    misses += operation.missed();
  }

  private static String name(Operation operation) {
    int depth = operation.place().split("/").length;
    return operation.isClear() ? "clear " + LEVELS.get(depth - 1) : operation.name();
  }

  /** Adds what a process counted itself: {@code name=count name=count}. */
  void addCounts(String counts) {
    for (String count : counts.split(" ")) {
      int equals = count.indexOf('=');
      counted.merge(
          count.substring(0, equals), Long.parseLong(count.substring(equals + 1)), Long::sum);
    }
  }

  long operations() {
    return operations;
  }

  @Override
  public String toString() {
    return operations
        + " operations "
        + byName
        + ", "
        + hits
        + " hits, "
        + misses
        + " misses, "
        + errors
        + " errors; counted by the processes: "
        + counted;
  }
}
