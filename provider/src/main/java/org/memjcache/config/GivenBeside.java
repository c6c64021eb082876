package org.memjcache.config;

import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What is given for a manager beside its URI, its values not yet checked. Immutable.
 *
 * @param properties in the properties of the manager
 * @param system in system properties
 * @param environment in environment variables
 */
record GivenBeside(
    List<GivenOption> properties, List<GivenOption> system, List<GivenOption> environment) {

  /**
   * Looks at properties and environment as they are now.
   *
   * @throws InvalidConfigurationException for an unknown option or a value that is no text
   */
  static GivenBeside of(@Nullable Properties properties, Surroundings surroundings) {
    return new GivenBeside(
        properties == null ? List.of() : GivenOption.inProperties(properties, "property"),
        GivenOption.inProperties(surroundings.systemProperties(), "system property"),
        GivenOption.inEnvironment(Options.all(), surroundings.environment()));
  }

  /**
   * Brings this together with what is given in the URI.
   *
   * @throws InvalidConfigurationException for a wrong value, an option twice in one place, or
   *     different values in the URI and the properties
   */
  OptionValues with(List<GivenOption> inUri) {
    return OptionValues.of(inUri, properties).over(system).over(environment);
  }

  /** Returns true if the properties say which namespace it is, which the URI must agree with. */
  boolean namesNamespace() {
    return properties.stream().anyMatch(one -> one.name().option().equals(Options.NAMESPACE));
  }
}
