package org.memjcache.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An option that somebody gave, with its text still unchecked.
 *
 * @param option which one
 * @param text its value as given, decoded
 * @param place where it was given, for errors
 */
record GivenOption(Option<?> option, String text, String place) {

  private static final String QUERY = "the query of the URI";

  /**
   * Returns the options in the query of a URI, in its order.
   *
   * @param rawQuery not decoded; null or empty for none
   * @throws InvalidConfigurationException for an unknown option or a part that is not {@code
   *     option=value}
   */
  static List<GivenOption> inQuery(@Nullable String rawQuery) {
    List<GivenOption> given = new ArrayList<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return given;
    }
    for (String part : rawQuery.split("&", -1)) {
      int equals = part.indexOf('=');
      String name = PercentCoding.decode(equals < 0 ? part : part.substring(0, equals));
      if (name.isEmpty()) {
        throw new InvalidConfigurationException(
            "an option without a name in " + QUERY + "; accepted is option=value&option=value");
      }
      Option<?> option = Options.named(name, QUERY);
      if (equals < 0) {
        throw new InvalidConfigurationException(
            "option '"
                + name
                + "' has no '=' and value in "
                + QUERY
                + "; accepted is "
                + option.format().accepted());
      }
      given.add(new GivenOption(option, PercentCoding.decode(part.substring(equals + 1)), QUERY));
    }
    return given;
  }

  /**
   * Returns the options among the properties, defaults of the properties included; properties
   * without our prefix are left alone.
   *
   * @throws InvalidConfigurationException for an unknown option or a value that is no text
   */
  static List<GivenOption> inProperties(Properties properties) {
    // Keys with a value that is no String are in keySet() only, defaults in stringPropertyNames().
    TreeSet<String> names = new TreeSet<>(properties.stringPropertyNames());
    for (Object key : properties.keySet()) {
      if (key instanceof String name) {
        names.add(name);
      }
    }
    List<GivenOption> given = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(Option.PREFIX)) {
        given.add(inProperty(name, properties));
      }
    }
    return given;
  }

  /**
   * Returns what the text stands for.
   *
   * @throws InvalidConfigurationException if the option doesn't accept it
   */
  Object value() {
    return option.parse(text, place);
  }

  private static GivenOption inProperty(String name, Properties properties) {
    Option<?> option =
        Options.named(name.substring(Option.PREFIX.length()), "property " + Quoted.of(name));
    String place = "property '" + name + "'";
    // A value that is no String hides a default, although getProperty() then gives the default.
    Object own = properties.get(name);
    String text = properties.getProperty(name);
    if (text == null || !(own == null || own instanceof String)) {
      throw new InvalidConfigurationException(
          "the value of "
              + place
              + " is no String; accepted is the text of "
              + option.format().accepted());
    }
    return new GivenOption(option, text, place);
  }
}
