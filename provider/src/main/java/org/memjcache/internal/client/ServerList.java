// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * The servers that have the keys of a {@link Cluster}, and which of them has which key. A server is
 * given by its index in the cluster. Immutable.
 */
public final class ServerList {

  private final List<ServerAddress> addresses;
  private final int[] indices;
  private final KetamaRing ring;

  ServerList(List<ServerAddress> addresses, int[] indices) {
    this.addresses = List.copyOf(addresses);
    this.indices = indices;
    this.ring = new KetamaRing(addresses);
  }

  public List<ServerAddress> addresses() {
    return addresses;
  }

  /** Returns the servers' indices, not to be changed. */
  public int[] indices() {
    return indices;
  }

  boolean has(int server) {
    return IntStream.of(indices).anyMatch(each -> each == server);
  }

  /**
   * Returns the server that has a key. It depends on the key and the names of the servers only: a
   * server that is down keeps its keys.
   *
   * @param key tells any text, and is asked only if there is a choice
   */
  public int serverOf(Supplier<String> key) {
    return indices[indices.length == 1 ? 0 : ring.serverOf(key.get())];
  }

  @Override
  public String toString() {
    return addresses.toString();
  }
}
