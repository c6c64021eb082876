// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.Option;
import org.memjcache.internal.config.Options;
import org.memjcache.internal.text.DidYouMean;

/**
 * One row of the table of options: for tools and frameworks that offer the options in a
 * configuration of their own. Immutable.
 *
 * @param name the name as it is written in a URI; not null. With {@code memjcache.} in front it is
 *     the name of the property; of a setting of caches that is {@code memjcache.cache.<name of the
 *     cache, or a pattern>.<this name>}
 * @param isCacheSetting whether it is a setting of caches, not an option of managers
 * @param defaultText what counts if it isn't given, as a user would write it; null if nothing
 * @param accepted which values are accepted, in words that complete "expected ..."; not null
 * @param isSecret whether its value must never be shown
 */
public record ConfigurationOption(
    String name,
    boolean isCacheSetting,
    @Nullable String defaultText,
    String accepted,
    boolean isSecret) {

  /**
   * Creates a row.
   *
   * @param name the name, not null
   * @param isCacheSetting whether it is a setting of caches
   * @param defaultText what counts if it isn't given; null if nothing
   * @param accepted which values are accepted, not null
   * @param isSecret whether its value must never be shown
   * @throws NullPointerException if the name or what is accepted is null
   */
  public ConfigurationOption {
    Objects.requireNonNull(name, "The name is null");
    Objects.requireNonNull(accepted, "What is accepted is null");
  }

  /**
   * {@return all rows, those of managers first, in the order of the documentation; immutable} The
   * table is the same for as long as the process runs.
   */
  public static List<ConfigurationOption> all() {
    return Stream.concat(
            Options.ofManagers().stream().map(option -> row(option, false)),
            Options.ofCaches().stream().map(option -> row(option, true)))
        .toList();
  }

  /**
   * Returns which option of managers was probably meant by a name that is not one.
   *
   * @param name the name, without prefix; not null
   * @param more what else it can have meant: the names that a framework adds; not null
   * @return the nearest name; empty if none is near
   */
  public static Optional<String> nearest(String name, List<String> more) {
    List<String> names =
        Stream.concat(Options.ofManagers().stream().map(Option::name), more.stream()).toList();
    return DidYouMean.of(name, names);
  }

  private static ConfigurationOption row(Option<?> option, boolean isCacheSetting) {
    return new ConfigurationOption(
        option.name(), isCacheSetting, option.defaultText(), option.accepted(), option.isSecret());
  }
}
