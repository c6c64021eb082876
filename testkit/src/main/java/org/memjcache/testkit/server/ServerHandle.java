// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.util.OptionalLong;

/**
 * One memcached server and what can be done to it from outside.
 *
 * <p>Implementations are thread safe. Methods that act on a server the test kit did not start throw
 * {@link UnsupportedOperationException}.
 */
public interface ServerHandle extends AutoCloseable {

  /** {@return the host name or address to connect to} */
  String host();

  /** {@return the TCP port, which stays the same for the life of this handle} */
  int port();

  /** {@return whether the test kit started this server and so may kill, pause and restart it} */
  boolean isManaged();

  /** {@return the process id on this machine, or empty if there is none or it isn't known} */
  OptionalLong pid();

  /** {@return whether the server exists; a paused one does} */
  boolean isRunning();

  /** Kills the server at once, paused or not, and returns when it is gone. */
  void kill();

  /** Freezes the server: it keeps its port and connections but answers nothing. */
  void pause();

  /** Lets a paused server go on; does nothing if it isn't paused. */
  void resume();

  /** Replaces the server, running or not, by an empty one on the same port. */
  void restart();

  /** Gives the server back: kills it if the test kit started it. May be called again. */
  @Override
  void close();
}
