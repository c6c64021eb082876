// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.admin.ClusterConfiguration;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.ServerAddress;

/** Asks a service once which servers it has. Called by one thread at a time. */
@FunctionalInterface
interface ServiceLookup {

  /** Returns the servers as they are now, in any order; not empty. */
  List<ServerAddress> servers() throws IOException;

  /**
   * Returns the way to ask a service.
   *
   * @param elapsed nanoseconds, for differences only
   */
  static ServiceLookup of(
      DiscoverySettings settings,
      Connector connector,
      AdminConnections connections,
      LongSupplier elapsed) {
    ServerAddress service = settings.service();
    return switch (settings.kind()) {
      case DNS -> () -> addresses(connector.addressesOf(service.host()), service.port());
      case ELASTICACHE ->
          new Growing(
              () -> ClusterConfiguration.ask(connections, service), settings.grace(), elapsed);
    };
  }

  /**
   * Returns a server for each address. Where there are some of IPv4 and of IPv6, those of IPv6 are
   * left out: a server that has both would be there twice.
   */
  static List<ServerAddress> addresses(List<InetAddress> found, int port) {
    boolean anyIpv4 = found.stream().anyMatch(Inet4Address.class::isInstance);
    return found.stream()
        .filter(address -> !anyIpv4 || address instanceof Inet4Address)
        .map(address -> ServerAddress.of(address, port))
        .distinct()
        .toList();
  }

  /**
   * Refuses a list that is older than the last one: of several endpoints, one may lag behind. If
   * nothing else is found during the grace, it counts: the cluster may have been created anew.
   */
  final class Growing implements ServiceLookup {

    /** Asks the service. */
    @FunctionalInterface
    interface Endpoint {
      ClusterConfiguration ask() throws IOException;
    }

    private final Endpoint endpoint;
    private final Duration grace;
    private final LongSupplier elapsed;
    private long version = -1;

    /** Since when nothing but older lists have been found; null if the last one was none. */
    private @Nullable Long olderSince;

    Growing(Endpoint endpoint, Duration grace, LongSupplier elapsed) {
      this.endpoint = endpoint;
      this.grace = grace;
      this.elapsed = elapsed;
    }

    @Override
    public List<ServerAddress> servers() throws IOException {
      ClusterConfiguration found = endpoint.ask();
      if (found.version() < version && !hasStayedOlder()) {
        throw new IOException(
            "its list has version "
                + found.version()
                + ", and version "
                + version
                + " was known; it counts if that is so for "
                + grace.toMillis()
                + " ms");
      }
      olderSince = null;
      version = found.version();
      return found.servers();
    }

    private boolean hasStayedOlder() {
      Long since = olderSince;
      if (since == null) {
        olderSince = elapsed.getAsLong();
        return false;
      }
      return elapsed.getAsLong() - since >= grace.toNanos();
    }
  }
}
