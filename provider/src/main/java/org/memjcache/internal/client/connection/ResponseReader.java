// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.ResponseLines;

/**
 * The reading side of a session: the messages that were sent, and the responses to them in the same
 * order. {@link #read} is for the leader, everything else for any thread.
 */
final class ResponseReader {

  private static final int BUFFER_SIZE = 64 * 1024;

  private final WriteQueue queue;
  private final BufferingChannel channel;
  private final BooleanSupplier isOpen;
  private final Queue<Message> sent = new ConcurrentLinkedQueue<>();

  /** Direct, or else each thread that reads would keep a buffer of this size for the channel. */
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_SIZE);

  private boolean full;
  private volatile @Nullable Message current;
  private volatile long lastRead = System.nanoTime();

  /** When there was last nothing to read. */
  private volatile long lastInVain = lastRead;

  /**
   * Creates the reading side of a session.
   *
   * @param isOpen false as soon as any message may have been taken away, because the session ends
   */
  ResponseReader(WriteQueue queue, BufferingChannel channel, BooleanSupplier isOpen) {
    this.queue = queue;
    this.channel = channel;
    this.isOpen = isOpen;
  }

  /** Expects the responses to a message behind those to earlier ones. */
  void expect(Message message) {
    sent.add(message);
  }

  /** Returns when the server last sent something, by {@link System#nanoTime}. */
  long lastRead() {
    return lastRead;
  }

  /**
   * Does what {@link Session#silence} says. Whoever was told that the time is over has looked just
   * before, or another thread reads. (If the whole process stood still, much may have come since.)
   */
  long silence() {
    long looked = lastInVain;
    return queue.isInUse() ? Math.min(looked - queue.inUseSince(), looked - lastRead) : 0;
  }

  /** Returns whether the last {@link #read} may have left something that no selector sees. */
  boolean hasMore() {
    return full || channel.holdsUnread();
  }

  /**
   * Reads what has arrived, once, and decodes it.
   *
   * @return how many bytes, or -1 at the end of the stream
   * @throws ProtocolException if it is no response to what was sent
   */
  int read() throws IOException {
    int count = channel.read(in);
    full = !in.hasRemaining();
    if (count > 0) {
      lastRead = System.nanoTime();
      in.flip();
      decodeAll();
      in.compact();
    } else {
      lastInVain = System.nanoTime();
    }
    return count;
  }

  private void decodeAll() {
    while (in.hasRemaining()) {
      Message reading = current;
      Message message = reading == null ? takeSent() : reading;
      if (!isOpen.getAsBoolean()) {
        return; // asked after the message was taken: those before it may have been taken away
      }
      if (message == null) {
        throw new ProtocolException(
            "something that was not asked for: " + ResponseLines.excerpt(in, in.limit()));
      }
      if (!message.decode(in)) {
        return;
      }
      current = null;
      queue.answered(message);
    }
  }

  /** Makes the oldest of the sent messages the current one; null if there is none. */
  private @Nullable Message takeSent() {
    Message oldest = sent.peek();
    if (oldest != null) {
      current = oldest; // first, so that it is always in one of both
      sent.remove(oldest); // not poll(): another thread may be ending the session
    }
    return oldest;
  }

  /**
   * Returns a batch for which a thread waits, the oldest one first: of those that were sent, then
   * of those that wait to be written. Null if there is none.
   */
  @Nullable ServerBatch awaited() {
    Message reading = current;
    ServerBatch batch = reading == null ? null : reading.awaited();
    if (batch == null) {
      for (Message message : sent) {
        batch = message.awaited();
        if (batch != null) {
          return batch;
        }
      }
    }
    return batch == null ? queue.awaited() : batch;
  }

  /** Passes on the batches that were sent and have no response. */
  void forEachBatch(Consumer<ServerBatch> action) {
    sent.forEach(message -> message.forEachBatch(action));
    Message reading = current; // in this order: one that is taken meanwhile is here
    if (reading != null) {
      reading.forEachBatch(action);
    }
  }

  /** Ends all messages of a lost session. */
  void lose(DisconnectReason reason) {
    Message reading = current;
    if (reading != null) {
      reading.lose(reason);
    }
    DisconnectReason forOthers = reason.forOthers();
    Message message;
    while ((message = sent.peek()) != null) {
      message.lose(forOthers); // first: should it fail, the next thread finds it
      sent.remove(message);
    }
  }
}
