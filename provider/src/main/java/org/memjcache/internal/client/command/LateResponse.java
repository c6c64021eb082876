// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

/**
 * What becomes of a request that was sent, after its caller has given up waiting. Thread-safe.
 *
 * <p>Memcached carries out what came over one connection in order, but says nothing of the order
 * among connections: while a response is awaited the request may be carried out at any time, also
 * after what is sent later over another connection.
 */
@FunctionalInterface
public interface LateResponse {

  /** How it stands. Only the first one ever changes. */
  enum State {
    /** The server may still carry it out. */
    AWAITED,
    /** The server has carried it out, or said that it did not. */
    CAME,
    /** The connection ended, and it will never be known. */
    LOST
  }

  /** Returns how it stands now. */
  State state();

  /** Returns this for somebody who goes on, when the connection has ended, as if it had come. */
  default LateResponse orConnectionEnded() {
    return () -> state() == State.AWAITED ? State.AWAITED : State.CAME;
  }
}
