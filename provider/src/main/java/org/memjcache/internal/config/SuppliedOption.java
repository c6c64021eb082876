// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.config.NamedCaches.CachePattern;
import org.memjcache.internal.text.DidYouMean;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * An option that somebody gave, with its text still unchecked. Immutable.
 *
 * @param caches which caches it is for; null for an option of the manager
 * @param text its value as given, decoded
 * @param object its value if that is no text
 * @param place where it was given, for errors
 */
record SuppliedOption(
    Option<?> option,
    @Nullable CachePattern caches,
    String text,
    @Nullable Object object,
    String place,
    Rank rank) {

  /** The kinds of places. What stands in an earlier one counts. */
  enum Rank {
    URI_AND_PROPERTIES,
    SYSTEM_PROPERTIES,
    VARIABLES,
    FILE
  }

  /** "memcached." is two edits from the prefix. */
  private static final int MAX_SLIPS = 2;

  private static final String QUERY = "the query of the URI";

  /** Makes an option of the manager. */
  SuppliedOption(Option<?> option, String text, String place, Rank rank) {
    this(option, null, text, null, place, rank);
  }

  /** Returns the option that a name without the prefix of properties stands for, without a text. */
  static SuppliedOption named(String name, String place, Rank rank) {
    if (!name.startsWith(Options.CACHE_PREFIX)) {
      return new SuppliedOption(Options.ofManager(name, place), "", place, rank);
    }
    // The name of a cache may contain dots, the name of a setting doesn't.
    int dot = name.lastIndexOf('.');
    int start = Options.CACHE_PREFIX.length();
    Option<?> setting = Options.ofCache(name.substring(dot + 1), place);
    if (dot <= start) {
      throw invalid(
          "no name of a cache in option %s in %s; expected %s<name>.<setting>, with '*' in the"
              + " name for any run of characters",
          ErrorText.of(name), place, Options.CACHE_PREFIX);
    }
    CachePattern caches = new CachePattern(name.substring(start, dot));
    return new SuppliedOption(setting, caches, "", null, place, rank);
  }

  private static SuppliedOption ofProperty(String property, String place, Rank rank) {
    return named(property.substring(Option.PREFIX.length()), place, rank);
  }

  SuppliedOption with(String newText) {
    return new SuppliedOption(option, caches, newText, null, place, rank);
  }

  /** Returns the options in the query of a URI, in its order. */
  static List<SuppliedOption> inQuery(@Nullable String rawQuery) {
    List<SuppliedOption> given = new ArrayList<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return given;
    }
    for (String part : rawQuery.split("&", -1)) {
      String[] nameAndValue = part.split("=", 2);
      String name = PercentCoding.decode(nameAndValue[0]);
      if (name.isEmpty()) {
        throw invalid("an option without a name in %s; expected option=value&option=value", QUERY);
      }
      SuppliedOption one = named(name, QUERY, Rank.URI_AND_PROPERTIES);
      one.requireFitForUri(); // before an error could show a part of its value
      if (nameAndValue.length < 2) {
        throw invalid(
            "option %s has no '=' and value in %s; expected %s",
            one.name(), QUERY, one.option.format().accepted());
      }
      given.add(one.with(PercentCoding.decode(nameAndValue[1])));
    }
    return given;
  }

  /** Refuses an option that is secret, and says where else to give it. */
  void requireFitForUri() {
    if (option.isSecret()) {
      throw invalid(
          "option %s is refused in %s, since a manager's URI is logged and shown by JMX; expected"
              + " the property %s%s, given to the manager, as a system property or in a file, or the"
              + " environment variable %s",
          name(), place, Option.PREFIX, option.name(), option.variable());
    }
  }

  /** Returns the options that environment variables give. */
  static List<SuppliedOption> inEnvironment(
      List<Option<?>> options, Function<String, @Nullable String> environment) {
    List<SuppliedOption> given = new ArrayList<>();
    for (Option<?> option : options) {
      String text = environment.apply(option.variable());
      if (text != null) {
        String place = "environment variable " + option.variable();
        given.add(new SuppliedOption(option, text, place, Rank.VARIABLES));
      }
    }
    return given;
  }

  /**
   * Returns the options among properties, defaults of the properties included.
   *
   * @param kind what a property is called in errors, such as {@code "system property"}
   */
  static List<SuppliedOption> inProperties(Properties properties, String kind, Rank rank) {
    // keySet() has what is not a string, too, stringPropertyNames() has defaults.
    TreeSet<String> names = new TreeSet<>(properties.stringPropertyNames());
    for (Object key : properties.keySet()) {
      if (key instanceof String name) {
        names.add(name);
      }
    }
    List<SuppliedOption> given = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(Option.PREFIX)) {
        SuppliedOption one = ofProperty(name, kind + " " + ErrorText.of(name), rank);
        // Not getProperty() alone: it gives the default that a value of another class hides.
        Object own = properties.get(name);
        OptionFormat<?> format = one.option.format();
        if (format.isObject(own)) {
          given.add(new SuppliedOption(one.option, one.caches, "", own, one.place, rank));
        } else if ((own == null ? properties.getProperty(name) : own) instanceof String text) {
          given.add(one.with(text));
        } else {
          throw invalid(
              "the value of %s is not a string; expected %s",
              one.place, format.acceptedAsProperty());
        }
      }
    }
    return given;
  }

  /**
   * Returns the options in a properties file, in its order. Other properties belong to somebody
   * else, but not one that would be an option, were the prefix spelled right.
   */
  static List<SuppliedOption> inFile(List<PropertiesFile.Property> properties) {
    for (PropertiesFile.Property one : properties) {
      String meant = meant(one.name());
      if (meant != null && properties.stream().noneMatch(other -> other.name().equals(meant))) {
        throw invalid(
            "property %s in %s does not begin with '%s'; did you mean %s?",
            ErrorText.of(one.name()), one.place(), Option.PREFIX, ErrorText.of(meant));
      }
    }
    return properties.stream()
        .filter(one -> one.name().startsWith(Option.PREFIX))
        .map(one -> ofProperty(one.name(), one.place(), Rank.FILE).with(one.value()))
        .toList();
  }

  /**
   * Returns the name that a property lacks the prefix of, or has a misspelled one; null if none.
   */
  private static @Nullable String meant(String property) {
    if (property.startsWith(Option.PREFIX)) {
      return null;
    }
    int dot = property.indexOf('.');
    if (dot < 0) { // 'user' or 'timeout' may well be somebody else's
      return null;
    }
    if (Options.isKnown(property)) {
      return Option.PREFIX + property;
    }
    String rest = property.substring(dot + 1);
    return Options.isKnown(rest)
            && DidYouMean.isSlip(property.substring(0, dot + 1), Option.PREFIX, MAX_SLIPS)
        ? Option.PREFIX + rest
        : null;
  }

  /** Returns what the text stands for; refuses one that the option doesn't accept. */
  Object value() {
    return valueOf(option);
  }

  /** Returns the same as {@link #value}, for the option that this is known to be. */
  @SuppressWarnings("unchecked") // checked when it was taken
  <T> T valueOf(Option<T> known) {
    return object != null ? (T) object : known.parse(text, name(), place);
  }

  /** Returns the name as it is written without the prefix of properties, in quotes for errors. */
  String name() {
    return ErrorText.of(
        caches == null
            ? option.name()
            : Options.CACHE_PREFIX + caches.text() + "." + option.name());
  }

  /** Returns whether this is a namespace, which the path of the URI must not contradict. */
  boolean mustAgreeWithPath() {
    return option.equals(Options.NAMESPACE) && rank == Rank.URI_AND_PROPERTIES;
  }

  /** Returns how much of a cache's name this settles; -1 if it isn't for caches. */
  int specificity() {
    return caches == null ? -1 : caches.specificity();
  }

  /** Returns the text in quotes, for errors; for a secret, that it isn't shown. */
  String shown() {
    return option.isSecret() ? "a value that isn't shown" : ErrorText.of(text);
  }

  @Override
  public String toString() {
    return name() + " is " + shown() + " in " + place;
  }
}
