package org.memjcache.chaos;

import java.util.Map;
import java.util.TreeMap;

/** How much there is in a history. */
final class Summary {

  private final Map<String, Long> byName = new TreeMap<>();
  private long operations;
  private long errors;
  private long hits;
  private long misses;

  void add(Operation operation) {
    operations++;
    byName.merge(operation.name(), 1L, Long::sum);
    errors += operation.done() ? 0 : 1;
    hits += operation.seen().size();
    misses += operation.missed();
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
        + " errors";
  }
}
