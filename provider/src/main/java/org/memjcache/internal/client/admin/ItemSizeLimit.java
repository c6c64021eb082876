package org.memjcache.internal.client.admin;

import java.io.IOException;
import java.time.Duration;
import org.memjcache.internal.client.binary.BinaryHeader;
import org.memjcache.internal.client.binary.BinaryProtocol;
import org.memjcache.internal.client.binary.BinaryResponse;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;

/** Asks a server for its {@code item_size_max} ({@code protocol.txt}, "Settings statistics"). */
public final class ItemSizeLimit {

  private static final String SECTION = "settings";
  private static final String SETTING = "item_size_max";
  private static final String LINE = "STAT " + SETTING + " ";

  private ItemSizeLimit() {}

  /** Returns the limit in bytes, or -1 if the server does not tell. */
  public static long ask(AdminConnections connections, ServerAddress server) {
    long start = System.nanoTime();
    Duration timeout = connections.settings().operationTimeout();
    try (AdminConnections.SideConnection connection = connections.open(server, timeout, timeout)) {
      return connections.settings().protocol() == Protocol.BINARY
          ? askInBinary(connection)
          : askInText(connection);
    } catch (NumberFormatException | ProtocolException e) {
      return -1;
    } catch (IOException e) {
      throw connections.failure(server, "Asking for the settings", start, e);
    }
  }

  private static long askInText(AdminConnections.SideConnection connection) throws IOException {
    connection.send("stats " + SECTION);
    long limit = -1;
    for (String line = connection.readLine();
        line.startsWith("STAT ");
        line = connection.readLine()) {
      if (line.startsWith(LINE)) {
        limit = Long.parseLong(line, LINE.length(), line.length(), 10);
      }
    }
    return limit;
  }

  private static long askInBinary(AdminConnections.SideConnection connection) throws IOException {
    connection.send(BinaryProtocol.packet(BinaryHeader.STATISTICS, SECTION, new byte[0]));
    long limit = -1;
    BinaryResponse answer = BinaryResponse.read(BinaryHeader.STATISTICS, connection::read);
    while (answer.packet().status() == BinaryHeader.SUCCESS && answer.packet().keyLength() > 0) {
      if (answer.key().equals(SETTING)) {
        limit = Long.parseLong(answer.value());
      }
      answer = BinaryResponse.read(BinaryHeader.STATISTICS, connection::read);
    }
    return limit;
  }
}
