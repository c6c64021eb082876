package org.memjcache.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of one manager from all places, checked: none given twice in one place, and none with
 * different values in two. Immutable.
 */
final class OptionValues {
  private final Map<Option<?>, GivenOption> given;

  private OptionValues(Map<Option<?>, GivenOption> given) {
    this.given = given;
  }

  /**
   * Brings together what was given in the query of a URI and in properties.
   *
   * @throws InvalidConfigurationException for a wrong value, an option twice in the query, or
   *     different values in both
   */
  static OptionValues of(List<GivenOption> inQuery, List<GivenOption> inProperties) {
    Map<Option<?>, GivenOption> given = new HashMap<>();
    for (GivenOption one : inQuery) {
      one.value();
      if (given.putIfAbsent(one.option(), one) != null) {
        throw new InvalidConfigurationException(
            "option '"
                + one.option().name()
                + "' is given twice in "
                + one.place()
                + "; give it once");
      }
    }
    for (GivenOption one : inProperties) {
      Object value = one.value();
      GivenOption other = given.putIfAbsent(one.option(), one);
      // Compared as values: 1s and 1000ms don't contradict each other.
      if (other != null && !other.value().equals(value)) {
        throw new InvalidConfigurationException(
            "option '"
                + one.option().name()
                + "' is "
                + Quoted.of(other.text())
                + " in "
                + other.place()
                + " but "
                + Quoted.of(one.text())
                + " in "
                + one.place()
                + "; give it once, or the same value in both");
      }
    }
    return new OptionValues(given);
  }

  /** Returns the value given for an option, else its default. */
  <T> T get(Option<T> option) {
    GivenOption one = given.get(option);
    return one == null ? option.defaultValue() : option.parse(one.text(), one.place());
  }

  /** Returns true if the option is given anywhere. */
  boolean isGiven(Option<?> option) {
    return given.containsKey(option);
  }
}
