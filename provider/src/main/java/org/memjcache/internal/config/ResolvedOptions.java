package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * The options of one manager from all places, checked: none given twice in one place, and none with
 * different values in two places of the same rank. What stands in a place of lower rank counts
 * where those above it say nothing. Immutable.
 */
final class ResolvedOptions {

  /** An option and the rank of its place: 0 is the highest. */
  private record Ranked(SuppliedOption given, int rank) {}

  private final Map<OptionName, Ranked> given;
  private final int lowestRank;

  private ResolvedOptions(Map<OptionName, Ranked> given, int lowestRank) {
    this.given = given;
    this.lowestRank = lowestRank;
  }

  /**
   * Brings together what was given in two places of the same rank.
   *
   * @throws InvalidConfigurationException for a wrong value, an option twice in the first place, or
   *     different values in both
   */
  static ResolvedOptions of(List<SuppliedOption> first, List<SuppliedOption> second) {
    Map<OptionName, Ranked> given = new LinkedHashMap<>();
    for (SuppliedOption one : first) {
      one.value();
      Ranked other = given.putIfAbsent(one.name(), new Ranked(one, 0));
      if (other != null) {
        throw twice(other.given(), one);
      }
    }
    for (SuppliedOption one : second) {
      Object value = one.value();
      Ranked other = given.putIfAbsent(one.name(), new Ranked(one, 0));
      // Compared as values: 1s and 1000ms don't contradict each other.
      if (other != null && !other.given().value().equals(value)) {
        throw contradiction(other.given(), one);
      }
    }
    return new ResolvedOptions(given, 0);
  }

  /**
   * Returns these options, and where they say nothing those of a place of lower rank.
   *
   * @throws InvalidConfigurationException for a wrong value there, whether it counts or not, or an
   *     option twice
   */
  ResolvedOptions orElse(List<SuppliedOption> lower) {
    Map<OptionName, Ranked> both = new LinkedHashMap<>(given);
    for (Ranked one : of(lower, List.of()).given.values()) {
      both.putIfAbsent(one.given().name(), new Ranked(one.given(), lowestRank + 1));
    }
    return new ResolvedOptions(both, lowestRank + 1);
  }

  /** Returns the value given for an option of the manager, else its default. */
  <T> T get(Option<T> option) {
    return find(option).orElseGet(option::defaultValue);
  }

  /** Returns the value given for an option of the manager, if there is one. */
  <T> Optional<T> find(Option<T> option) {
    return Optional.ofNullable(ranked(option)).map(one -> one.given().valueOf(option));
  }

  /** Returns the class that an option of the manager names, if it is given. */
  Optional<NamedClass> named(Option<String> option) {
    return Optional.ofNullable(ranked(option)).map(one -> NamedClass.of(one.given(), option, ""));
  }

  /**
   * Returns true if the first option is given, and the other isn't in a place of higher rank: then
   * the two ought to fit together.
   */
  boolean isMeantWith(Option<?> option, Option<?> other) {
    Ranked one = ranked(option);
    Ranked two = ranked(other);
    return one != null && (two == null || two.rank() >= one.rank());
  }

  /** Returns the error for an option that was given without the one that belongs to it. */
  InvalidConfigurationException alone(Option<?> option, Option<?> missing) {
    Ranked one = Objects.requireNonNull(ranked(option));
    return new InvalidConfigurationException(
        "option "
            + one.given().name()
            + " is given in "
            + one.given().place()
            + ", but '"
            + missing.name()
            + "' is not set; expected both or neither");
  }

  /** Returns what is given for caches, the places of higher rank first. */
  List<SuppliedOption> ofCaches() {
    List<SuppliedOption> ofCaches = new ArrayList<>();
    for (Ranked one : given.values()) {
      if (one.given().name().caches() != null) {
        ofCaches.add(one.given());
      }
    }
    return ofCaches;
  }

  private @Nullable Ranked ranked(Option<?> option) {
    return given.get(new OptionName(option, null));
  }

  private static InvalidConfigurationException twice(SuppliedOption one, SuppliedOption other) {
    String places =
        one.place().equals(other.place()) ? one.place() : one.place() + " and " + other.place();
    return new InvalidConfigurationException(
        "option " + one.name() + " is given twice in " + places + "; give it once");
  }

  private static InvalidConfigurationException contradiction(
      SuppliedOption one, SuppliedOption other) {
    return new InvalidConfigurationException(
        "option "
            + one.name()
            + " is "
            + one.shown()
            + " in "
            + one.place()
            + " but "
            + (one.name().option().isSecret() ? "another one" : other.shown())
            + " in "
            + other.place()
            + "; give it once, or the same value in both");
  }
}
