// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What came of one row of the table. Not thread-safe. */
final class Outcome {

  /** What is compared. */
  enum Aspect {
    RESULT(outcome -> outcome.result),
    CONTENT(outcome -> outcome.content),
    EVENTS(outcome -> outcome.events),
    WRITER(outcome -> outcome.writerCalls),
    LOADER(outcome -> outcome.loaderCalls),
    POLICY(outcome -> outcome.policyCalls),
    STATISTICS(outcome -> outcome.statistics);

    private final Function<Outcome, Object> part;

    Aspect(Function<Outcome, Object> part) {
      this.part = part;
    }

    String of(Outcome outcome) {
      return part.apply(outcome).toString();
    }
  }

  /** The value returned, or the exception thrown. */
  String result = "";

  /** The entries afterwards. */
  Map<Presence, String> content = new TreeMap<>();

  /** What listeners heard of each key. */
  Map<Presence, List<String>> events = new TreeMap<>();

  List<String> writerCalls = new ArrayList<>();
  List<String> loaderCalls = new ArrayList<>();

  /** How often the policy was asked what. */
  Map<String, Integer> policyCalls = new TreeMap<>();

  /** By how much each counter has grown. */
  Map<String, Long> statistics = new TreeMap<>();

  Outcome copy() {
    Outcome copy = new Outcome();
    copy.result = result;
    copy.content.putAll(content);
    events.forEach((presence, heard) -> copy.events.put(presence, new ArrayList<>(heard)));
    copy.writerCalls.addAll(writerCalls);
    copy.loaderCalls.addAll(loaderCalls);
    copy.policyCalls.putAll(policyCalls);
    copy.statistics.putAll(statistics);
    return copy;
  }

  /** Returns whether an operation ended with an exception of this name, or with it as a cause. */
  boolean threw(String exception) {
    return result.contains("throws ") && result.contains(exception);
  }

  /** Describes a result, with keys by their presence. */
  static String result(@Nullable Object result) {
    if (result instanceof Map<?, ?> map) {
      Map<Presence, String> sorted = new TreeMap<>();
      map.forEach((key, value) -> sorted.put(Presence.of((String) key), String.valueOf(value)));
      return sorted.toString();
    }
    return String.valueOf(result);
  }

  /** Describes an exception by its class and those of its causes. */
  static String failure(Throwable failure) {
    StringBuilder text = new StringBuilder("throws");
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      text.append(' ').append(cause.getClass().getSimpleName());
    }
    return text.toString();
  }
}
