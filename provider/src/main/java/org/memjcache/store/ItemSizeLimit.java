package org.memjcache.store;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a server for its {@code item_size_max} ({@code protocol.txt}, "Settings statistics"). */
final class ItemSizeLimit {

  private static final String SETTING = "STAT item_size_max ";

  private ItemSizeLimit() {}

  /** Returns the limit in bytes, or -1 if the server does not tell. */
  static long ask(SideConnections connections, ServerAddress server) {
    long start = System.nanoTime();
    Duration timeout = connections.settings().operationTimeout();
    try (SideConnections.SideConnection connection = connections.open(server, timeout, timeout)) {
      connection.send("stats settings");
      long limit = -1;
      @Nullable String line;
      while ((line = connection.readLine()) != null && line.startsWith("STAT ")) {
        if (line.startsWith(SETTING)) {
          limit = Long.parseLong(line, SETTING.length(), line.length(), 10);
        }
      }
      return limit;
    } catch (NumberFormatException e) {
      return -1;
    } catch (IOException e) {
      throw connections.failure(server, "Asking for the settings", start, e);
    }
  }
}
