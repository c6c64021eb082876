package org.memjcache.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The table of all options: each is one line here and nowhere else listed. */
final class Options {

  private static final List<Option<?>> TABLE = new ArrayList<>();

  static final Option<Duration> TIMEOUT =
      option(
          "timeout",
          "1s",
          OptionFormat.duration("1ms", "1h"),
          "how long one operation waits for memcached before it fails, connecting included");

  static final Option<Duration> CONNECT_TIMEOUT =
      option(
          "connectTimeout",
          "1s",
          OptionFormat.duration("1ms", "1h"),
          "how long one attempt to connect to a server may take");

  static final Option<Integer> CONNECTIONS =
      option(
          "connections",
          "1",
          OptionFormat.wholeNumber(1, 64),
          "connections held to each server, shared by all threads and by all managers of one"
              + " cluster");

  static final Option<List<String>> SERIALIZATION_ALLOW =
      option(
          "serialization.allow",
          "",
          OptionFormat.set(
              "classes and packages such as com.acme.Person, com.acme.* or com.acme.**"),
          "classes that may be serialized and read back, besides those of the JDK that always may");

  static final Option<Consistency> CONSISTENCY =
      option(
          "consistency",
          "strict",
          OptionFormat.word(Consistency.values()),
          "how fresh the versions are that an operation relies on: checked in its own round trip,"
              + " or at most 'staleness' old");

  static final Option<Duration> STALENESS =
      option(
          "staleness",
          "100ms",
          OptionFormat.duration("1ms", "1h"),
          "with consistency=bounded: how long after a clear another process may go on without"
              + " noticing");

  static final Option<FailureMode> FAILURE =
      option(
          "failure",
          "throw",
          OptionFormat.word(FailureMode.values()),
          "what operations do while a server is away: throw, or miss and make up for it");

  private Options() {}

  /** Returns all options, in the order in which documentation lists them. */
  static List<Option<?>> all() {
    return List.copyOf(TABLE);
  }

  /**
   * Returns the option of this name.
   *
   * @param place where the name comes from, for the error
   * @throws InvalidConfigurationException if there is none; the text names the nearest and all
   *     others
   */
  static Option<?> named(String name, String place) {
    for (Option<?> option : TABLE) {
      if (option.name().equals(name)) {
        return option;
      }
    }
    List<String> names = TABLE.stream().map(Option::name).toList();
    String meant =
        NearestName.of(name, names)
            .map(nearest -> "did you mean '" + nearest + "'? Accepted are ")
            .orElse("accepted are ");
    throw new InvalidConfigurationException(
        "unknown option "
            + Quoted.of(name)
            + " in "
            + place
            + "; "
            + meant
            + String.join(", ", names));
  }

  private static <T> Option<T> option(
      String name, String defaultText, OptionFormat<T> format, String description) {
    Option<T> option = new Option<>(name, defaultText, format, description);
    TABLE.add(option);
    return option;
  }
}
