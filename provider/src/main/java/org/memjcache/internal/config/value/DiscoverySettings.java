// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * Where the list of servers is looked up, again and again. Immutable.
 *
 * @param kind how the service is asked
 * @param service by its name; the port is that of the servers with {@link Kind#DNS}, and where the
 *     service itself is asked with {@link Kind#ELASTICACHE}
 * @param interval the time from one look-up to the next
 * @param grace how long a server stays in the list that the service doesn't name any more
 */
public record DiscoverySettings(
    Kind kind, ServerAddress service, Duration interval, Duration grace) {

  /** The ways to ask for servers. */
  public enum Kind {

    /** Each address of a name is a server, as a headless service of Kubernetes has them. */
    DNS,

    /** The service is asked {@code config get cluster}: ElastiCache, Memorystore. */
    ELASTICACHE;

    /** Returns the word that stands before the service, with a colon. */
    public String prefix() {
      return name().toLowerCase(Locale.ROOT) + ":";
    }
  }

  public DiscoverySettings {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(service, "service");
    if (interval.isZero() || interval.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException(
          "The interval must be more than zero, and the grace not less; they are "
              + interval
              + " and "
              + grace);
    }
  }

  /** Returns an address that stands for the servers while none is known; that of no server. */
  public ServerAddress placeholder() {
    return new ServerAddress(kind.prefix() + service.host(), service.port());
  }

  /** Returns how the service is written in the configuration: {@code dns:host:port}, say. */
  public String name() {
    return kind.prefix() + service;
  }
}
