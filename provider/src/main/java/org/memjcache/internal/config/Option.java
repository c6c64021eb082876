// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;

/**
 * One option of a manager, or one setting of a cache. What it does is said in the tables of
 * docs/configuration.md, all else that is known of it is here. Immutable.
 *
 * @param name as written in the query of a URI; with {@link #PREFIX} in front, as a property
 * @param defaultText the value if the option isn't given, as a user would write it
 * @param isSecret whether its value is never shown, so that it may not stand in a URI
 */
public record Option<T>(
    String name, @Nullable String defaultText, OptionFormat<T> format, boolean isSecret) {

  /** What the names of properties begin with. Properties without it belong to somebody else. */
  public static final String PREFIX = "memjcache.";

  /** Returns the value that a text stands for. White space around it doesn't count. */
  T parse(String text, String given, String place) {
    Optional<T> value;
    try {
      value = format.parser().apply(text.strip());
    } catch (InvalidConfigurationException e) { // tells which part of the value is wrong
      throw isSecret ? wrong("", given, place) : e.withPlace("option " + given + " in " + place);
    }
    return value.orElseThrow(() -> wrong(isSecret ? "" : " " + ErrorText.of(text), given, place));
  }

  private InvalidConfigurationException wrong(String shown, String given, String place) {
    return invalid(
        "wrong value%s of option %s in %s; expected %s", shown, given, place, format.accepted());
  }

  /** Returns the environment variable that gives it, too: as Spring Boot would name it. */
  public String variable() {
    return (PREFIX + name).replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** Returns what is accepted, in words that complete "expected ...". */
  public String accepted() {
    return format.accepted();
  }

  /** Returns the value if the option isn't given. */
  T defaultValue() {
    if (defaultText == null) {
      throw new IllegalStateException("The option '" + name + "' has no default");
    }
    return parse(defaultText, ErrorText.of(name), "the table of options");
  }
}
