// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection.lead;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Which thread reads a connection's responses: at most one leads at any time, the others wait (the
 * pattern Leader/Followers).
 *
 * <pre>
 *        take              select
 * FREE --------&gt; READING &lt;--------&gt; SELECTING
 *   ^               |        read          |
 *   `---release-----'----------------------'
 * </pre>
 *
 * <p>While the leader is READING, it is sure to write what waits before it waits for the server
 * again, or to see to it when it releases the lead. So other threads may leave that to it.
 */
public final class Lead {

  private enum State {
    FREE,
    READING,
    SELECTING
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.FREE);

  /** Makes the calling thread the leader, unless there is one. */
  public boolean take() {
    return state.get() == State.FREE && state.compareAndSet(State.FREE, State.READING);
  }

  /** Tells that the leader is about to wait for the server. */
  public void select() {
    state.set(State.SELECTING);
  }

  /** Tells that the leader has waited. */
  public void read() {
    state.set(State.READING);
  }

  /** Ends the lead of the calling thread. */
  public void release() {
    state.set(State.FREE);
  }

  public boolean isFree() {
    return state.get() == State.FREE;
  }

  public boolean isReading() {
    return state.get() == State.READING;
  }
}
