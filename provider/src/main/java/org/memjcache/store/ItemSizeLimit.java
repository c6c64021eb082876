package org.memjcache.store;

import java.io.IOException;
import java.time.Duration;

/** Asks a server for its {@code item_size_max} ({@code protocol.txt}, "Settings statistics"). */
final class ItemSizeLimit {

  private static final String SECTION = "settings";
  private static final String SETTING = "item_size_max";
  private static final String LINE = "STAT " + SETTING + " ";

  private ItemSizeLimit() {}

  /** Returns the limit in bytes, or -1 if the server does not tell. */
  static long ask(SideConnections connections, ServerAddress server) {
    long start = System.nanoTime();
    Duration timeout = connections.settings().operationTimeout();
    try (SideConnections.SideConnection connection = connections.open(server, timeout, timeout)) {
      return connections.settings().protocol() == Protocol.BINARY
          ? askInBinary(connection)
          : askInText(connection);
    } catch (NumberFormatException | ProtocolException e) {
      return -1;
    } catch (IOException e) {
      throw connections.failure(server, "Asking for the settings", start, e);
    }
  }

  private static long askInText(SideConnections.SideConnection connection) throws IOException {
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

  private static long askInBinary(SideConnections.SideConnection connection) throws IOException {
    Outgoing question = new Outgoing(BinaryPacket.HEADER + SECTION.length());
    BinaryPacket.header(question, BinaryPacket.STATISTICS, 0, SECTION.length(), 0, 0, 0);
    connection.send(question.text(SECTION));
    long limit = -1;
    BinaryAnswer answer = BinaryAnswer.read(BinaryPacket.STATISTICS, connection::read);
    while (answer.packet().status() == BinaryPacket.SUCCESS && answer.packet().keyLength() > 0) {
      if (answer.key().equals(SETTING)) {
        limit = Long.parseLong(answer.value());
      }
      answer = BinaryAnswer.read(BinaryPacket.STATISTICS, connection::read);
    }
    return limit;
  }
}
