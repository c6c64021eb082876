// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import org.memjcache.testkit.server.ServerHandle;
import org.memjcache.testkit.server.ServerSettings;

/** A place to get memcached servers from. Implementations are thread safe. */
public interface Origin {

  /** {@return what the servers are and where they come from, to be read by the user} */
  String description();

  /**
   * Hands out a server that is empty, answers, and is nobody else's in this JVM until it is closed.
   *
   * @param settings what it is to be started with
   * @return the server
   * @throws IllegalStateException if there is none or it doesn't start
   * @throws UnsupportedOperationException if servers from here can't have such settings
   */
  ServerHandle start(ServerSettings settings);
}
