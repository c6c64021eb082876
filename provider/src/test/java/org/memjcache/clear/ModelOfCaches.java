// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What caches may hold. Without faults that is one value or none for each key. After a fault that
 * loses data it is the present value or none, until an operation has shown which; never an older
 * value.
 */
final class ModelOfCaches {

  private static final Set<@Nullable String> NOTHING = Collections.singleton(null);

  private final Map<Slot, Set<@Nullable String>> held = new HashMap<>();

  /** Where one entry is. */
  record Slot(String tenant, String cache, String key) {}

  /** What an operation answers, and what is there afterwards. */
  record Outcome(@Nullable Object answer, @Nullable String left) {}

  /**
   * Takes note of an operation on one entry.
   *
   * @param answer what the cache answered
   * @param operation what the cache should do, for a value that may be there
   */
  void check(Slot slot, @Nullable Object answer, Function<@Nullable String, Outcome> operation) {
    Set<@Nullable String> before = held.getOrDefault(slot, NOTHING);
    Set<@Nullable String> after = new LinkedHashSet<>();
    Set<@Nullable Object> expected = new LinkedHashSet<>();
    for (String value : before) {
      Outcome outcome = operation.apply(value);
      expected.add(outcome.answer);
      if (Objects.equals(outcome.answer, answer)) {
        after.add(outcome.left);
      }
    }
    assertThat(expected).as("answer about " + slot + ", which may hold " + before).contains(answer);
    held.put(slot, after);
  }

  /** Takes note that entries are gone. */
  void cleared(Predicate<Slot> which) {
    held.keySet().removeIf(which);
  }

  /** Takes note that entries may be gone. */
  void endangered(Predicate<Slot> which) {
    held.forEach(
        (slot, values) -> {
          if (which.test(slot)) {
            values.add(null);
          }
        });
  }
}
