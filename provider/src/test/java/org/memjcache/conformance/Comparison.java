// SPDX-License-Identifier: Apache-2.0
package org.memjcache.conformance;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.memjcache.conformance.Outcome.Aspect;

/**
 * Compares the outcomes of rows, and tells known differences from unknown ones. Not thread-safe.
 */
final class Comparison {

  private final Set<KnownDifference> seen = EnumSet.noneOf(KnownDifference.class);
  private final Map<String, Integer> unknown = new LinkedHashMap<>();
  private final Map<String, Situation> firstWith = new LinkedHashMap<>();

  /** Compares what came of a row here with what came of it on the reference implementation. */
  void compare(Row row, Outcome ours, Outcome reference) {
    if (describe(ours).equals(describe(reference))) {
      return;
    }
    Outcome corrected = reference.copy();
    for (KnownDifference difference : KnownDifference.values()) {
      Outcome before = corrected.copy();
      difference.correct(row, corrected);
      if (!describe(before).equals(describe(corrected))) {
        seen.add(difference);
      }
    }
    for (Aspect aspect : Aspect.values()) {
      if (!aspect.of(ours).equals(aspect.of(corrected))) {
        KnownDifference reason = reason(row, aspect, ours, corrected);
        if (reason == null) {
          note(row, aspect, ours, reference);
        } else {
          seen.add(reason);
        }
      }
    }
  }

  private static @Nullable KnownDifference reason(
      Row row, Aspect aspect, Outcome ours, Outcome reference) {
    for (KnownDifference difference : KnownDifference.values()) {
      if (difference.explains(row, aspect, ours, reference)) {
        return difference;
      }
    }
    return null;
  }

  private void note(Row row, Aspect aspect, Outcome ours, Outcome reference) {
    String text =
        "%s of %s, %s: %s; reference: %s"
            .formatted(
                row.operation(), row.presence(), aspect, aspect.of(ours), aspect.of(reference));
    if (unknown.merge(text, 1, Integer::sum) == 1) {
      firstWith.put(text, row.situation());
    }
  }

  private static String describe(Outcome outcome) {
    StringBuilder text = new StringBuilder();
    for (Aspect aspect : Aspect.values()) {
      text.append(aspect.of(outcome)).append('\n');
    }
    return text.toString();
  }

  /** Returns the differences that occurred. */
  Set<KnownDifference> seen() {
    return seen;
  }

  /** Describes the differences that nobody knew of, empty if there are none. */
  String unknown() {
    StringBuilder text = new StringBuilder();
    unknown.forEach(
        (difference, count) ->
            text.append(difference)
                .append("\n    ")
                .append(count)
                .append(" times, first with ")
                .append(firstWith.get(difference))
                .append('\n'));
    return text.toString();
  }
}
