// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.LateResponse;

/**
 * Whether a session works, and if not, why.
 *
 * <pre>
 * OPEN --an Error in any thread--&gt; BROKEN --the next thread that looks--&gt; LOST
 *  |`----lose-----------------------------------------------------------&gt; LOST
 *  `--giveUp--&gt; GIVEN_UP --the last response came, or lose-------------&gt; LOST
 * LOST --all messages ended, closing begun--&gt; ENDED
 * </pre>
 *
 * <ul>
 *   <li>BROKEN: an {@code Error} or an unexpected exception was thrown, whatever was left half
 *       done. No caller gets another one's response. The thread may have no stack left to end the
 *       session, so any thread that looks at it goes through the steps to ENDED, each of which may
 *       be done twice.
 *   <li>GIVEN_UP: the server is silent. No caller uses the session or waits for it any more, and
 *       what was not sent yet never is. What was sent is still awaited, for those who have to know
 *       what became of it ({@link LateResponse}): a server that stood still carries out all of it
 *       when it goes on.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class SessionState {

  private static final AtomicReferenceFieldUpdater<SessionState, @Nullable DisconnectReason> LOSS =
      AtomicReferenceFieldUpdater.newUpdater(SessionState.class, DisconnectReason.class, "loss");

  private static final DisconnectReason EXHAUSTED =
      DisconnectReason.connection("a thread ran out of stack or memory while it used it", null);

  /** Set without a call: there may be no stack for it. */
  volatile boolean broken;

  /** Set when all messages are ended and closing has begun. */
  volatile boolean ended;

  private volatile @Nullable DisconnectReason loss;
  private volatile @Nullable DisconnectReason givenUp;

  /** How many sessions the server had opened when this one was given up. */
  private volatile int openedBefore;

  private boolean replaced;

  /** Takes a step. An Error on its way leaves the session BROKEN. */
  void orBreak(Runnable step) {
    try {
      step.run();
    } catch (Error e) {
      broken = true;
      throw e;
    }
  }

  boolean isOpen() {
    return loss == null && !broken;
  }

  /** Returns whether no caller is to wait any longer. */
  boolean isGivenUpOrLost() {
    return loss != null || givenUp != null;
  }

  /** Returns why it is LOST or ENDED, null if it isn't. One that is BROKEN is LOST now. */
  @Nullable DisconnectReason loss() {
    if (broken) {
      lose(EXHAUSTED);
    }
    return loss;
  }

  /** Only the first reason counts. */
  void lose(DisconnectReason reason) {
    LOSS.compareAndSet(this, null, reason);
  }

  /** Returns why it is GIVEN_UP, or was before it was LOST; null if it wasn't. */
  @Nullable DisconnectReason givenUp() {
    return givenUp;
  }

  /**
   * Takes note why it is given up.
   *
   * @param opened how many sessions the server has opened until now
   */
  void giveUp(DisconnectReason reason, int opened) {
    openedBefore = opened;
    givenUp = reason;
  }

  /**
   * Returns whether it is GIVEN_UP and another session had been opened when this was asked before:
   * to be asked once a second, by one thread.
   */
  boolean isReplaced(int opened) {
    boolean before = replaced;
    replaced = givenUp != null && opened > openedBefore;
    return before;
  }
}
