// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.admin.DumpedItem;
import org.memjcache.internal.client.admin.ItemSizeLimit;
import org.memjcache.internal.client.admin.KeyDump;
import org.memjcache.internal.client.admin.Statistics;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.config.value.Protocol;

/**
 * What can be asked of one server about all that it holds, over connections of their own. Each
 * method throws a {@link RequestFailedException} of kind {@link RequestFailedException.Kind#CLOSED}
 * once the cluster is closed. Thread-safe.
 */
public final class AdminCommands {

  private final AdminConnections connections;
  private final Server server;
  private final Protocol protocol;

  AdminCommands(AdminConnections connections, Server server, Protocol protocol) {
    this.connections = connections;
    this.server = server;
    this.protocol = protocol;
  }

  /**
   * Walks over all items of the server and passes on the keys that start with a prefix: as {@link
   * #dumpItems}.
   */
  public void dump(String keyPrefix, Consumer<String> keys) {
    dumpItems(keyPrefix, item -> keys.accept(item.key()));
  }

  /**
   * Walks over all items of the server and passes on those whose keys start with a prefix.
   *
   * <p>Uses {@code lru_crawler metadump}. It is a walk over a live store: items written or removed
   * meanwhile may or may not appear, and one may appear twice. The cost depends on all items of the
   * server, not on those with the prefix. Nothing is held in memory; the consumer runs on the
   * calling thread and should be quick, since a server has one crawler and others wait for it.
   *
   * @param keyPrefix how the keys start, may be empty
   * @param items receives the items, and must ask the same server for nothing: memcached holds a
   *     lock on some of them until they are taken from it; what it throws ends the walk and reaches
   *     the caller
   * @throws RequestFailedException if the server is known to be down, can't be reached, is silent,
   *     refuses dumps, or stays busy with another one; the message names the server and the option
   *     of memcached to change
   */
  public void dumpItems(String keyPrefix, Consumer<DumpedItem> items) {
    if (protocol == Protocol.BINARY) {
      throw RequestFailures.noDumpInBinary(server.address());
    }
    if (server.isDown()) {
      throw server.unreachable(Duration.ZERO);
    }
    new KeyDump(connections, server.address(), KeyDump.PATIENCE).run(keyPrefix, items);
  }

  /**
   * Returns the size in bytes of the largest item the server takes (option {@code -I}; key and item
   * header count too), or -1 if the server does not tell.
   *
   * @param patience how long to wait for a connection, and as long again for the answer
   * @throws RequestFailedException if the server can't be reached in time
   */
  public long itemSizeLimit(Duration patience) {
    return ItemSizeLimit.ask(connections, server.address(), patience);
  }

  /**
   * Returns a section of the server's statistics by name, in its order; none if it has no such
   * section.
   *
   * @param section such as {@code settings}, or {@link Statistics#GENERAL}
   * @throws RequestFailedException if the server can't be reached
   */
  public Map<String, String> statistics(String section) {
    return Statistics.ask(connections, server.address(), section);
  }
}
