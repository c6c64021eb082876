// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.time.Duration;
import java.util.Map;
import org.memjcache.internal.config.value.ServerAddress;

/** Asks a server for its {@code item_size_max} ({@code protocol.txt}, "Settings statistics"). */
public final class ItemSizeLimit {

  private static final String SETTING = "item_size_max";

  private ItemSizeLimit() {}

  /**
   * Returns the limit in bytes, or -1 if the server does not tell.
   *
   * @param patience how long to wait for a connection, and as long again for the answer
   */
  public static long ask(AdminConnections connections, ServerAddress server, Duration patience) {
    return of(Statistics.ask(connections, server, "settings", patience, patience));
  }

  /** Returns the limit in bytes that is among a server's settings, or -1 if it isn't. */
  public static long of(Map<String, String> settings) {
    try {
      return Long.parseLong(settings.getOrDefault(SETTING, "-1"));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
