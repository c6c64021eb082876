// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.memjcache.NameResolver;
import org.memjcache.internal.config.value.DiscoverySettings.Kind;

/**
 * What makes one cluster distinct from another: managers with equal settings share one client.
 * Immutable; no text of this class shows the password.
 *
 * @param servers which server has a key depends on this set but not on its order; empty if they are
 *     discovered
 * @param operationTimeout how long one operation may wait, the first connections left out
 * @param connectTimeout how long one attempt to connect may take, and how long an operation may
 *     wait for first connections
 * @param connections held to each server; one is right for almost everybody because requests of all
 *     threads share it
 * @param credentials null if the servers take everybody
 * @param tls null if no TLS is spoken
 * @param discovery null if the servers are as they are configured
 * @param resolver finds the addresses of names; compared as it compares itself
 */
public record ClusterSettings(
    List<ServerAddress> servers,
    Duration operationTimeout,
    Duration connectTimeout,
    int connections,
    Protocol protocol,
    @Nullable Credentials credentials,
    @Nullable TlsSettings tls,
    @Nullable DiscoverySettings discovery,
    NameResolver resolver) {

  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

  /**
   * A kernel sends the first packet of a connection again after 1 second and then after 2 or 3:
   * this lets the second one be answered if the first was lost, and is not over just when one is
   * sent.
   */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofMillis(2_500);

  private static final int MAX_CONNECTIONS = 64;

  public ClusterSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty() == (discovery == null)) {
      throw new IllegalArgumentException(
          servers.isEmpty()
              ? "No memcached server given"
              : "Memcached servers are given, and discovered: " + servers);
    }
    if (new HashSet<>(servers).size() != servers.size()) {
      throw new IllegalArgumentException("A memcached server is given twice: " + servers);
    }
    requireMillis("operation timeout", operationTimeout);
    requireMillis("connect timeout", connectTimeout);
    if (connections < 1 || connections > MAX_CONNECTIONS) {
      throw new IllegalArgumentException(
          "connections must be between 1 and " + MAX_CONNECTIONS + ", was " + connections);
    }
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(resolver, "resolver");
  }

  /** Makes settings for servers in a list, by names that the JVM knows. */
  public ClusterSettings(
      List<ServerAddress> servers,
      Duration operationTimeout,
      Duration connectTimeout,
      int connections,
      Protocol protocol,
      @Nullable Credentials credentials,
      @Nullable TlsSettings tls) {
    this(
        servers,
        operationTimeout,
        connectTimeout,
        connections,
        protocol,
        credentials,
        tls,
        null,
        NameResolver.ofJvm());
  }

  /** Makes settings for servers that speak text and take everybody. */
  public ClusterSettings(
      List<ServerAddress> servers,
      Duration operationTimeout,
      Duration connectTimeout,
      int connections) {
    this(servers, operationTimeout, connectTimeout, connections, Protocol.TEXT, null, null);
  }

  /** Returns settings with the default timeouts and one connection to each server. */
  public static ClusterSettings of(ServerAddress... servers) {
    return new ClusterSettings(List.of(servers), DEFAULT_TIMEOUT, DEFAULT_CONNECT_TIMEOUT, 1);
  }

  /** Returns the same with another way to find the addresses of names. */
  public ClusterSettings withResolver(NameResolver other) {
    return new ClusterSettings(
        servers,
        operationTimeout,
        connectTimeout,
        connections,
        protocol,
        credentials,
        tls,
        discovery,
        other);
  }

  /**
   * Returns the name that a server's certificate is for: its own, or that of the service if this
   * knows its servers by address only.
   */
  public String certifiedName(ServerAddress server) {
    return discovery != null && discovery.kind() == Kind.DNS
        ? discovery.service().host()
        : server.host();
  }

  /** Returns the servers, or the service that is asked for them, for messages. */
  public String shownServers() {
    return discovery == null ? servers.toString() : discovery.name();
  }

  private static void requireMillis(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0
        || value.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) > 0) {
      throw new IllegalArgumentException(
          "The " + name + " is " + value + ", must be between 1 ms and 2^31-1 ms");
    }
  }
}
