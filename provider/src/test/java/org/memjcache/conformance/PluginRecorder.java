// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.event.EventType;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a cache does to the parts that an application plugged into it: listener, writer, loader
 * and expiry policy. While a test prepares entries, or looks at them afterwards, the parts do
 * nothing unusual and nothing is noted.
 *
 * <p>Thread-safe, for listeners that run elsewhere.
 */
final class PluginRecorder {

  /** The value of entries that are there before an operation; no operation writes it. */
  static final String OLD = "old";

  private static final Duration HOUR = Duration.ONE_HOUR;
  private static final Duration MOMENT = new Duration(TimeUnit.MILLISECONDS, 2);

  private enum Mode {
    PREPARE_LIVING,
    PREPARE_DYING,
    MEASURE,
    PROBE
  }

  private Mode mode = Mode.PROBE;
  private final Map<String, List<String>> events = new LinkedHashMap<>();
  private final List<String> writerCalls = new ArrayList<>();
  private final List<String> loaderCalls = new ArrayList<>();
  private final Map<String, Integer> policyCalls = new LinkedHashMap<>();
  private int preparedHeard;

  synchronized void prepareLiving() {
    mode = Mode.PREPARE_LIVING;
  }

  synchronized void prepareDying() {
    mode = Mode.PREPARE_DYING;
  }

  synchronized void measure() {
    mode = Mode.MEASURE;
    writerCalls.clear();
    loaderCalls.clear();
    policyCalls.clear();
  }

  synchronized void probe() {
    mode = Mode.PROBE;
  }

  synchronized boolean isMeasuring() {
    return mode == Mode.MEASURE;
  }

  /** Returns how long a prepared entry is to live, null while nothing is prepared. */
  synchronized @Nullable Duration preparedLife() {
    return switch (mode) {
      case PREPARE_LIVING -> HOUR;
      case PREPARE_DYING -> MOMENT;
      default -> null;
    };
  }

  synchronized void heard(String key, EventType type, String value, String old) {
    if (type == EventType.CREATED && OLD.equals(value)) {
      preparedHeard++;
    } else if (type != EventType.EXPIRED || mode == Mode.MEASURE) { // or else it comes of looking
      events.computeIfAbsent(key, any -> new ArrayList<>()).add(type + " " + value + old);
    }
  }

  synchronized void wrote(String call) {
    if (mode == Mode.MEASURE) {
      writerCalls.add(call);
    }
  }

  synchronized void loaded(String call) {
    if (mode == Mode.MEASURE) {
      loaderCalls.add(call);
    }
  }

  synchronized void askedPolicy(String call) {
    if (mode == Mode.MEASURE) {
      policyCalls.merge(call, 1, Integer::sum);
    }
  }

  /** Returns how many creations of prepared entries were heard of. */
  synchronized int preparedHeard() {
    return preparedHeard;
  }

  /** Returns what listeners heard of a key, in order. */
  synchronized List<String> events(String key) {
    return new ArrayList<>(events.getOrDefault(key, List.of()));
  }

  synchronized List<String> writerCalls() {
    return new ArrayList<>(writerCalls);
  }

  synchronized List<String> loaderCalls() {
    return new ArrayList<>(loaderCalls);
  }

  /** Returns the calls of the policy and how often each was made. */
  synchronized Map<String, Integer> policyCalls() {
    return new TreeMap<>(policyCalls);
  }
}
