// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free TCP ports on 127.0.0.1, below the ranges from which operating systems take the local ports
 * of outgoing connections.
 *
 * <p>A port from those ranges could be taken by any connection while its server is down, and a
 * client that keeps trying to reach the dead server may even connect to itself.
 *
 * <p>No two callers in this JVM get the same port until it is released, and as long as there are
 * others not even then: a client that remembers something of a server must not take a later one for
 * it. Another process may still be faster, so whoever binds the port must be ready to see it taken.
 */
public final class Ports {

  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_767;
  private static final int ATTEMPTS = 1_000;
  private static final Set<Integer> RESERVED = ConcurrentHashMap.newKeySet();
  private static final Set<Integer> USED = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /**
   * {@return a port that is free now, reserved in this JVM}
   *
   * @throws IllegalStateException if no free port is found
   */
  public static int reserve() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST + 1);
      boolean isNew = !USED.contains(port) || attempt >= ATTEMPTS / 2;
      if (isNew && RESERVED.add(port)) {
        if (isFree(port)) {
          USED.add(port);
          return port;
        }
        RESERVED.remove(port);
      }
    }
    throw new IllegalStateException(
        "No free TCP port on 127.0.0.1 between %d and %d in %d attempts"
            .formatted(LOWEST, HIGHEST, ATTEMPTS));
  }

  /**
   * Ends the reservation of a port.
   *
   * @param port what {@link #reserve} has returned
   */
  public static void release(int port) {
    RESERVED.remove(port);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
