// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Host and port of a server the user has started.
 *
 * @param host a name or address, an IPv6 address without its brackets
 * @param port a TCP port
 */
record ServerAddress(String host, int port) {

  private static final Pattern FORM = Pattern.compile("(?:\\[([^]]+)]|([^:\\s]+)):(\\d{1,5})");

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException if the text is something else
   */
  static ServerAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
      int port = Integer.parseInt(matcher.group(3));
      if (host != null && port >= 1 && port <= 65_535) {
        return new ServerAddress(host, port);
      }
    }
    throw new IllegalArgumentException(
        "%s: expected host:port,host:port with ports from 1 to 65535, got: %s"
            .formatted(RunningServers.VARIABLE, text));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
