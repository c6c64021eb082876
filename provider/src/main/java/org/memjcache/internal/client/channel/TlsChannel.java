// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tlschannel.BufferAllocator;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

/**
 * A socket that speaks TLS, by the library tls-channel. The only class that names the library's, so
 * that it may be absent.
 *
 * <p>One read takes from the socket once and decrypts all of it, so that afterwards nothing is left
 * here which a selector doesn't see: only if there is no room for more ({@link
 * java.nio.Buffer#hasRemaining}), or if the socket was too full for something that TLS had to say
 * first ({@link #holdsUnread}). What was encrypted and not sent yet is told by {@link
 * #holdsUnsent}.
 */
final class TlsChannel extends ServerChannel {

  private static final Logger LOG = LoggerFactory.getLogger(TlsChannel.class);

  private final TlsFailures failures;
  private final ClientTlsChannel tls;

  /** Whether the current read may still take from the socket. Touched by the reading thread. */
  private boolean mayTake;

  private volatile boolean holdsUnsent;
  private volatile boolean wasHeldUp;

  private TlsChannel(SocketChannel socket, SSLEngine engine, TlsFailures failures)
      throws IOException {
    super(socket);
    this.failures = failures;
    try {
      this.tls =
          ClientTlsChannel.newBuilder(new Encrypted(), engine)
              .withEncryptedBufferAllocator(new DirectBuffers())
              .withReleaseBuffers(false)
              .build();
    } catch (RuntimeException | Error e) {
      release();
      throw e;
    }
  }

  /**
   * Does the handshake over a connected socket.
   *
   * @param deadline of all of it, by {@link System#nanoTime}
   * @throws TlsException if server and client don't come together
   * @throws SocketTimeoutException if that is not known in time; whatever is thrown, the socket is
   *     closed
   */
  static TlsChannel over(
      SocketChannel socket, SSLEngine engine, TlsFailures failures, long deadline)
      throws IOException {
    TlsChannel channel = new TlsChannel(socket, engine, failures);
    try {
      channel.shakeHands(deadline);
      return channel;
    } catch (IOException | RuntimeException | Error e) {
      channel.release();
      throw e;
    }
  }

  private void shakeHands(long deadline) throws IOException {
    while (true) {
      try {
        mayTake = true;
        tls.handshake();
        return;
      } catch (NeedsReadException e) {
        awaitHandshake(deadline, SelectionKey.OP_READ);
      } catch (NeedsWriteException e) {
        awaitHandshake(deadline, SelectionKey.OP_WRITE);
      } catch (SSLException e) {
        throw failures.ofHandshake(e);
      } catch (IOException e) {
        // As of TLS 1.3 a server may hang up on what it gets last, and its alert gets lost.
        throw isOpen() ? failures.hungUp(e) : e;
      }
    }
  }

  private void awaitHandshake(long deadline, int interest) throws IOException {
    try {
      await(deadline, interest);
    } catch (SocketTimeoutException e) {
      throw (IOException) new SocketTimeoutException(failures.ofTimeout()).initCause(e);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    mayTake = true;
    wasHeldUp = false;
    int total = 0;
    try {
      while (into.hasRemaining()) {
        int count = tls.read(into);
        if (count < 0) {
          return total == 0 ? count : total;
        }
        total += count;
      }
    } catch (NeedsReadException e) {
      // All that was there has been decrypted.
    } catch (NeedsWriteException e) {
      holdsUnsent = true;
      wasHeldUp = true;
    } catch (SSLException e) {
      throw failures.ofReading(e);
    }
    return total;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int before = bytes.remaining();
    try {
      tls.write(bytes);
      holdsUnsent = false;
    } catch (NeedsWriteException e) {
      holdsUnsent = true;
    }
    return before - bytes.remaining();
  }

  @Override
  public boolean holdsUnsent() {
    return holdsUnsent;
  }

  @Override
  public boolean holdsUnread() {
    return wasHeldUp && !holdsUnsent;
  }

  @Override
  public boolean writesRecords() {
    return true;
  }

  @Override
  public String suspicion() {
    return failures.suspicion();
  }

  @Override
  void sayGoodbye() {
    // So that nobody takes the session up again: a memcached that demands a certificate of its
    // clients fails then (alert internal_error).
    tls.getSslEngine().getSession().invalidate();
    try {
      tls.shutdown();
    } catch (IOException | RuntimeException e) {
      LOG.trace("No goodbye", e); // the connection has failed, or its socket is full
    }
  }

  /**
   * The socket as TLS sees it: one read in each of ours, but for what doesn't fit in its buffer.
   */
  private final class Encrypted implements ByteChannel {

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (!mayTake) {
        return 0;
      }
      int count = socket().read(into);
      mayTake = count > 0 && !into.hasRemaining();
      return count;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return socket().write(bytes);
    }

    @Override
    public boolean isOpen() {
      return socket().isOpen();
    }

    @Override
    public void close() {}
  }

  /** Buffers that the garbage collector frees: the library's own ways to do it are of old JDKs. */
  private static final class DirectBuffers implements BufferAllocator {

    @Override
    public ByteBuffer allocate(int size) {
      return ByteBuffer.allocateDirect(size);
    }

    @Override
    public void free(ByteBuffer buffer) {}
  }
}
