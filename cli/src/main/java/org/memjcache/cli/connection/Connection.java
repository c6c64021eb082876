// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.connection;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.admin.Statistics;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.SigningKeys;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.NamespacePath;
import org.memjcache.internal.config.Secrets;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.SharedCluster;

/**
 * The servers that the options name, and what MemJCache knows of keys and values on them. A server
 * is given by its index. Connects when something is asked. Not thread-safe.
 */
public final class Connection implements AutoCloseable {

  private final ManagerSettings settings;
  private final InstantSource clock;
  private final SharedCluster shared;
  private final EntryKeyCodec keys = new EntryKeyCodec(new UndecodedSerializer());
  private final EnvelopeCodec envelopes;

  private Connection(ManagerSettings settings, InstantSource clock) {
    Secrets secret = settings.secret();
    ValueCodec values = new ValueCodec(new UndecodedSerializer(), settings.compression());
    this.settings = settings;
    this.clock = clock;
    this.envelopes =
        secret == null
            ? new EnvelopeCodec(values)
            : new EnvelopeCodec(values, SigningKeys.of(secret.texts()));
    this.shared = SharedCluster.visit(settings.cluster());
  }

  /**
   * Returns a connection to the servers, to be closed.
   *
   * @param clock the time of this machine
   */
  public static Connection open(ManagerSettings settings, InstantSource clock) {
    return new Connection(settings, clock);
  }

  /** Returns what the servers are asked with. */
  public ManagerSettings settings() {
    return settings;
  }

  /** Returns the time of this machine. */
  public InstantSource clock() {
    return clock;
  }

  /** Returns the client. */
  public Cluster cluster() {
    return shared.cluster();
  }

  /** Returns what reads the keys of entries. */
  public EntryKeyCodec keys() {
    return keys;
  }

  /** Returns what reads values, without deserializing any. */
  public EnvelopeCodec envelopes() {
    return envelopes;
  }

  /**
   * Returns the servers that have keys.
   *
   * @throws RequestFailedException if they are to be discovered, and can't be
   */
  public List<Integer> servers() {
    return IntStream.of(cluster().list().indices()).boxed().toList();
  }

  /** Returns a server as it is written in the list of servers. */
  public String name(int server) {
    return cluster().address(server).toString();
  }

  /**
   * Returns the path of a level.
   *
   * @param path names with slashes between them, percent-encoded as in a URI, beneath the namespace
   *     of the URI; null for that namespace itself
   * @return null if both are empty
   */
  public @Nullable PathKey path(@Nullable String path) {
    List<String> names = new ArrayList<>(settings.namespace());
    if (path != null) {
      names.addAll(NamespacePath.parseOption(path));
    }
    return names.isEmpty() ? null : PathKey.of(names);
  }

  /** Returns the namespace of a path, which a clear clears. */
  public Namespace namespace(PathKey path) {
    return shared.open(path, ConsistencyPolicy.STRICT, new CacheMetrics());
  }

  /** Returns the versions of levels on a server, of those that have one; none is created. */
  public Map<PathKey, Long> versions(int server, Collection<PathKey> levels) {
    return shared.readVersions(new Operation("reading versions"), server, levels);
  }

  /**
   * Returns the levels that may count for the entries of a cache, outermost first: one of them only
   * if it is cleared across tenants.
   */
  public static List<PathKey> levelsOf(PathKey cache) {
    List<PathKey> levels = new ArrayList<>(cache.asCache(false).toEachLevel());
    if (levels.size() > 1) {
      levels.add(levels.size() - 1, cache.acrossTenants());
    }
    return levels;
  }

  /**
   * Returns what the keys of the entries of a cache begin with that can be read: none if a level
   * has no version; two if it was once cleared across tenants, and it isn't known whether it is
   * now.
   *
   * @param versions of its levels
   */
  public static List<KeyPrefix> prefixes(PathKey cache, Map<PathKey, Long> versions) {
    List<KeyPrefix> prefixes = new ArrayList<>(2);
    for (boolean acrossTenants : new boolean[] {false, true}) {
      if (acrossTenants && cache.names().size() == 1) {
        continue;
      }
      PathKey path = cache.asCache(acrossTenants);
      long[] numbers =
          path.toEachLevel().stream()
              .mapToLong(level -> versions.getOrDefault(level, 0L))
              .toArray();
      if (Arrays.stream(numbers).allMatch(number -> number > 0)) {
        prefixes.add(path.prefix(numbers));
      }
    }
    return prefixes;
  }

  /** Returns the item that a server has under a key; null if there is none. */
  public @Nullable Item get(int server, String key) {
    GetRequest get = new GetRequest(List.of(key), false);
    cluster().newRoundTrip(new Operation("get")).add(server, get).run();
    return get.item(0);
  }

  /** Deletes items by their keys. */
  public void delete(int server, Collection<String> itemKeys) {
    RoundTrip trip = cluster().newRoundTrip(new Operation("delete"));
    itemKeys.forEach(key -> trip.add(server, new DeleteRequest(key)));
    trip.run();
  }

  /** Returns the identities of servers by index, of those that keep one. */
  public Map<Integer, String> identities(Set<Integer> servers) {
    RoundTrip trip = cluster().newRoundTrip(new Operation("asking for identities"));
    Supplier<Map<Integer, String>> identities = cluster().used().addReadsOfMembers(trip, servers);
    trip.run();
    return identities.get();
  }

  /** Returns a section of a server's statistics. */
  public Map<String, String> statistics(int server, String section) {
    return cluster().admin(server).statistics(section);
  }

  /** Returns the general statistics of a server. */
  public Map<String, String> statistics(int server) {
    return statistics(server, Statistics.GENERAL);
  }

  /** Returns a statistic as a number; 0 if it isn't there or is none. */
  public static long number(Map<String, String> statistics, String name) {
    String text = statistics.getOrDefault(name, "");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  @Override
  public void close() {
    shared.leave();
  }

  @Override
  public String toString() {
    return Arrays.stream(cluster().knownList().indices())
        .mapToObj(this::name)
        .collect(Collectors.joining(", "));
  }
}
