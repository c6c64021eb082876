package org.memjcache.internal.config;

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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.configuration.Factory;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.memjcache.InvalidConfigurationException;

/**
 * How the value of an option is written.
 *
 * @param accepted what is accepted, for errors and documentation; completes "expected ..."
 * @param parser gives the value of a text without white space around it, or nothing if the text is
 *     not accepted; may throw an {@link InvalidConfigurationException} that tells which part is
 *     wrong
 */
record OptionFormat<T>(String accepted, Function<String, Optional<T>> parser) {

  private static final Duration MIN_LIFE = Duration.ofMillis(1);
  private static final Duration MAX_LIFE = Duration.ofDays(36_500);
  private static final Pattern SHORT_DURATION = Pattern.compile("([0-9]{1,18})(ms|s|m|h|d)");

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

  /** One of the constants of an enum, in lower case. */
  static <E extends Enum<E>> OptionFormat<E> word(E[] constants) {
    List<String> words =
        Arrays.stream(constants).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
    return new OptionFormat<>(
        String.join(" or ", words),
        text -> {
          int index = words.indexOf(text);
          return index < 0 ? Optional.empty() : Optional.of(constants[index]);
        });
  }

  /**
   * Texts separated by commas or semicolons, in any order; none at all for an empty value. The list
   * is sorted and without duplicates.
   */
  static OptionFormat<List<String>> set(String what) {
    return new OptionFormat<>(
        what + ", separated by ',' or ';', none of them empty", OptionFormat::parseSet);
  }

  /** Returns a duration written as a whole number and its unit, or as in ISO-8601. */
  static Optional<Duration> parseDuration(String text) {
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

  /** {@code true} or {@code false}. */
  static OptionFormat<Boolean> flag() {
    return new OptionFormat<>(
        "true or false",
        text ->
            switch (text) {
              case "true" -> Optional.of(true);
              case "false" -> Optional.of(false);
              default -> Optional.empty();
            });
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

  /** The name of a class, which isn't looked up. */
  static OptionFormat<String> className() {
    return new OptionFormat<>(
        "the name of a class, such as java.lang.String",
        text -> Optional.of(text).filter(OptionFormat::isClassName));
  }

  /** One of JCache's own expiry policies: {@code eternal}, {@code created:10m} and so on. */
  static OptionFormat<Factory<ExpiryPolicy>> expiry() {
    return new OptionFormat<>(
        "eternal, or created:, modified:, accessed: or touched: with a duration from 1ms to"
            + " 36500d, as in created:10m",
        OptionFormat::parseExpiry);
  }

  /** Returns whether a text could be the binary name of a class, {@code [B} and such included. */
  private static boolean isClassName(String text) {
    boolean start = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean fits = start ? Character.isJavaIdentifierStart(c) : isNamePart(c);
      if (!fits) {
        return isArrayName(text);
      }
      start = c == '.';
    }
    return !start;
  }

  private static boolean isNamePart(char c) {
    return c == '.' || c == '-' || Character.isJavaIdentifierPart(c);
  }

  private static boolean isArrayName(String text) {
    return text.matches("\\[+([ZBCSIJFD]|L[^\\[;/\\s]+;)");
  }

  /** Returns the policy that a text stands for, or nothing if it is none. */
  private static Optional<Factory<ExpiryPolicy>> parseExpiry(String text) {
    if (text.equals("eternal")) {
      return Optional.of(EternalExpiryPolicy.factoryOf());
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    return parseDuration(text.substring(colon + 1).strip())
        .filter(duration -> duration.compareTo(MIN_LIFE) >= 0 && duration.compareTo(MAX_LIFE) <= 0)
        .flatMap(duration -> policy(text.substring(0, colon).strip(), duration));
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
