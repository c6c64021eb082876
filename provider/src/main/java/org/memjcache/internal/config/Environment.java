package org.memjcache.internal.config;

import java.util.List;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * What counts for a manager besides its URI and its properties.
 *
 * @param systemProperties options with the prefix {@code memjcache.}; other properties are ignored
 * @param environment gives the environment variable of a name, null if it isn't set
 * @param loader where {@code classpath:} is looked up before the thread's context class loader;
 *     null for that only
 */
public record Environment(
    Properties systemProperties,
    Function<String, @Nullable String> environment,
    @Nullable ClassLoader loader) {

  /** What is given for a manager besides its URI, its values not yet checked. Immutable. */
  record Given(
      List<SuppliedOption> properties,
      List<SuppliedOption> system,
      List<SuppliedOption> variables) {

    /**
     * Brings this together with what is given in the URI.
     *
     * @throws InvalidConfigurationException for a wrong value, an option twice in one place, or
     *     different values in the URI and the properties
     */
    ResolvedOptions merge(List<SuppliedOption> inUri) {
      return ResolvedOptions.of(inUri, properties).orElse(system).orElse(variables);
    }

    /** Returns whether the properties say which namespace it is, which the URI must agree with. */
    boolean hasNamespace() {
      return properties.stream().anyMatch(one -> one.name().option().equals(Options.NAMESPACE));
    }
  }

  /** Returns the environment of a manager in this process, its variables included. */
  public static Environment ofProcess(Properties systemProperties, ClassLoader loader) {
    return new Environment(systemProperties, System::getenv, loader);
  }

  /** Returns an environment without properties, variables and class loader. */
  public static Environment none() {
    return new Environment(new Properties(), name -> null, null);
  }

  /**
   * Returns what properties and environment say now.
   *
   * @throws InvalidConfigurationException for an unknown option or a value that is not a string
   */
  Given read(@Nullable Properties properties) {
    return new Given(
        properties == null ? List.of() : SuppliedOption.inProperties(properties, "property"),
        SuppliedOption.inProperties(systemProperties, "system property"),
        SuppliedOption.inEnvironment(Options.ofManagers(), environment));
  }
}
