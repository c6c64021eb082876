// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.SuppliedOption.Rank;
import org.memjcache.internal.text.ErrorText;

/**
 * What counts for a manager besides its URI and its properties.
 *
 * @param systemProperties options with the prefix {@code memjcache.}; other properties are ignored
 * @param kind what one of these properties is called in errors
 * @param variables options that environment variables give
 * @param classes where {@code classpath:} is looked up
 */
public record Environment(
    Properties systemProperties, String kind, List<SuppliedOption> variables, ClassLookup classes) {

  private static final String PROPERTY = "org.memjcache.uri";
  private static final String VARIABLE = "MEMJCACHE_URI";
  static final String FALLBACK = "localhost:11211";

  /** Read once: they don't change, and a process may open many thousands of managers. */
  private static final class OfProcess {
    static final List<SuppliedOption> VARIABLES =
        List.copyOf(SuppliedOption.inEnvironment(Options.ofManagers(), System::getenv));
  }

  Environment(
      Properties systemProperties,
      Function<String, @Nullable String> environment,
      ClassLookup classes) {
    this(
        systemProperties,
        "system property",
        SuppliedOption.inEnvironment(Options.ofManagers(), environment),
        classes);
  }

  /** Returns the environment of a manager in this process, its variables included. */
  public static Environment ofProcess(Properties systemProperties, ClassLookup classes) {
    return new Environment(systemProperties, "system property", OfProcess.VARIABLES, classes);
  }

  /** Returns an environment of properties alone, without what counts for the whole process. */
  public static Environment ofProperties(Properties properties, ClassLookup classes) {
    return new Environment(properties, "property", List.of(), classes);
  }

  /** Returns an environment without properties, variables and a class loader of its own. */
  static Environment none() {
    return ofProperties(new Properties(), ClassLookup.of(null));
  }

  /** Returns what properties, system properties and variables say now, values unchecked. */
  List<SuppliedOption> read(@Nullable Properties properties) {
    List<SuppliedOption> given = new ArrayList<>();
    if (properties != null) {
      given.addAll(SuppliedOption.inProperties(properties, "property", Rank.URI_AND_PROPERTIES));
    }
    given.addAll(SuppliedOption.inProperties(systemProperties, kind, Rank.SYSTEM_PROPERTIES));
    given.addAll(variables);
    return given;
  }

  /** Returns the URI of a manager in this process whose maker names none; reads no file. */
  public static URI defaultUri() {
    return defaultUri(System::getProperty, System::getenv);
  }

  static URI defaultUri(
      Function<String, @Nullable String> systemProperty,
      Function<String, @Nullable String> environment) {
    String property = systemProperty.apply(PROPERTY);
    if (property != null) {
      return parse(property, "system property " + PROPERTY);
    }
    String variable = environment.apply(VARIABLE);
    if (variable != null) {
      return parse(variable, "environment variable " + VARIABLE);
    }
    List<Option<?>> parts = List.of(Options.SERVERS, Options.NAMESPACE);
    List<SuppliedOption> given = new ArrayList<>();
    for (Option<?> option : parts) {
      String name = Option.PREFIX + option.name();
      String text = systemProperty.apply(name);
      if (text != null) {
        String place = "system property " + ErrorText.of(name);
        given.add(new SuppliedOption(option, text, place, Rank.SYSTEM_PROPERTIES));
      }
    }
    given.addAll(SuppliedOption.inEnvironment(parts, environment));
    ResolvedOptions options = new ResolvedOptions(given);
    String servers = options.find(Options.SERVERS).map(Servers::toString).orElse(FALLBACK);
    return ParsedUri.append(
        ParsedUri.parse(ParsedUri.SCHEME + "://" + servers),
        options.find(Options.NAMESPACE).orElse(List.of()));
  }

  private static URI parse(String text, String place) {
    if (text.isBlank()) {
      // Not taken for unset: a deployment whose variable came out empty would meet on localhost.
      throw invalid(
          "%s: is empty; set it to %s or %s, or unset it",
          place, ParsedUri.FORM, ParsedUri.FILE_FORM);
    }
    try {
      return ParsedUri.parse(text);
    } catch (InvalidConfigurationException e) {
      throw e.withPlace(place);
    }
  }
}
