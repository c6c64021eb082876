// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.text.ErrorText;

/**
 * The servers of a cluster, as the configuration endpoint of ElastiCache and the discovery endpoint
 * of Memorystore answer to {@code config get cluster}:
 *
 * <pre>{@code
 * CONFIG cluster 0 <bytes>\r\n
 * <version>\n
 * <host>|<address, or nothing>|<port> <host>|<address, or nothing>|<port>...\n
 * \r\n
 * END\r\n
 * }</pre>
 *
 * <p>Anything else is refused as a whole: a server that is overlooked, or made up, moves the keys
 * of others. (xmemcached's parser takes empty hosts, ports that are none and servers named twice,
 * and no version above 2<sup>31</sup>.) Immutable.
 *
 * @param version grows with each change
 * @param servers by their hosts; not empty, none twice
 */
public record ClusterConfiguration(long version, List<ServerAddress> servers) {

  /** The longest list that is read, in bytes; one of thousands of servers. */
  private static final int LONGEST = 1 << 18;

  private static final String COMMAND = "config get cluster";
  private static final Pattern HEADER = Pattern.compile("CONFIG cluster 0 ([0-9]{1,6})");
  private static final Pattern LIST = Pattern.compile("([0-9]{1,18})\r?\n([^\r\n]+)(?:\r?\n)?");
  private static final Pattern SERVER =
      Pattern.compile(
          "([A-Za-z0-9_.-]{1,253}|[0-9A-Fa-f:.]{2,45})\\|[0-9A-Fa-f:.]{0,45}\\|([0-9]{1,5})");

  public ClusterConfiguration {
    servers = List.copyOf(servers);
  }

  /**
   * Asks over a connection of its own.
   *
   * @throws IOException if there is no such answer in time
   */
  public static ClusterConfiguration ask(AdminConnections connections, ServerAddress endpoint)
      throws IOException {
    Duration patience = connections.settings().connectTimeout();
    try (AdminConnections.SideConnection connection =
        connections.open(endpoint, patience, patience)) {
      connection.send(COMMAND);
      return read(connection::readLine, connection::read);
    }
  }

  /** Where the bytes come from that aren't read as lines. */
  @FunctionalInterface
  interface Bytes {
    int next() throws IOException;
  }

  /** Reads an answer. */
  static ClusterConfiguration read(KeyDumpParser.Lines lines, Bytes bytes) throws IOException {
    String first = lines.next();
    Matcher header = HEADER.matcher(first);
    if (!header.matches()) {
      throw wrong(
          first,
          first.startsWith("ERROR")
              ? "like a memcached that is no configuration endpoint; write it into the list of"
                  + " servers"
              : "expected a line CONFIG cluster 0 and the number of bytes that follow");
    }
    int length = Integer.parseInt(header.group(1));
    if (length > LONGEST) {
      throw wrong(first, "expected " + LONGEST + " bytes at most");
    }
    StringBuilder list = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      list.append((char) bytes.next());
    }
    String rest = lines.next();
    String end = rest.isEmpty() ? lines.next() : rest;
    if (!rest.isEmpty() || !end.equals("END")) {
      throw wrong(end, "expected an empty line and END after " + length + " bytes");
    }
    return parse(list.toString());
  }

  private static ClusterConfiguration parse(String text) throws IOException {
    Matcher list = LIST.matcher(text);
    if (!list.matches()) {
      throw wrong(text, "expected a version, and the servers in the line after it");
    }
    List<ServerAddress> servers = new ArrayList<>();
    for (String each : list.group(2).strip().split(" +")) {
      Matcher server = SERVER.matcher(each);
      int port = server.matches() ? Integer.parseInt(server.group(2)) : 0;
      if (port < 1 || port > 65535) {
        throw wrong(each, "expected a server such as cache.example|10.0.0.1|11211");
      }
      servers.add(new ServerAddress(server.group(1), port));
    }
    if (new HashSet<>(servers).size() != servers.size()) {
      throw wrong(list.group(2), "expected each server once");
    }
    return new ClusterConfiguration(Long.parseLong(list.group(1)), servers);
  }

  private static IOException wrong(String text, String expected) {
    return new IOException(
        "it answered " + ErrorText.of(text) + " to '" + COMMAND + "'; " + expected);
  }
}
