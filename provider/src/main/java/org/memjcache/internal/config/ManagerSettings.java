// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.memjcache.Consistency;
import org.memjcache.FailureMode;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.Credentials;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.LoadSettings;

/**
 * Everything that a manager is configured with. Immutable and thread-safe.
 *
 * <p>These places count in this order, the first that says something wins: the URI and the
 * properties, which must not contradict each other; the system properties; environment variables;
 * the file, if the URI is the location of one. What none of them says is as the default of each
 * option. Two spellings of one cluster give equal {@link #cluster} settings, so that their managers
 * share one client.
 *
 * @param resolver the class of what finds the addresses of names; null if it is in the cluster's
 *     settings
 * @param namespace the names that every cache of the manager is beneath, outermost first
 * @param serializationAllow patterns of classes that may be serialized and read back, unchecked
 * @param serializer makes what serializes values; null for Java serialization
 * @param staleness how old a version may be that an operation relies on; zero if it is strict
 * @param eventQueue how much may wait for each asynchronous listener
 * @param unreadable what operations do that find an entry which can't be read
 * @param closeWait how long closing waits for clears that are pending
 * @param loading what happens when several want to load the same entry
 * @param secret what entries are signed with; null if they aren't
 */
public record ManagerSettings(
    ClusterSettings cluster,
    @Nullable NamedClass resolver,
    List<String> namespace,
    List<String> serializationAllow,
    @Nullable NamedClass serializer,
    CompressionRule compression,
    Duration staleness,
    FailureMode failure,
    EventQueueLimits eventQueue,
    UnreadableMode unreadable,
    Duration closeWait,
    LoadSettings loading,
    @Nullable Secrets secret,
    NamedCaches caches) {

  public ManagerSettings {
    namespace = NamespacePath.checked(namespace);
    serializationAllow = List.copyOf(serializationAllow);
  }

  /** Returns a copy with all that properties have: as their defaults, too, and what isn't text. */
  public static Properties copyOf(Properties properties) {
    Properties copy = new Properties();
    copy.putAll(properties);
    for (String name : properties.stringPropertyNames()) {
      copy.putIfAbsent(name, properties.getProperty(name));
    }
    return copy;
  }

  /** Returns these settings with an equal cluster, so that those of many managers can share one. */
  public ManagerSettings withCluster(ClusterSettings same) {
    return with(same, namespace);
  }

  /** Returns these settings with the resolver that is named, looked up and created. */
  ManagerSettings withResolver(ClassLookup classes) {
    return resolver == null
        ? this
        : withCluster(cluster.withResolver(LookupOptions.resolver(resolver, classes)));
  }

  ManagerSettings withNamespace(List<String> names) {
    return with(cluster, names);
  }

  private ManagerSettings with(ClusterSettings servers, List<String> names) {
    return new ManagerSettings(
        servers,
        resolver,
        names,
        serializationAllow,
        serializer,
        compression,
        staleness,
        failure,
        eventQueue,
        unreadable,
        closeWait,
        loading,
        secret,
        caches);
  }

  /** Returns the settings of a manager whose environment says nothing. */
  static ManagerSettings of(URI uri, @Nullable Properties properties) {
    return of(uri, properties, Environment.none());
  }

  /** Returns the settings of a manager. Nothing is connected or looked up. */
  public static ManagerSettings of(
      URI uri, @Nullable Properties properties, Environment environment) {
    return new SharedSettings().settings(uri, properties, environment);
  }

  /** Returns the settings of a manager; errors don't say yet which URI it is. */
  static ManagerSettings of(URI uri, List<SuppliedOption> given, ClassLookup classes) {
    ParsedUri parsed = ParsedUri.of(uri);
    List<SuppliedOption> all = new ArrayList<>(parsed.given());
    all.addAll(given);
    if (parsed.file() != null) {
      all.addAll(SuppliedOption.inFile(PropertiesFile.read(parsed.file(), classes)));
    }
    ResolvedOptions options = new ResolvedOptions(all);
    Servers servers =
        options
            .find(Options.SERVERS)
            .orElseThrow(
                () ->
                    invalid(
                        "no servers are given; expected the option servers (as a property or in a"
                            + " file: memjcache.servers) with %s",
                        Servers.FORM));
    DiscoverySettings discovery = LookupOptions.discovery(options, servers);
    List<String> namespace = new ArrayList<>(options.find(Options.NAMESPACE).orElse(List.of()));
    if (parsed.file() != null) {
      namespace.addAll(parsed.names());
    }
    return new ManagerSettings(
        new ClusterSettings(
            discovery == null ? servers.addresses() : List.of(),
            options.get(Options.TIMEOUT),
            options.get(Options.CONNECT_TIMEOUT),
            options.get(Options.CONNECTIONS),
            options.get(Options.PROTOCOL),
            credentials(options),
            TlsOptions.settings(options),
            discovery,
            LookupOptions.resolver(options)),
        options.named(Options.RESOLVER).orElse(null),
        namespace,
        options.get(Options.SERIALIZATION_ALLOW),
        options.named(Options.SERIALIZER).orElse(null),
        compression(options),
        staleness(options),
        options.get(Options.FAILURE),
        eventQueue(options),
        options.get(Options.UNREADABLE),
        options.get(Options.CLOSE_WAIT),
        loading(options),
        options.find(Options.SECRET).orElse(null),
        new NamedCaches(options.ofCaches()));
  }

  private static @Nullable Credentials credentials(ResolvedOptions options) {
    options.requireBothOrNeither(Options.USER, Options.PASSWORD);
    return options
        .find(Options.USER)
        .map(user -> new Credentials(user, options.find(Options.PASSWORD).orElseThrow()))
        .orElse(null);
  }

  private static CompressionRule compression(ResolvedOptions options) {
    CompressionRule rule =
        new CompressionRule(
            options.get(Options.COMPRESSION),
            options.get(Options.COMPRESSION_THRESHOLD),
            options.get(Options.COMPRESSION_LIMIT));
    if (rule.compression() == Compression.NONE) {
      options.refuseIdle(
          Options.COMPRESSION_THRESHOLD,
          Options.COMPRESSION,
          "compression=lz4 or compression=zstd");
    }
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

  private static LoadSettings loading(ResolvedOptions options) {
    return new LoadSettings(
        options.get(Options.LOAD_WAIT),
        options.get(Options.LOAD_LEASE),
        options.get(Options.LOAD_NULL),
        options.get(Options.CLEAR_GRACE),
        options.get(Options.CLEAR_GRACE_PLAIN),
        Duration.ZERO);
  }

  private static Duration staleness(ResolvedOptions options) {
    if (options.get(Options.CONSISTENCY) == Consistency.BOUNDED) {
      return options.get(Options.STALENESS);
    }
    options.refuseIdle(Options.STALENESS, Options.CONSISTENCY, "consistency=bounded");
    return Duration.ZERO;
  }
}
