package org.memjcache.internal.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.text.ErrorText;
import org.memjcache.internal.text.PercentCoding;

/**
 * An option that somebody gave, with its text still unchecked.
 *
 * @param name which one
 * @param text its value as given, decoded
 * @param place where it was given, for errors
 */
public record SuppliedOption(OptionName name, String text, String place) {

  private static final String QUERY = "the query of the URI";

  /**
   * Returns the options in the query of a URI, in its order.
   *
   * @param rawQuery not decoded; null or empty for none
   * @throws InvalidConfigurationException for an unknown option or a part that is not {@code
   *     option=value}
   */
  static List<SuppliedOption> inQuery(@Nullable String rawQuery) {
    List<SuppliedOption> given = new ArrayList<>();
    if (rawQuery == null || rawQuery.isEmpty()) {
      return given;
    }
    for (String part : rawQuery.split("&", -1)) {
      int equals = part.indexOf('=');
      String written = PercentCoding.decode(equals < 0 ? part : part.substring(0, equals));
      if (written.isEmpty()) {
        throw new InvalidConfigurationException(
            "an option without a name in " + QUERY + "; expected option=value&option=value");
      }
      OptionName name = OptionName.of(written, QUERY);
      requireFitForUri(name, QUERY);
      if (equals < 0) {
        throw new InvalidConfigurationException(
            "option "
                + name
                + " has no '=' and value in "
                + QUERY
                + "; expected "
                + name.option().format().accepted());
      }
      given.add(new SuppliedOption(name, PercentCoding.decode(part.substring(equals + 1)), QUERY));
    }
    return given;
  }

  /**
   * Checks that an option may stand in a URI.
   *
   * @param place where it is to stand, for the error
   * @throws InvalidConfigurationException if it is secret; the text says where else to give it
   */
  public static void requireFitForUri(OptionName name, String place) {
    if (name.option().isSecret()) {
      String variable = name.option().variable();
      throw new InvalidConfigurationException(
          "option "
              + name
              + " is refused in "
              + place
              + ", since a manager's URI is logged and shown by JMX; expected the property "
              + Option.PREFIX
              + name.option().name()
              + ", given to the manager, as a system property or in a file"
              + (variable == null ? "" : ", and the environment variable " + variable));
    }
  }

  /**
   * Returns the options that environment variables give.
   *
   * @param environment gives the environment variable of a name, null if it isn't set
   */
  static List<SuppliedOption> inEnvironment(
      List<Option<?>> options, Function<String, @Nullable String> environment) {
    List<SuppliedOption> given = new ArrayList<>();
    for (Option<?> option : options) {
      String text = option.variable() == null ? null : environment.apply(option.variable());
      if (text != null) {
        given.add(
            new SuppliedOption(
                new OptionName(option, null), text, "environment variable " + option.variable()));
      }
    }
    return given;
  }

  /**
   * Returns the options among properties, defaults of the properties included; properties without
   * our prefix are left alone.
   *
   * @param kind what a property is called in errors, such as {@code "system property"}
   * @throws InvalidConfigurationException for an unknown option or a value that is no text
   */
  static List<SuppliedOption> inProperties(Properties properties, String kind) {
    // Keys with a value that is not a string are in keySet() only, defaults in
    // stringPropertyNames().
    TreeSet<String> names = new TreeSet<>(properties.stringPropertyNames());
    for (Object key : properties.keySet()) {
      if (key instanceof String name) {
        names.add(name);
      }
    }
    List<SuppliedOption> given = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(Option.PREFIX)) {
        given.add(inProperty(name, properties, kind + " " + ErrorText.of(name)));
      }
    }
    return given;
  }

  /**
   * Returns the options in a properties file, in its order; properties without our prefix are left
   * alone.
   *
   * @throws InvalidConfigurationException for an unknown option
   */
  static List<SuppliedOption> inFile(List<PropertiesFile.Property> properties) {
    List<SuppliedOption> given = new ArrayList<>();
    for (PropertiesFile.Property property : properties) {
      if (property.name().startsWith(Option.PREFIX)) {
        OptionName name = nameOf(property.name(), property.place());
        given.add(new SuppliedOption(name, property.value(), property.place()));
      }
    }
    return given;
  }

  /**
   * Returns what the text stands for.
   *
   * @throws InvalidConfigurationException if the option doesn't accept it
   */
  public Object value() {
    return valueOf(name.option());
  }

  /** Returns the same as {@link #value}, for the option that this is known to be. */
  <T> T valueOf(Option<T> option) {
    return option.parse(text, name.toString(), place);
  }

  /** Returns the text in quotes, for errors; for a secret, that it isn't shown. */
  String shown() {
    return name.option().isSecret() ? "a value that isn't shown" : ErrorText.of(text);
  }

  @Override
  public String toString() {
    return name + " is " + shown() + " in " + place;
  }

  private static SuppliedOption inProperty(String property, Properties properties, String place) {
    OptionName name = nameOf(property, place);
    // A value that is not a string hides a default, although getProperty() then gives the default.
    Object own = properties.get(property);
    String text = properties.getProperty(property);
    if (text == null || !(own == null || own instanceof String)) {
      throw new InvalidConfigurationException(
          "the value of "
              + place
              + " is not a string; expected the text of "
              + name.option().format().accepted());
    }
    return new SuppliedOption(name, text, place);
  }

  private static OptionName nameOf(String property, String place) {
    return OptionName.of(property.substring(Option.PREFIX.length()), place);
  }
}
