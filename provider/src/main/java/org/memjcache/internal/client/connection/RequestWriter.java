// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.RequestBuffer;

/**
 * The writing side of a session: one thread at a time writes what all of them have added, many
 * messages in one write.
 *
 * <pre>
 *       write              write              looks again
 * IDLE -----&gt; WRITING -----&gt; WRITING_MORE -----------&gt; WRITING
 *   ^            |
 *   `------------'  nothing waits, or the socket is full ("blocked")
 * </pre>
 *
 * <p>Thread-safe.
 */
final class RequestWriter {

  private static final int BUFFER_SIZE = 64 * 1024;

  /** So many buffers one caller writes on behalf of others before another one goes on. */
  private static final int MAX_WRITES = 16;

  /** The thread that sets WRITING owns the writing side. */
  private enum State {
    IDLE,
    WRITING,
    WRITING_MORE
  }

  private final WriteQueue queue;
  private final BufferingChannel channel;
  private final Consumer<Message> sent;
  private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);

  /** Touched by the owner of the writing side only. */
  private final WriteBuffer out;

  private volatile boolean blocked;

  /**
   * Creates the writing side of a session.
   *
   * @param sent is told each message before its first byte is written
   */
  RequestWriter(WriteQueue queue, BufferingChannel channel, Consumer<Message> sent) {
    this.queue = queue;
    this.channel = channel;
    this.sent = sent;
    this.out =
        channel.writesRecords()
            ? new WriteBuffer(RequestBuffer.RECORD, true)
            : new WriteBuffer(BUFFER_SIZE, false);
  }

  /**
   * Returns whether something is left and nobody is at it: the socket is full, or one thread has
   * written enough.
   */
  boolean isBlocked() {
    return (blocked || channel.holdsUnsent()) && state.get() == State.IDLE;
  }

  /** Returns whether a thread is at it, which may have taken messages that were not sent yet. */
  boolean isWriting() {
    return state.get() != State.IDLE;
  }

  /** Writes what waits, unless another thread is at it, which then goes on for this one. */
  void write() throws IOException {
    while (true) {
      State now = state.get();
      if (now == State.IDLE) {
        if (state.compareAndSet(State.IDLE, State.WRITING)) {
          writeWaiting();
          return;
        }
      } else if (now == State.WRITING_MORE
          || state.compareAndSet(State.WRITING, State.WRITING_MORE)) {
        return;
      }
    }
  }

  /** Writes until nothing waits or the socket is full, and gives up the writing side. */
  private void writeWaiting() throws IOException {
    for (int writes = 0; writes < MAX_WRITES; ) {
      collect();
      if (out.isEmpty() && !channel.holdsUnsent()) {
        blocked = false;
        if (state.compareAndSet(State.WRITING, State.IDLE)) {
          return;
        }
        state.set(State.WRITING);
      } else if (out.writeTo(channel)) {
        writes++;
      } else {
        break;
      }
    }
    blocked = true; // before others can own the writing side
    state.set(State.IDLE);
  }

  /** Moves waiting messages into the buffer, as many as fit. */
  private void collect() {
    while (out.isOpen()) {
      Message next = queue.next();
      if (next == null) {
        return;
      }
      sent.accept(next); // before the first byte is written, or the response could come first
      queue.handedOver();
      out.put(next.bytes());
    }
  }
}
