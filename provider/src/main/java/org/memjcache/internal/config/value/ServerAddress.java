// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.Locale;

/**
 * The host and port of one memcached server as written in the configuration, unresolved. Immutable.
 *
 * <p>The host is kept in lower case (host names don't differ by case) and without the brackets of
 * an IPv6 literal. Where keys live is computed from this text alone and never from what a name
 * resolves to, so every process that writes its servers the same way agrees on it.
 */
public record ServerAddress(String host, int port) {

  /** The order of servers by their names. */
  public static final Comparator<ServerAddress> BY_NAME =
      Comparator.comparing(ServerAddress::host).thenComparingInt(ServerAddress::port);

  /** The port that memcached listens on unless told otherwise. */
  public static final int DEFAULT_PORT = 11211;

  public ServerAddress {
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    host = host.toLowerCase(Locale.ROOT);
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new IllegalArgumentException("Not a host name or address: '" + host + "'");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(
          "Port of memcached server " + host + " is " + port + ", must be between 1 and 65535");
    }
  }

  /** Returns a server by its address, in the one spelling: that of RFC 5952 for IPv6. */
  public static ServerAddress of(InetAddress address, int port) {
    String host = address.getHostAddress();
    return new ServerAddress(address instanceof Inet6Address ? compressed(host) : host, port);
  }

  /** Replaces the first of the longest runs of zeros; a single zero is not compressed. */
  private static String compressed(String address) {
    for (int following = 7; following > 0; following--) {
      String shorter = address.replaceFirst("(^|:)0(:0){" + following + "}(:|$)", "::");
      if (!shorter.equals(address)) {
        return shorter;
      }
    }
    return address;
  }

  /** Returns whether a host is an address of IPv4 or IPv6, and no name to be looked up. */
  public static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  /** Returns {@code host:port}, an IPv6 literal in brackets. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
