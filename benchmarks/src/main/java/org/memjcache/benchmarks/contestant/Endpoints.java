// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import org.jspecify.annotations.Nullable;

/**
 * Addresses of the contestants' servers, each as {@code host:port}, null if there is none.
 *
 * @param memcached for all contestants in memcached
 * @param memcachedTls the URI of the one that speaks TLS, with what a client has to trust
 * @param redis for Redisson
 * @param hazelcast for Hazelcast, the member
 */
public record Endpoints(
    @Nullable String memcached,
    @Nullable String memcachedTls,
    @Nullable String redis,
    @Nullable String hazelcast) {

  private static final String NONE = "-";

  /**
   * Returns arguments for a command line.
   *
   * @return four texts
   */
  public String[] toArguments() {
    return new String[] {orNone(memcached), orNone(memcachedTls), orNone(redis), orNone(hazelcast)};
  }

  /**
   * Reads what {@link #toArguments} wrote.
   *
   * @param arguments a command line
   * @param from where they begin
   * @return the same addresses
   */
  public static Endpoints ofArguments(String[] arguments, int from) {
    return new Endpoints(
        orNull(arguments[from]),
        orNull(arguments[from + 1]),
        orNull(arguments[from + 2]),
        orNull(arguments[from + 3]));
  }

  /**
   * Returns an address that must be present.
   *
   * @param address the address, or null
   * @return the address
   */
  static String require(@Nullable String address) {
    if (address == null) {
      throw new IllegalStateException("The server of this contestant was not started");
    }
    return address;
  }

  private static String orNone(@Nullable String address) {
    return address == null ? NONE : address;
  }

  private static @Nullable String orNull(String argument) {
    return argument.equals(NONE) ? null : argument;
  }
}
