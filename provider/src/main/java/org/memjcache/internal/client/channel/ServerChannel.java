// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connected, non-blocking socket with a selector of its own, in which one thread at a time can
 * wait for it.
 *
 * <p>The methods without a deadline don't wait, but for {@link #await}. Thread-safe, as far as
 * {@link BufferingChannel} says.
 */
public abstract class ServerChannel implements BufferingChannel {

  private static final Logger LOG = LoggerFactory.getLogger(ServerChannel.class);

  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey key;

  /**
   * Takes a connected socket.
   *
   * @throws IOException if there can't be a selector; the socket stays open then
   */
  ServerChannel(SocketChannel socket) throws IOException {
    this.socket = socket;
    this.selector = Selector.open();
    try {
      socket.configureBlocking(false);
      this.key = socket.register(selector, SelectionKey.OP_READ);
    } catch (IOException | RuntimeException | Error e) {
      selector.close(); // or the socket would stay open with it
      throw e;
    }
  }

  /** Returns the socket, to be registered with other selectors, and for nothing else. */
  public final SocketChannel socket() {
    return socket;
  }

  /** Returns what to look for if the server hangs up without a word, as a sentence. */
  public abstract String suspicion();

  /** Says goodbye to the server, if that is usual, and doesn't wait. */
  abstract void sayGoodbye();

  /**
   * Waits until the socket can be read. Returns early when the calling thread is interrupted, by
   * {@link #wakeUp}, and when the channel is closed.
   *
   * @param nanos how long to wait at most
   * @param orWritten whether to return as soon as it can be written, too
   */
  public final void await(long nanos, boolean orWritten) throws IOException {
    select(nanos, orWritten ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  private void select(long nanos, int interest) throws IOException {
    try {
      if (key.interestOps() != interest) {
        key.interestOps(interest);
      }
      selector.select(selected -> {}, Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    } catch (ClosedSelectorException | CancelledKeyException e) {
      LOG.trace("Closed while a thread waited", e); // which finds out
    }
  }

  /** Lets the thread in {@link #await} return, or the next one that comes. */
  public final void wakeUp() {
    selector.wakeup();
  }

  /**
   * Waits until something can be read, and reads it.
   *
   * @param into has room
   * @param deadline by {@link System#nanoTime}
   * @return how many bytes, or -1 at the end of the stream
   * @throws SocketTimeoutException if nothing came in time
   */
  public final int read(ByteBuffer into, long deadline) throws IOException {
    int count = read(into);
    while (count == 0) {
      if (!holdsUnread()) {
        await(deadline, holdsUnsent() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
      }
      count = read(into);
    }
    return count;
  }

  /**
   * Writes all of it, waiting where the socket is full.
   *
   * @param deadline by {@link System#nanoTime}
   * @throws SocketTimeoutException if not all of it could be written in time
   */
  public final void write(ByteBuffer bytes, long deadline) throws IOException {
    write(bytes);
    while (bytes.hasRemaining() || holdsUnsent()) {
      await(deadline, SelectionKey.OP_WRITE);
      write(bytes);
    }
  }

  /** Waits until the deadline at most. */
  final void await(long deadline, int interest) throws IOException {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      throw new SocketTimeoutException("Read timed out");
    }
    select(left, interest);
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
    if (!isOpen()) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  /** Closes it, which ends all waiting; does nothing if it is closed. */
  @Override
  public final void close() throws IOException {
    try {
      if (isOpen()) {
        sayGoodbye();
      }
    } finally {
      release();
    }
  }

  /** Closes it without a goodbye. */
  final void release() throws IOException {
    try {
      selector.close(); // or the socket would stay open with it
    } finally {
      socket.close();
    }
  }
}
