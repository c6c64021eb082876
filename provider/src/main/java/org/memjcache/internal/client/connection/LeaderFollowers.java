// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.memjcache.internal.client.connection.lead.Deadlines;
import org.memjcache.internal.client.connection.lead.Deputy;
import org.memjcache.internal.client.connection.lead.Lead;
import org.memjcache.internal.client.connection.lead.ResponseTime;
import org.memjcache.internal.common.VirtualThreads;

/**
 * The threads that wait for the responses of a session. One of them has the {@link Lead}: it reads
 * until it has its own response, wakes those whose responses come before, and then wakes the one
 * that has waited longest to lead on. So a thread that is alone is never put to sleep for another
 * one, and of many only one is woken for each response.
 *
 * <p><b>Why no thread waits for a leader that isn't there.</b> A thread names itself as its batch's
 * waiter, then tries to take the lead, and only then sleeps. A leader frees the lead and then looks
 * for a batch that is awaited. So one of the two sees the other: either the thread finds the lead
 * free, or it is found. The one that is found and woken may have given up just then; it stops being
 * a waiter, and then looks itself whether the lead is free and others wait, as the leader looks
 * once more whether it still waits. A thread that moves messages from the queue to the sent ones,
 * or joins them, looks afterwards whether the lead is free.
 *
 * <p>Virtual threads have a {@link Deputy} that leads for them, and sleep until the leader wakes
 * them: with their response, or because their deadline has passed ({@link Deadlines}).
 *
 * <p>Thread-safe.
 */
final class LeaderFollowers {

  /** For how long a thread whose time is over still reads what has come for others. */
  private static final long LAST_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long until those are looked at that were being written. */
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Session session;
  private final SessionState state;
  private final Transport transport;
  private final WriteQueue queue;
  private final ResponseReader reader;
  private final RequestWriter writer;
  private final Lead lead = new Lead();
  private final ResponseTime responseTime = new ResponseTime();
  private final Deadlines deadlines = new Deadlines();
  private final Deputy deputy;

  LeaderFollowers(
      Session session,
      SessionState state,
      Transport transport,
      WriteQueue queue,
      ResponseReader reader,
      RequestWriter writer) {
    this.session = session;
    this.state = state;
    this.transport = transport;
    this.queue = queue;
    this.reader = reader;
    this.writer = writer;
    this.deputy =
        new Deputy(
            session.server()::tryInBackground, () -> state.orBreak(this::leadForVirtualThread));
  }

  /**
   * Returns whether a leader writes what was added just now: at once, as it is reading, or when
   * more waits, if the server is near.
   */
  boolean isAboutToWrite() {
    return lead.isReading() || (!lead.isFree() && responseTime.isQuick() && !queue.isEnough());
  }

  /** Does what {@link Session#await} says. */
  boolean await(ServerBatch batch, long deadline) {
    boolean isToBeLed = VirtualThreads.isVirtual(Thread.currentThread());
    boolean isLed = false;
    try {
      batch.beginWait(deadline);
      while (!batch.isFinished()) {
        long left = deadline - System.nanoTime();
        if (left <= 0 || session.isGivenUp() || Thread.currentThread().isInterrupted()) {
          return readWhatHasCome(batch);
        }
        DisconnectReason reason = session.loss();
        if (reason != null) {
          batch.lose(reason); // it may have been in the hands of a thread that failed
        } else if (isLed) {
          LockSupport.park(this);
          batch.beginWait(deadline); // the leader may have ended it
          isLed = false;
        } else if (isToBeLed) {
          // All is looked at again before the sleep: waiting for a lock in here uses up a wake-up.
          isLed = isLedFor(deadline);
          isToBeLed = isLed;
        } else if (lead.take()) {
          lead(batch, deadline);
        } else {
          LockSupport.parkNanos(this, left);
        }
      }
      return true;
    } catch (Error e) {
      state.broken = true; // before another thread is woken, which is to end the session
      throw e;
    } finally {
      batch.endWait();
      if (!batch.isFinished()) {
        wakeNext();
      }
    }
  }

  /** Returns whether a leader is there, or called, that keeps the deadline of a virtual thread. */
  private boolean isLedFor(long deadline) {
    boolean isEarliest = deadlines.add(deadline);
    if (lead.isFree()) {
      return deputy.call();
    }
    if (isEarliest) {
      transport.wakeUp(); // the leader
    }
    return true;
  }

  /** Reads without waiting: a thread that has waited for another server may find its response. */
  private boolean readWhatHasCome(ServerBatch batch) {
    if (lead.take()) {
      try {
        long end = System.nanoTime() + LAST_LOOK_NANOS; // not for as long as more comes for others
        while (!batch.isFinished() && session.receive() && System.nanoTime() - end < 0) {
          // more may have come
        }
      } finally {
        stepDown();
      }
    }
    return batch.isFinished();
  }

  /** Reads for all until a batch is finished. The calling thread has the lead, and loses it. */
  private void lead(ServerBatch batch, long deadline) {
    try {
      while (!batch.isFinished() && !state.isGivenUpOrLost()) {
        lead.select();
        session.write();
        long now = System.nanoTime();
        if (deadlines.left(now) <= 0) {
          dismissLate(now);
        }
        if (deadline - now <= 0 || Thread.currentThread().isInterrupted()) {
          return;
        }
        if (!reader.hasMore()) {
          transport.await(Math.min(deadline - now, deadlines.left(now)), writer.isBlocked());
        }
        lead.read();
        receive(now);
      }
    } catch (IOException | RuntimeException e) {
      session.lose(DisconnectReason.connection("waiting for a response failed: " + e, e));
    } catch (Error e) {
      state.broken = true;
      throw e;
    } finally {
      if (batch.waitsVirtually() && deadline - System.nanoTime() <= 0) {
        batch.dismiss();
      }
      stepDown();
    }
  }

  private void receive(long waitsSince) {
    long sent = queue.inUseSince();
    boolean isFirst = queue.isAlone() && reader.lastRead() - sent < 0;
    if (session.receive()) {
      long now = reader.lastRead();
      if (isFirst) {
        responseTime.took(now - sent, now);
      } else {
        responseTime.waited(now - waitsSince, now);
      }
    }
  }

  /** Wakes the virtual threads whose time is over. */
  private void dismissLate(long now) {
    deadlines.clear();
    Consumer<ServerBatch> look =
        batch -> {
          if (!batch.waitsVirtually()) {
            return;
          }
          if (batch.waitsUntil() - now <= 0) {
            batch.dismiss();
          } else {
            deadlines.add(batch.waitsUntil());
          }
        };
    queue.forEachBatch(look); // in this order, and none is missed that is sent meanwhile,
    if (writer.isWriting()) {
      deadlines.add(now + LOOK_AGAIN_NANOS); // but for those that are in its hands
    }
    reader.forEachBatch(look);
  }

  /** Does on a platform thread what a virtual one would have to do now. */
  private void leadForVirtualThread() {
    if (session.loss() != null || !lead.take()) {
      return;
    }
    ServerBatch next = reader.awaited();
    if (next != null && next.waitsVirtually()) {
      lead(next, next.waitsUntil());
    } else {
      stepDown();
    }
  }

  /** Makes the calling thread the leader, unless there is one. */
  boolean take() {
    return lead.take();
  }

  void stepDown() {
    lead.release();
    wakeNext();
  }

  /** Wakes the thread that has waited longest, if no thread leads. */
  void wakeNext() {
    boolean written = false;
    while (lead.isFree()) {
      ServerBatch next = reader.awaited();
      if (next == null) {
        if (!written && !queue.isEmpty()) {
          session.writeForAll(); // what was left to a leader that waits for another server now
          written = true;
          continue;
        }
        if (writer.isBlocked()) {
          transport.attendToWriting();
        }
        return;
      }
      if (next.waitsVirtually() && !state.isGivenUpOrLost() && deputy.call()) {
        return;
      }
      next.wake();
      if (next.awaited() != null) {
        return;
      }
    }
  }

  /** Ends the thread that leads for virtual ones. */
  void end() {
    deputy.end();
  }
}
