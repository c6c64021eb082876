// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.binary.BinaryProtocol;
import org.memjcache.internal.client.binary.BinaryResponse;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;

/** Asks a server for a section of its statistics ({@code protocol.txt}, "Statistics"). */
public final class Statistics {

  /** The section of what {@code stats} alone answers. */
  public static final String GENERAL = "";

  /** What was counted of the keys with each prefix, if {@link #COUNT_PREFIXES} was asked before. */
  public static final String PREFIXES = "detail dump";

  /** Has the server count by prefix of keys from now on; it answers no statistics. */
  public static final String COUNT_PREFIXES = "detail on";

  /** Ends what {@link #COUNT_PREFIXES} began, and keeps the counts. */
  public static final String COUNT_NO_PREFIXES = "detail off";

  private static final String LINE = "STAT ";
  private static final String LINE_OF_PREFIX = "PREFIX ";

  /** How many are kept at most: whoever answers without end gets no more memory. */
  private static final int MOST = 50_000;

  private Statistics() {}

  /**
   * Asks over a connection of its own, in the protocol that the server speaks.
   *
   * @param section such as {@code settings}, or {@link #GENERAL}
   * @return by name, in the server's order; none if the server has no such section
   * @throws RequestFailedException if the server can't be reached, or is silent
   */
  public static Map<String, String> ask(
      AdminConnections connections, ServerAddress server, String section) {
    return ask(
        connections,
        server,
        section,
        connections.settings().operationTimeout(),
        connections.patience());
  }

  /**
   * Does the same.
   *
   * @param timeout how long the answer may take
   * @param patience how long to wait for a connection
   */
  static Map<String, String> ask(
      AdminConnections connections,
      ServerAddress server,
      String section,
      Duration timeout,
      Duration patience) {
    long start = System.nanoTime();
    try (AdminConnections.SideConnection connection =
        connections.open(server, timeout, timeout, patience)) {
      return connections.settings().protocol() == Protocol.BINARY
          ? askInBinary(connection, section)
          : askInText(connection, section);
    } catch (ProtocolException e) {
      return Map.of();
    } catch (IOException e) {
      String task = "Asking for the statistics" + (section.isEmpty() ? "" : " (" + section + ")");
      throw connections.failure(server, task, start, e);
    }
  }

  private static Map<String, String> askInText(
      AdminConnections.SideConnection connection, String section) throws IOException {
    connection.send(section.equals(GENERAL) ? "stats" : "stats " + section);
    Map<String, String> statistics = new LinkedHashMap<>();
    for (String line = connection.readLine();
        statistics.size() < MOST && (line.startsWith(LINE) || line.startsWith(LINE_OF_PREFIX));
        line = connection.readLine()) {
      int start = line.indexOf(' ') + 1;
      int blank = line.indexOf(' ', start);
      if (blank > 0) {
        statistics.put(line.substring(start, blank), line.substring(blank + 1));
      }
    }
    return statistics;
  }

  private static Map<String, String> askInBinary(
      AdminConnections.SideConnection connection, String section) throws IOException {
    connection.send(BinaryProtocol.packet(BinaryHeader.STATISTICS, section, new byte[0]));
    Map<String, String> statistics = new LinkedHashMap<>();
    BinaryResponse answer = BinaryResponse.read(BinaryHeader.STATISTICS, connection::read);
    while (answer.packet().status() == BinaryHeader.SUCCESS
        && answer.packet().keyLength() > 0
        && statistics.size() < MOST) {
      statistics.put(answer.key(), answer.value());
      answer = BinaryResponse.read(BinaryHeader.STATISTICS, connection::read);
    }
    return statistics;
  }
}
