// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.options;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.ConfigurationOption;
import org.springframework.util.StringUtils;

/**
 * The names under {@code memjcache.} in the spellings that Spring Boot accepts: {@code
 * connectTimeout}, {@code connect-timeout}, {@code connect_timeout}. Thread-safe.
 */
final class OptionNames {

  static final String PREFIX = "memjcache.";

  /** The properties of the starter itself. */
  static final List<String> OWN =
      List.of(
          "uri",
          "caches.dynamic",
          "caches.transaction-aware",
          "tenants.max-open",
          "tenants.max-metered");

  /** All options of managers and settings of caches. */
  static final List<ConfigurationOption> ALL = ConfigurationOption.all();

  private static final Map<String, String> SETTINGS =
      ALL.stream()
          .filter(ConfigurationOption::isCacheSetting)
          .map(ConfigurationOption::name)
          .collect(toMap(OptionNames::uniform, identity()));

  /** The starter's own properties and the options of managers, as they are documented. */
  private static final List<String> DOCUMENTED =
      Stream.concat(
              OWN.stream(),
              ALL.stream()
                  .filter(option -> !option.isCacheSetting())
                  .map(ConfigurationOption::name))
          .toList();

  private static final Set<String> KNOWN =
      Set.copyOf(DOCUMENTED.stream().map(OptionNames::uniform).toList());

  private OptionNames() {}

  /** Returns whether this, without the prefix, is an option of managers or one of the starter. */
  static boolean isKnown(String name) {
    return KNOWN.contains(uniform(name));
  }

  /** Returns the setting of a cache that a spelling stands for; null if there is none. */
  static @Nullable String setting(String spelling) {
    return SETTINGS.get(uniform(spelling));
  }

  /** Returns what to write in place of a name that is not known, to complete a message. */
  static String expectedFor(String name) {
    return ConfigurationOption.nearest(name, OWN)
        .map(nearest -> "did you mean '" + PREFIX + dashed(nearest) + "'?")
        .orElseGet(
            () ->
                "expected memjcache.cache.<name>.<setting>, or memjcache. followed by one of "
                    + DOCUMENTED.stream()
                        .map(OptionNames::dashed)
                        .collect(Collectors.joining(", ")));
  }

  /** Returns the part of a name that counts: {@code connecttimeout}. */
  static String uniform(String name) {
    return StringUtils.deleteAny(name, "-_").toLowerCase(Locale.ROOT);
  }

  /** Returns a name as Spring Boot documents it: {@code connect-timeout}. */
  static String dashed(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** Returns a name as MemJCache spells it: {@code connectTimeout}. */
  static String camelCase(String name) {
    StringBuilder text = new StringBuilder(name.length());
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '-' || c == '_') {
        upper = true;
      } else {
        text.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return text.toString();
  }
}
