// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.NamedCaches.CachePattern;

/**
 * The options of one manager from all places, checked: none given twice in one place, and none with
 * different values in two places of the same rank. What stands in a place of lower rank counts
 * where those above it say nothing, but must be right, too. Immutable.
 */
final class ResolvedOptions {

  private record Key(Option<?> option, @Nullable CachePattern caches) {}

  private final Map<Key, SuppliedOption> given = new LinkedHashMap<>();

  /** Checks what is given; that of higher ranks must come first. */
  ResolvedOptions(List<SuppliedOption> inOrder) {
    for (SuppliedOption one : inOrder) {
      Object value = one.value();
      SuppliedOption other = given.putIfAbsent(new Key(one.option(), one.caches()), one);
      if (other == null || other.rank() != one.rank()) {
        continue;
      }
      if (other.place().equals(one.place())) {
        throw invalid("option %s is given twice in %s; give it once", one.name(), one.place());
      }
      // Compared as values: 1s and 1000ms don't contradict each other.
      if (!other.value().equals(value)) {
        throw invalid(
            "option %s is %s in %s but %s in %s; give it once, or the same value in both",
            one.name(),
            other.shown(),
            other.place(),
            one.option().isSecret() ? "another one" : one.shown(),
            one.place());
      }
    }
  }

  /** Returns the value given for an option of the manager, else its default. */
  <T> T get(Option<T> option) {
    return find(option).orElseGet(option::defaultValue);
  }

  /** Returns the value given for an option of the manager. */
  <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(supplied(option)).map(one -> one.valueOf(option));
  }

  /** Returns the class that an option of the manager names; nothing if it is given an object. */
  Optional<NamedClass> named(Option<?> option) {
    return Optional.ofNullable(supplied(option))
        .filter(one -> one.object() == null)
        .map(one -> NamedClass.of(one, ""));
  }

  /** Refuses one of two options without the other. */
  void requireBothOrNeither(Option<?> one, Option<?> other) {
    SuppliedOption first = supplied(one);
    SuppliedOption second = supplied(other);
    if ((first == null) != (second == null)) {
      SuppliedOption alone = Objects.requireNonNull(first == null ? second : first);
      throw invalid(
          "option %s is given in %s, but '%s' is not set; expected both or neither",
          alone.name(), alone.place(), (first == null ? one : other).name());
    }
  }

  /** Refuses an option that the value of another of its rank or lower leaves without effect. */
  void refuseIdle(Option<?> option, Option<?> other, String expected) {
    SuppliedOption idle = supplied(option);
    SuppliedOption reason = supplied(other);
    if (idle != null && (reason == null || reason.rank().compareTo(idle.rank()) >= 0)) {
      throw invalid(
          "option '%s' is given, but %s is %s; leave it out (it stands in %s), or set %s",
          option.name(),
          other.name(),
          get(other).toString().toLowerCase(Locale.ROOT),
          idle.place(),
          expected);
    }
  }

  /** Returns what is given for caches, the places of higher rank first. */
  List<SuppliedOption> ofCaches() {
    return given.values().stream().filter(one -> one.caches() != null).toList();
  }

  private @Nullable SuppliedOption supplied(Option<?> option) {
    return given.get(new Key(option, null));
  }
}
