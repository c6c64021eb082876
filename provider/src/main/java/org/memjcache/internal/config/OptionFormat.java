// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static java.util.stream.Collectors.joining;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.memjcache.NameResolver;
import org.memjcache.NearLimit;
import org.memjcache.internal.text.ClassNames;

/**
 * How the value of an option is written. Immutable.
 *
 * @param accepted what is accepted, for errors and documentation; completes "expected ..."
 * @param parser gives the value of a text without white space around it, or nothing if the text is
 *     not accepted; may throw an {@code InvalidConfigurationException} that tells which part is
 *     wrong
 * @param object what code may give as the value of a property in place of a text; null if nothing
 */
record OptionFormat<T>(
    String accepted, Function<String, Optional<T>> parser, @Nullable Class<? extends T> object) {

  /** Makes the format of a value that is always a text. */
  OptionFormat(String accepted, Function<String, Optional<T>> parser) {
    this(accepted, parser, null);
  }

  /** Returns the format of a value that only code can give, as an object. */
  static <T> OptionFormat<T> object(String accepted, Class<T> type) {
    return new OptionFormat<>(accepted, text -> Optional.empty(), type);
  }

  /** Returns whether the value of a property is one, without being a text. */
  boolean isObject(@Nullable Object value) {
    return object != null && object.isInstance(value);
  }

  /** Returns what is accepted as the value of a property, which can be of any class. */
  String acceptedAsProperty() {
    return object == null ? "the text of " + accepted : accepted;
  }

  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d)");

  /** The binary name of a class, {@code [B} and such included. */
  private static final Pattern CLASS =
      Pattern.compile(ClassNames.NAME + "|\\[+([ZBCSIJFD]|L[^\\[;/\\s]+;)");

  /** A class, a package, or a package with all below it. */
  private static final Pattern CLASSES = Pattern.compile(ClassNames.NAME + "(?:\\.\\*\\*?)?");

  /** Patterns of classes that may be serialized. */
  static final OptionFormat<List<String>> ALLOWED_CLASSES =
      set(
          "classes and packages such as com.acme.Person, com.acme.* or com.acme.**",
          CLASSES.asMatchPredicate());

  static final OptionFormat<Boolean> FLAG = word(new Boolean[] {true, false});

  /** The name of a class, which isn't looked up. */
  static final OptionFormat<String> CLASS_NAME =
      text("the name of a class, such as java.lang.String", CLASS.asMatchPredicate());

  /** A resolver, or the name of its class, which isn't looked up. */
  static final OptionFormat<Object> RESOLVER =
      new OptionFormat<>(
          CLASS_NAME.accepted
              + "; or an object of org.memjcache.NameResolver, as the value of a property that code"
              + " gives to the manager",
          text -> CLASS_NAME.parser.apply(text).map(Object.class::cast),
          NameResolver.class);

  private static final Pattern LIMIT = Pattern.compile("([1-9][0-9]{0,8})([KMG]B)?");
  private static final Pattern PERCENT = Pattern.compile("[0-9]{1,2}%");
  private static final int MOST_JITTER = 50;

  /** How much a cache keeps in memory. */
  static final OptionFormat<NearLimit> NEAR =
      new OptionFormat<>(
          "none, a number of entries from 1 to 999999999 such as 10000, or a size in KB, MB or GB"
              + " such as 64MB",
          OptionFormat::parseLimit);

  static final OptionFormat<Integer> JITTER =
      new OptionFormat<>("a percentage from 0% to 50%, such as 10%", OptionFormat::parsePercent);

  private static final OptionFormat<Duration> LIFE = duration("1ms", "36500d");

  /** One of JCache's own expiry policies: {@code eternal}, {@code created:10m} and so on. */
  static final OptionFormat<Factory<ExpiryPolicy>> EXPIRY =
      new OptionFormat<>(
          "eternal, or created:, modified:, accessed: or touched: with a duration from 1ms to"
              + " 36500d, as in created:10m",
          OptionFormat::parseExpiry);

  /** A duration from the shortest to the longest, both included, as {@code 500ms} or ISO-8601. */
  static OptionFormat<Duration> duration(String shortest, String longest) {
    Duration atLeast = parseDuration(shortest).orElseThrow();
    Duration atMost = parseDuration(longest).orElseThrow();
    return new OptionFormat<>(
        "a duration from " + shortest + " to " + longest + ", such as 500ms, 10s, 5m or PT0.5S",
        text ->
            parseDuration(text)
                .filter(value -> value.compareTo(atLeast) >= 0 && value.compareTo(atMost) <= 0));
  }

  /** A decimal number from the smallest to the largest, both included. */
  static OptionFormat<Integer> wholeNumber(int smallest, int largest) {
    return new OptionFormat<>(
        "a whole number from " + smallest + " to " + largest,
        text ->
            Optional.of(text)
                .filter(digits -> digits.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(value -> value >= smallest && value <= largest));
  }

  /** One of some constants, in lower case. */
  static <E> OptionFormat<E> word(E[] constants) {
    return new OptionFormat<>(
        Arrays.stream(constants).map(OptionFormat::asWord).collect(joining(" or ")),
        text -> Arrays.stream(constants).filter(each -> asWord(each).equals(text)).findFirst());
  }

  private static String asWord(Object constant) {
    return constant.toString().toLowerCase(Locale.ROOT);
  }

  /** A text that is taken as it is. */
  static OptionFormat<String> text(String accepted, Predicate<String> isAccepted) {
    return new OptionFormat<>(accepted, text -> Optional.of(text).filter(isAccepted));
  }

  /** Texts with commas or semicolons between them, or none: sorted and without duplicates. */
  static OptionFormat<List<String>> set(String what, Predicate<String> isElement) {
    return new OptionFormat<>(
        what + ", separated by ',' or ';', none of them empty",
        text -> parseSet(text).filter(all -> all.stream().allMatch(isElement)));
  }

  private static Optional<List<String>> parseSet(String text) {
    if (text.isEmpty()) {
      return Optional.of(List.of());
    }
    Set<String> elements = new TreeSet<>();
    for (String element : text.split("[,;]", -1)) {
      elements.add(element.strip());
    }
    return elements.contains("") ? Optional.empty() : Optional.of(List.copyOf(elements));
  }

  private static Optional<Duration> parseDuration(String text) {
    try {
      Matcher matcher = SHORT_DURATION.matcher(text);
      return Optional.of(
          matcher.matches()
              ? Duration.of(Long.parseLong(matcher.group(1)), unit(matcher.group(2)))
              : Duration.parse(text));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static ChronoUnit unit(String suffix) {
    return switch (suffix) {
      case "ms" -> ChronoUnit.MILLIS;
      case "s" -> ChronoUnit.SECONDS;
      case "m" -> ChronoUnit.MINUTES;
      case "h" -> ChronoUnit.HOURS;
      default -> ChronoUnit.DAYS;
    };
  }

  private static Optional<NearLimit> parseLimit(String text) {
    Matcher matcher = LIMIT.matcher(text);
    if (!matcher.matches()) {
      return Optional.of(NearLimit.NONE).filter(none -> text.equals("none"));
    }
    long count = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2);
    if (unit == null) {
      return Optional.of(NearLimit.ofEntries(count));
    }
    int shift = 10 * ("KMG".indexOf(unit.charAt(0)) + 1);
    return Optional.of(NearLimit.ofBytes(count << shift));
  }

  private static Optional<Integer> parsePercent(String text) {
    return PERCENT.matcher(text).matches()
        ? Optional.of(Integer.valueOf(text.substring(0, text.length() - 1)))
            .filter(percent -> percent <= MOST_JITTER)
        : Optional.empty();
  }

  private static Optional<Factory<ExpiryPolicy>> parseExpiry(String text) {
    if (text.equals("eternal")) {
      return Optional.of(EternalExpiryPolicy.factoryOf());
    }
    String[] parts = text.split(":", 2);
    return LIFE.parser
        .apply(parts[parts.length - 1].strip())
        .flatMap(life -> policy(parts[0].strip(), life));
  }

  private static Optional<Factory<ExpiryPolicy>> policy(String kind, Duration duration) {
    var life = new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, duration.toMillis());
    return switch (kind) {
      case "created" -> Optional.of(CreatedExpiryPolicy.factoryOf(life));
      case "modified" -> Optional.of(ModifiedExpiryPolicy.factoryOf(life));
      case "accessed" -> Optional.of(AccessedExpiryPolicy.factoryOf(life));
      case "touched" -> Optional.of(TouchedExpiryPolicy.factoryOf(life));
      default -> Optional.empty();
    };
  }
}
