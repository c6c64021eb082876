package org.memjcache.internal.client;

import java.util.List;
import java.util.function.Consumer;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.config.ClusterSettings;
import org.memjcache.internal.config.ServerAddress;

/**
 * The memcached servers that one client talks to. Thread-safe and shared; connects at the first
 * trip.
 *
 * <p>Every method that talks to a server throws {@link RequestFailedException} of kind {@link
 * RequestFailedException.Kind#CLOSED} once the last lease on the cluster has been closed.
 */
public interface Cluster {

  /**
   * Returns the servers.
   *
   * @return the servers in the order of the settings
   */
  List<ServerAddress> servers();

  /**
   * Returns what this cluster was made from.
   *
   * @return the settings
   */
  ClusterSettings settings();

  /**
   * Returns the server that has this key, as an index into {@link #servers}. It depends on the key
   * and the configured servers only: a server that is down keeps its keys.
   *
   * @param key any text
   * @return the index
   */
  int serverOf(String key);

  /**
   * Returns a new trip.
   *
   * @return a trip without requests
   */
  RoundTrip newTrip();

  /**
   * Walks over all items of a server and passes on the keys that start with a prefix.
   *
   * <p>Uses {@code lru_crawler metadump} on a connection of its own. It is a walk over a live
   * store: keys written or removed meanwhile may or may not appear, and a key may appear twice. The
   * cost depends on all items of the server, not on those with the prefix. Nothing is held in
   * memory; the consumer runs on the calling thread and should be quick, since a server has one
   * crawler and others wait for it.
   *
   * @param server index into {@link #servers}
   * @param keyPrefix how the keys start, may be empty
   * @param keys receives the keys; what it throws ends the walk and reaches the caller
   * @throws RequestFailedException if the server can't be reached, is silent, refuses dumps, or
   *     stays busy with another one; the message names the server and the option of memcached to
   *     change
   */
  void dump(int server, String keyPrefix, Consumer<String> keys);

  /**
   * Returns the size in bytes of the largest item this server takes (option {@code -I}; key and
   * item header count too), or -1 if the server does not tell.
   *
   * @param server index into {@link #servers}
   * @return bytes or -1
   * @throws RequestFailedException if the server can't be reached
   */
  long itemSizeLimit(int server);
}
