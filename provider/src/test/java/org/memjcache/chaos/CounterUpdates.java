// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The updates of counters that are certain: the processor's operation returned, in a process that
 * is told of lost writes. Each makes the next number of the same life, whatever happens to the
 * servers: a counter that is lost begins another life.
 */
final class CounterUpdates {

  /** By life: the highest number that was certain at a moment. */
  private final Map<String, TreeMap<Long, Long>> highest = new HashMap<>();

  private final Map<String, Operation> makers = new HashMap<>();

  /** Adds an update; returns another operation that made the same one, null if there is none. */
  Operation add(Operation.Entry made, Operation maker) {
    highest
        .computeIfAbsent(made.life(), any -> new TreeMap<>())
        .merge(maker.end(), made.number(), Math::max);
    return makers.putIfAbsent(made.value(), maker);
  }

  /** Makes the moments comparable, after all were added. */
  void finish() {
    for (TreeMap<Long, Long> ofLife : highest.values()) {
      long maximum = 0;
      for (Map.Entry<Long, Long> moment : ofLife.entrySet()) {
        maximum = Math.max(maximum, moment.getValue());
        moment.setValue(maximum);
      }
    }
    makers.clear();
  }

  /** Returns the highest number of a life that was certain before a moment, 0 if none. */
  long highestBefore(String life, long moment) {
    TreeMap<Long, Long> ofLife = highest.get(life);
    Map.Entry<Long, Long> before = ofLife == null ? null : ofLife.lowerEntry(moment);
    return before == null ? 0 : before.getValue();
  }
}
