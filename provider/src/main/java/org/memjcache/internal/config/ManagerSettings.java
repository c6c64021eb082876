package org.memjcache.internal.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Everything that a manager is configured with. Immutable and thread-safe.
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
 * @param serializer makes what serializes values; null for Java serialization
 * @param compression which values are compressed
 * @param staleness how old a version may be that an operation relies on; zero if it is strict
 * @param failure what operations do while a server is away
 * @param eventQueue how much may wait for each asynchronous listener
 * @param unreadable what operations do that find an entry which can't be read
 * @param secret what entries are signed with; null if they aren't
 * @param caches what is said of caches by name or pattern
 */
public record ManagerSettings(
    ClusterSettings cluster,
    List<String> namespace,
    List<String> serializationAllow,
    @Nullable NamedClass serializer,
    CompressionRule compression,
    Duration staleness,
    FailureMode failure,
    EventQueueLimits eventQueue,
    UnreadableMode unreadable,
    @Nullable Secrets secret,
    NamedCaches caches) {

  /** What the names of options begin with where they stand among other properties. */
  public static final String PROPERTY_PREFIX = Option.PREFIX;

  /**
   * Checks the namespace and copies the lists.
   *
   * @param serializer a class or null
   * @param secret secrets or null
   * @throws InvalidConfigurationException if a name is empty or there are too many
   */
  public ManagerSettings {
    namespace = NamespacePath.checked(namespace);
    serializationAllow = List.copyOf(serializationAllow);
  }

  /** Returns these settings with an equal cluster, so that those of many managers can share one. */
  public ManagerSettings withCluster(ClusterSettings same) {
    return copy(same, namespace);
  }

  /** Returns these settings for another namespace. */
  ManagerSettings withNamespace(List<String> names) {
    return copy(cluster, names);
  }

  private ManagerSettings copy(ClusterSettings servers, List<String> names) {
    return new ManagerSettings(
        servers,
        names,
        serializationAllow,
        serializer,
        compression,
        staleness,
        failure,
        eventQueue,
        unreadable,
        secret,
        caches);
  }

  /** Returns the settings of a manager whose environment says nothing. */
  static ManagerSettings of(URI uri, @Nullable Properties properties) {
    return of(uri, properties, Environment.none());
  }

  /**
   * Returns the settings of a manager. Nothing is connected or looked up.
   *
   * <p>These places count in this order, the first that says something wins: the URI and the
   * properties, which must not contradict each other; the system properties; environment variables,
   * for the options that have one; the file, if the URI is the location of one. What none of them
   * says is as the default of each option.
   *
   * @throws InvalidConfigurationException if any part is not accepted, the file can't be read, or
   *     the same option has different values in the URI and the properties
   */
  public static ManagerSettings of(
      URI uri, @Nullable Properties properties, Environment environment) {
    try {
      return of(uri, environment.read(properties), environment.loader());
    } catch (InvalidConfigurationException e) {
      throw e.withPlace(ParsedUri.shown(uri));
    }
  }

  /** As {@link #of(URI, Properties, Environment)}; its errors don't say yet which URI it is. */
  static ManagerSettings of(URI uri, Environment.Given given, @Nullable ClassLoader loader) {
    ParsedUri parsed = ParsedUri.of(uri);
    URI file = parsed.file();
    if (file == null) {
      return of(given.merge(parsed.given()), List.of());
    }
    List<PropertiesFile.Property> inFile = PropertiesFile.read(file, loader);
    return of(given.merge(parsed.given()).orElse(SuppliedOption.inFile(inFile)), parsed.names());
  }

  private static ManagerSettings of(ResolvedOptions options, List<String> namesBeneath) {
    List<ServerAddress> servers =
        options
            .find(Options.SERVERS)
            .orElseThrow(
                () ->
                    new InvalidConfigurationException(
                        "no servers are given; expected the option "
                            + Options.SERVERS.name()
                            + " (as a property or in a file: "
                            + Option.PREFIX
                            + Options.SERVERS.name()
                            + ") with "
                            + Servers.FORM));
    List<String> namespace = new ArrayList<>(options.find(Options.NAMESPACE).orElse(List.of()));
    namespace.addAll(namesBeneath);
    return new ManagerSettings(
        new ClusterSettings(
            servers,
            options.get(Options.TIMEOUT),
            options.get(Options.CONNECT_TIMEOUT),
            options.get(Options.CONNECTIONS),
            options.get(Options.PROTOCOL),
            credentials(options)),
        namespace,
        options.get(Options.SERIALIZATION_ALLOW),
        options.named(Options.SERIALIZER).orElse(null),
        compression(options),
        staleness(options),
        options.get(Options.FAILURE),
        eventQueue(options),
        options.get(Options.UNREADABLE),
        options.find(Options.SECRET).orElse(null),
        new NamedCaches(options.ofCaches()));
  }

  private static @Nullable Credentials credentials(ResolvedOptions options) {
    Optional<String> user = options.find(Options.USER);
    Optional<String> password = options.find(Options.PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      throw user.isPresent()
          ? options.alone(Options.USER, Options.PASSWORD)
          : options.alone(Options.PASSWORD, Options.USER);
    }
    return user.isPresent() ? new Credentials(user.get(), password.get()) : null;
  }

  private static CompressionRule compression(ResolvedOptions options) {
    Compression compression = options.get(Options.COMPRESSION);
    if (compression == Compression.NONE
        && options.isMeantWith(Options.COMPRESSION_THRESHOLD, Options.COMPRESSION)) {
      throw new InvalidConfigurationException(
          "option 'compression.threshold' is given, but compression is none; leave it out, or set"
              + " compression=lz4 or compression=zstd");
    }
    CompressionRule rule =
        new CompressionRule(
            compression,
            options.get(Options.COMPRESSION_THRESHOLD),
            options.get(Options.COMPRESSION_LIMIT));
    return rule.equals(CompressionRule.NOTHING) ? CompressionRule.NOTHING : rule; // of all tenants
  }

  private static EventQueueLimits eventQueue(ResolvedOptions options) {
    EventQueueLimits limits =
        new EventQueueLimits(
            options.get(Options.LISTENER_EVENTS),
            options.get(Options.LISTENER_BYTES),
            options.get(Options.LISTENER_WAIT));
    return limits.equals(EventQueueLimits.DEFAULT) ? EventQueueLimits.DEFAULT : limits;
  }

  private static Duration staleness(ResolvedOptions options) {
    if (options.get(Options.CONSISTENCY) == Consistency.BOUNDED) {
      return options.get(Options.STALENESS);
    }
    if (options.isMeantWith(Options.STALENESS, Options.CONSISTENCY)) {
      throw new InvalidConfigurationException(
          "option 'staleness' is given, but consistency is strict; leave it out, or set"
              + " consistency=bounded");
    }
    return Duration.ZERO;
  }
}
