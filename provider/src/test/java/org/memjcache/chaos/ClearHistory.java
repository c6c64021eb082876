// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ClearHistory by level. To be asked only after all were added. */
final class ClearHistory {

  private final Map<String, List<Clear>> ofLevel = new HashMap<>();
  private final Map<String, Sorted> sorted = new HashMap<>();

  private record Clear(long start, long end) {}

  void add(Operation clear) {
    add(clear.place(), clear);
  }

  /** Adds an operation that clears this level, which may be a single entry. */
  void add(String level, Operation clear) {
    ofLevel
        .computeIfAbsent(level, any -> new ArrayList<>())
        .add(new Clear(clear.start(), clear.end()));
  }

  /** Returns true if a level at or above {@code place} was cleared wholly between two moments. */
  boolean isBetween(long after, long before, String place) {
    for (int end = place.length(); end > 0; end = place.lastIndexOf('/', end - 1)) {
      String level = place.substring(0, end);
      Sorted clears = sorted.computeIfAbsent(level, this::sort);
      if (clears.isBetween(after, before)) {
        return true;
      }
    }
    return false;
  }

  private Sorted sort(String level) {
    List<Clear> clears = new ArrayList<>(ofLevel.getOrDefault(level, List.of()));
    clears.sort(Comparator.comparingLong(Clear::start));
    long[] starts = new long[clears.size()];
    long[] earliestEnds = new long[clears.size()];
    long earliest = Long.MAX_VALUE;
    for (int i = clears.size() - 1; i >= 0; i--) {
      starts[i] = clears.get(i).start;
      earliest = Math.min(earliest, clears.get(i).end);
      earliestEnds[i] = earliest;
    }
    return new Sorted(starts, earliestEnds);
  }

  /** ClearHistory in the order of their starts, with the earliest end of each and all after it. */
  private static final class Sorted {
    private final long[] starts;
    private final long[] earliestEnds;

    Sorted(long[] starts, long[] earliestEnds) {
      this.starts = starts;
      this.earliestEnds = earliestEnds;
    }

    boolean isBetween(long after, long before) {
      int low = 0;
      int high = starts.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (starts[middle] > after) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low < starts.length && earliestEnds[low] < before;
    }
  }
}
