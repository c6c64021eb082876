package org.memjcache.internal.config;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * One option of a manager, or one setting of a cache. Everything that is known of it is here:
 * parsing, error texts and documentation all come from this.
 *
 * @param name as written in the query of a URI; with {@link #PREFIX} in front, as a property
 * @param defaultText the value if the option isn't given, as a user would write it; null if there
 *     is none
 * @param format how a value is written
 * @param description what the option does, for documentation: one sentence without its full stop
 * @param variable the environment variable that gives it, too; null for none
 * @param isSecret whether its value is never shown, so that it may not stand in a URI
 */
public record Option<T>(
    String name,
    @Nullable String defaultText,
    OptionFormat<T> format,
    String description,
    @Nullable String variable,
    boolean isSecret) {

  /** What the names of properties begin with. Properties without it belong to somebody else. */
  public static final String PREFIX = "memjcache.";

  /** What the defaults mean, all of them immutable: each manager asks for most of them. */
  private static final Map<Option<?>, Object> DEFAULTS = new ConcurrentHashMap<>();

  /** Makes an option that isn't secret and that no environment variable gives. */
  Option(String name, @Nullable String defaultText, OptionFormat<T> format, String description) {
    this(name, defaultText, format, description, null, false);
  }

  /** Returns this option, given by an environment variable, too. */
  Option<T> orVariable(String environmentVariable) {
    return new Option<>(name, defaultText, format, description, environmentVariable, isSecret);
  }

  /** Returns this option, its value never to be shown in errors, and refused in URIs. */
  Option<T> secret() {
    return new Option<>(name, defaultText, format, description, variable, true);
  }

  /**
   * Returns the value that a text stands for. White space around it doesn't count.
   *
   * @param place where the text comes from, for the error
   * @throws InvalidConfigurationException if the text is not accepted
   */
  T parse(String text, String given, String place) {
    Optional<T> value;
    try {
      value = format.parser().apply(text.strip());
    } catch (InvalidConfigurationException e) { // tells which part of the value is wrong
      if (isSecret) {
        throw wrong(text, given, place);
      }
      throw e.withPlace("option " + given + " in " + place);
    }
    return value.orElseThrow(() -> wrong(text, given, place));
  }

  private InvalidConfigurationException wrong(String text, String given, String place) {
    return new InvalidConfigurationException(
        "wrong value"
            + (isSecret ? "" : " " + ErrorText.of(text))
            + " of option "
            + given
            + " in "
            + place
            + "; expected "
            + format.accepted());
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
    @SuppressWarnings("unchecked") // that of an equal option
    T value =
        (T)
            DEFAULTS.computeIfAbsent(
                this, any -> parse(defaultText, ErrorText.of(name), "the table of options"));
    return value;
  }
}
