// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;

/**
 * One connection to one server, shared by all threads, which read and write it themselves.
 *
 * <ul>
 *   <li>Writing: a thread that submits a batch writes it, together with whatever else waits, small
 *       batches as one {@link CoalescedBatch}. It leaves that to the leader, if that is just about
 *       to write anyway; or if the server is near, until a third of all that is under way waits:
 *       memcached sends the response to each line by a system call of its own, which takes longer
 *       than the wait.
 *   <li>Reading: one of the waiting threads reads for all ({@link LeaderFollowers}).
 * </ul>
 *
 * <p>{@link SessionState} says how it ends: no message is left to its timeout then.
 *
 * <p>While no caller waits, the {@link Transport} calls {@link #attend} and {@link
 * #attendToWriting}.
 *
 * <p>Thread-safe.
 */
public final class Session {

  /**
   * After such a time without traffic a session is looked at before anything is written to it: the
   * server may have closed it, and what was written would be lost.
   */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Server server;
  private final Transport transport;
  private final WriteQueue queue = new WriteQueue();
  private final ResponseReader reader;
  private final RequestWriter writer;
  private final SessionState state = new SessionState();
  private final LeaderFollowers callers;

  private int life; // written before any caller gets this session

  /** Creates a session over a connected channel. */
  public Session(Server server, Transport transport) {
    this.server = server;
    this.transport = transport;
    this.reader = new ResponseReader(queue, transport.byteChannel(), state::isOpen);
    this.writer = new RequestWriter(queue, transport.byteChannel(), reader::expect);
    this.callers = new LeaderFollowers(this, state, transport, queue, reader, writer);
  }

  public Server server() {
    return server;
  }

  /** Returns the number of the life of the server that this leads to, from 1. */
  public int life() {
    return life;
  }

  void setLife(int life) {
    this.life = life;
  }

  /** Returns why this session ended, null while it works. One that is lost is ended first. */
  public @Nullable DisconnectReason loss() {
    DisconnectReason reason = state.loss();
    if (reason != null && !state.ended) {
      end(reason);
    }
    return reason;
  }

  /**
   * Returns why this session ended or was given up, null while callers may use it. For who has a
   * lock: what is left of it isn't ended here.
   */
  public @Nullable DisconnectReason whyUnusable() {
    DisconnectReason reason = state.loss();
    return reason == null ? state.givenUp() : reason;
  }

  // ------------------------------------------------------------------- what the calling threads do

  /** Sends a message. If the session has ended, or ends now, the message is lost at once. */
  public void submit(Message message) {
    try {
      lookAfterRest();
      queue.add(message);
      DisconnectReason reason = state.givenUp();
      if (loss() != null) {
        loseMessages();
      } else if (reason != null) {
        queue.cancel(reason);
      } else if (!callers.isAboutToWrite()) {
        writeForAll();
        callers.wakeNext();
      }
    } catch (Error e) {
      state.broken = true;
      throw e;
    }
  }

  private void lookAfterRest() {
    if (!queue.isInUse() && System.nanoTime() - reader.lastRead() > REST_NANOS && callers.take()) {
      try {
        receive();
      } finally {
        callers.stepDown();
      }
      if (!transport.isAttended()) {
        lose(DisconnectReason.connection("the reactor thread of xmemcached has died", null));
      }
    }
  }

  /**
   * Waits until a submitted batch is finished. Meanwhile the calling thread may read the responses
   * of all others.
   *
   * @param deadline by {@link System#nanoTime}
   * @return whether it is finished; if not, the deadline has passed, or the thread was interrupted
   */
  public boolean await(ServerBatch batch, long deadline) {
    return callers.await(batch, deadline);
  }

  /**
   * Takes back a submitted batch for which its caller waits no more, unless it is being written.
   */
  public void withdraw(ServerBatch batch) {
    queue.withdraw(batch);
  }

  /** Writes without having the lead. */
  void writeForAll() {
    write();
    if (writer.isBlocked()) {
      transport.wakeUp(); // the leader, so that it waits for the socket to take bytes, too
    }
  }

  void write() {
    try {
      writer.write();
    } catch (IOException e) {
      lose(DisconnectReason.connection("writing failed: " + e.getMessage(), e));
    } catch (RuntimeException | Error e) {
      state.broken = true;
      lose(DisconnectReason.connection("writing failed: " + e, e));
    } finally {
      if (state.loss() != null) {
        loseMessages(); // those that were taken from the queue meanwhile
      }
    }
  }

  /** Reads once. The calling thread has the lead. Returns whether something came. */
  boolean receive() {
    if (loss() != null) {
      return false;
    }
    try {
      int count = reader.read();
      if (count < 0) {
        lose(DisconnectReason.connection("the server closed it", null));
      } else if (loss() == null) {
        endIfUnused();
      }
      return count > 0;
    } catch (ProtocolException e) {
      lose(DisconnectReason.protocol(e));
    } catch (IOException e) {
      lose(DisconnectReason.connection("reading failed: " + e.getMessage(), e));
    } catch (RuntimeException | Error e) { // such as no memory for a value
      state.broken = true;
      lose(DisconnectReason.connection("reading a response failed: " + e, e));
    } finally {
      if (state.loss() != null) {
        loseMessages(); // the one that was taken from the sent ones meanwhile
      }
    }
    return false;
  }

  // ----------------------------------------------------------------------- what the transport does

  /**
   * Reads what has come while no caller leads. Does not block.
   *
   * @return whether to call this again as soon as there is more to read; if not, callers read
   */
  public boolean attend() {
    if (!callers.take()) {
      return isGivenUp(); // the leader is about to leave
    }
    try {
      while (receive()) {
        if (reader.awaited() != null) {
          return false;
        } else if (!reader.hasMore()) {
          return true;
        }
      }
      return false;
    } catch (Error e) {
      state.broken = true;
      throw e;
    } finally {
      callers.stepDown();
    }
  }

  /** Writes what is left while no caller leads. Does not block. */
  public void attendToWriting() {
    state.orBreak(
        () -> {
          writeForAll();
          callers.wakeNext();
        });
  }

  /**
   * To be called about once a second: ends a session that was given up, a second after its server
   * opened another one; and one that an Error came to at any step, if no other thread looks at it.
   * Those that wait get a leader, should the thread that leads for them have died.
   */
  public void watch() {
    if (loss() == null && state.isReplaced(server.opened())) {
      lose(Objects.requireNonNull(state.givenUp()));
    } else {
      callers.wakeNext();
      server.watched();
    }
  }

  /** Ends a session that was given up, if no response is awaited any more. */
  private void endIfUnused() {
    DisconnectReason reason = state.givenUp();
    if (reason != null && !queue.isInUse()) {
      lose(reason);
    }
  }

  // ------------------------------------------------------------------------------------- the end

  /**
   * Lets no caller use this session or wait for it any longer, because the server is silent. Does
   * nothing if it has ended.
   */
  public void giveUp(DisconnectReason reason) {
    if (!state.isGivenUpOrLost()) {
      state.giveUp(reason, server.opened());
      state.orBreak(
          () -> {
            server.lost(this, reason);
            queue.cancel(reason);
            transport.wakeUp(); // the leader gives up, wakes the next one, and so on
            callers.wakeNext();
            transport.attendToReading();
          });
    }
  }

  /**
   * Gives this up if the server has owed responses for so long without sending a byte: new trips
   * then fail at once instead of waiting, too.
   */
  public void giveUpIfSilent(long limitNanos) {
    long silence = silence();
    if (silence >= limitNanos) {
      giveUp(
          DisconnectReason.silence(
              "no data received for "
                  + TimeUnit.NANOSECONDS.toMillis(silence)
                  + " ms while responses were pending"));
    }
  }

  public boolean isGivenUp() {
    return state.givenUp() != null;
  }

  /**
   * Returns for how long the server owed a response without sending a single byte when a thread
   * last looked, in nanoseconds; not positive if it owes none.
   */
  public long silence() {
    return reader.silence();
  }

  /**
   * Ends this session: no batch gets it any more, all its messages are ended, and the connection is
   * closed on another thread. Only the first reason counts.
   */
  public void lose(DisconnectReason reason) {
    state.lose(reason);
    loss();
  }

  /** Goes from LOST to ENDED. Each step may be done twice, by a thread that failed on its way. */
  private void end(DisconnectReason reason) {
    server.lost(this, reason);
    loseMessages();
    transport.wakeUp();
    callers.end();
    server.background(transport::disconnect);
    state.ended = true;
  }

  private void loseMessages() {
    DisconnectReason reason = Objects.requireNonNull(state.loss());
    reader.lose(reason);
    queue.lose(reason.forOthers());
  }
}
