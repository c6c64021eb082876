package org.memjcache.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One option of a manager, or one setting of a cache. Everything that is known of it is here:
 * parsing, error texts and documentation all come from this.
 *
 * @param name as written in the query of a URI; with {@link #PREFIX} in front, as a property
 * @param defaultText the value if the option isn't given, as a user would write it; null if there
 *     is none
 * @param format how a value is written
 * @param description what the option does, for documentation: one sentence without its full stop
 */
record Option<T>(
    String name, @Nullable String defaultText, OptionFormat<T> format, String description) {

  /** What the names of properties begin with. Properties without it belong to somebody else. */
  static final String PREFIX = "memjcache.";

  /**
   * Returns the value that a text stands for. White space around it doesn't count.
   *
   * @param given the option's name as it was given, in quotes, for the error
   * @param place where the text comes from, for the error
   * @throws InvalidConfigurationException if the text is not accepted
   */
  T parse(String text, String given, String place) {
    Optional<T> value;
    try {
      value = format.parser().apply(text.strip());
    } catch (InvalidConfigurationException e) { // tells which part of the value is wrong
      throw e.in("option " + given + " in " + place);
    }
    return value.orElseThrow(
        () ->
            new InvalidConfigurationException(
                "wrong value "
                    + Quoted.of(text)
                    + " of option "
                    + given
                    + " in "
                    + place
                    + "; accepted is "
                    + format.accepted()));
  }

  /**
   * Returns the value if the option isn't given.
   *
   * @throws IllegalStateException if it has no default
   */
  T defaultValue() {
    if (defaultText == null) {
      throw new IllegalStateException("The option '" + name + "' has no default");
    }
    return parse(defaultText, Quoted.of(name), "the table of options");
  }
}
