package org.memjcache.internal.config;

import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;

/**
 * What is given for a manager beside its URI, its values not yet checked. Immutable.
 *
 * @param properties in the properties of the manager
 * @param system in system properties
 * @param environment in environment variables
 */
record OptionSources(
    List<SuppliedOption> properties,
    List<SuppliedOption> system,
    List<SuppliedOption> environment) {

  /**
   * Looks at properties and environment as they are now.
   *
   * @throws InvalidConfigurationException for an unknown option or a value that is no text
   */
  static OptionSources of(@Nullable Properties properties, Environment surroundings) {
    return new OptionSources(
        properties == null ? List.of() : SuppliedOption.inProperties(properties, "property"),
        SuppliedOption.inProperties(surroundings.systemProperties(), "system property"),
        SuppliedOption.inEnvironment(Options.all(), surroundings.environment()));
  }

  /**
   * Brings this together with what is given in the URI.
   *
   * @throws InvalidConfigurationException for a wrong value, an option twice in one place, or
   *     different values in the URI and the properties
   */
  ResolvedOptions with(List<SuppliedOption> inUri) {
    return ResolvedOptions.of(inUri, properties).over(system).over(environment);
  }

  /** Returns true if the properties say which namespace it is, which the URI must agree with. */
  boolean namesNamespace() {
    return properties.stream().anyMatch(one -> one.name().option().equals(Options.NAMESPACE));
  }
}
