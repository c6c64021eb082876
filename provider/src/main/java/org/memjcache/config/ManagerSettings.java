package org.memjcache.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.store.ClusterSettings;

/**
 * Everything that the URI and the properties of a manager say. Immutable and thread-safe.
 *
 * <p>Two spellings of one cluster (order of the servers, default port written or not, case of host
 * names, options in the URI or in properties) give equal {@link #cluster()} settings, so that their
 * managers share one client.
 *
 * @param cluster the servers, sorted by name, and how to talk to them
 * @param namespace the names that every cache of the manager is beneath, outermost first; 0 to 8
 *     names, none of them empty, any characters
 * @param serializationAllow patterns of classes that may be serialized and read back, sorted; what
 *     is inside them is checked by whoever uses them
 * @param staleness how old a version may be that an operation relies on; zero if it is strict
 * @param failure what operations do while a server is away
 */
public record ManagerSettings(
    ClusterSettings cluster,
    List<String> namespace,
    List<String> serializationAllow,
    Duration staleness,
    FailureMode failure) {

  /** What the names of options begin with where they stand among other properties. */
  public static final String PROPERTY_PREFIX = Option.PREFIX;

  /**
   * Checks the namespace and copies the lists.
   *
   * @param cluster the servers and how to talk to them
   * @param namespace 0 to 8 names
   * @param serializationAllow patterns
   * @param staleness zero or more
   * @param failure throw or miss
   * @throws InvalidConfigurationException if a name is empty or there are too many
   */
  public ManagerSettings {
    namespace = NamespacePath.checked(namespace);
    serializationAllow = List.copyOf(serializationAllow);
  }

  /**
   * Returns the settings of a manager. Nothing is connected or looked up.
   *
   * @param uri {@code memcached://host[:port][,host[:port]...]/application/tenant?option=value}
   * @param properties options with the prefix {@code memjcache.}; other properties are ignored;
   *     null for none
   * @return the settings, with defaults for what neither says
   * @throws InvalidConfigurationException if any part is not accepted, or the same option has
   *     different values in both
   */
  public static ManagerSettings of(URI uri, @Nullable Properties properties) {
    try {
      ParsedUri parsed = ParsedUri.of(uri);
      OptionValues options =
          OptionValues.of(
              parsed.options(),
              GivenOption.inProperties(properties == null ? new Properties() : properties));
      return new ManagerSettings(
          new ClusterSettings(
              parsed.servers(),
              options.get(Options.TIMEOUT),
              options.get(Options.CONNECT_TIMEOUT),
              options.get(Options.CONNECTIONS)),
          parsed.namespace(),
          options.get(Options.SERIALIZATION_ALLOW),
          staleness(options),
          options.get(Options.FAILURE));
    } catch (InvalidConfigurationException e) {
      throw e.in(ParsedUri.shown(uri));
    }
  }

  private static Duration staleness(OptionValues options) {
    if (options.get(Options.CONSISTENCY) == Consistency.BOUNDED) {
      return options.get(Options.STALENESS);
    }
    if (options.isGiven(Options.STALENESS)) {
      throw new InvalidConfigurationException(
          "option 'staleness' is given, but consistency is strict; leave it out, or set"
              + " consistency=bounded");
    }
    return Duration.ZERO;
  }
}
