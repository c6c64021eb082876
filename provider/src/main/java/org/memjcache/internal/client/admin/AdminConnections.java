// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.memjcache.internal.client.authentication.RefusedAccessException;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Opens short-lived connections for what can't share the sessions of trips, and closes those still
 * open when the cluster is closed. Thread-safe.
 */
public final class AdminConnections implements Closeable {

  private final Connector connector;
  private final Executor background;
  private final Set<SideConnection> open = ConcurrentHashMap.newKeySet();
  private final Set<CompletableFuture<ServerChannel>> connecting = ConcurrentHashMap.newKeySet();

  /** How many threads connect to a server at the same time: a name service may be silent. */
  private static final int MOST_AT_ONCE = 8;

  /** Has a permit for each thread that may connect to a server. */
  private final Map<ServerAddress, Semaphore> vacant = new ConcurrentHashMap<>();

  private volatile boolean closed;

  /** The end of an attempt that nobody waits for. Without a stack trace, which keeps classes. */
  private static final class AbandonedException extends IOException {
    private static final long serialVersionUID = 1L;

    AbandonedException(String message) {
      super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * Creates what opens connections.
   *
   * @param background connects, so that nobody waits for that after {@link #close}
   */
  public AdminConnections(Connector connector, Executor background) {
    this.connector = connector;
    this.background = background;
  }

  ClusterSettings settings() {
    return connector.settings();
  }

  /** Returns how long to wait for a connection: once for its name, and once for the rest. */
  Duration patience() {
    return settings().connectTimeout().multipliedBy(2);
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Opens a connection.
   *
   * @param silence how long a read may wait for bytes
   * @param total how long reading may go on in all, however many bytes come
   */
  SideConnection open(ServerAddress server, Duration silence, Duration total) throws IOException {
    return open(server, silence, total, patience());
  }

  /**
   * Does the same.
   *
   * @param patience how long to wait for the connection, and before that while many others connect
   */
  SideConnection open(ServerAddress server, Duration silence, Duration total, Duration patience)
      throws IOException {
    ServerChannel channel = connect(server, patience);
    try {
      SideConnection connection = new SideConnection(channel, silence, total);
      open.add(connection);
      if (closed) {
        connection.close();
      }
      return connection;
    } catch (RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }

  @SuppressWarnings("CollectionUndefinedEquality") // each is equal to itself only, as meant
  private ServerChannel connect(ServerAddress server, Duration patience) throws IOException {
    CompletableFuture<ServerChannel> result = new CompletableFuture<>();
    connecting.add(result);
    boolean isTaken = false;
    try {
      begin(server, result, patience);
      ServerChannel channel = result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      isTaken = true;
      return channel;
    } catch (TimeoutException e) {
      throw new SocketTimeoutException(
          "there was no connection after " + RequestFailures.millis(patience));
    } catch (RejectedExecutionException e) {
      throw wasClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // nothing else is thrown
    } finally {
      connecting.remove(result);
      if (!isTaken) {
        abandon(result);
      }
    }
  }

  /** Connects on another thread, once not too many others do so. */
  private void begin(
      ServerAddress server, CompletableFuture<ServerChannel> result, Duration patience)
      throws IOException, InterruptedException, TimeoutException {
    requireOpen();
    Semaphore turn = vacant.computeIfAbsent(server, same -> new Semaphore(MOST_AT_ONCE, true));
    if (!turn.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException();
    }
    boolean isBegun = false;
    try {
      requireOpen();
      background.execute(
          () -> {
            try {
              connect(server, result);
            } finally {
              turn.release();
            }
          });
      isBegun = true;
    } finally {
      if (!isBegun) {
        turn.release();
      }
    }
  }

  /** Closes what is connected from now on, or has been just now. */
  private static void abandon(CompletableFuture<ServerChannel> result) {
    if (!result.completeExceptionally(new AbandonedException("nobody waits any more"))
        && !result.isCompletedExceptionally()) {
      try {
        result.join().close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }

  private void connect(ServerAddress server, CompletableFuture<ServerChannel> result) {
    try {
      ServerChannel channel = connector.connect(server);
      if (!result.complete(channel)) {
        channel.close();
      }
    } catch (Throwable e) { // for the caller
      result.completeExceptionally(e);
    }
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw wasClosed();
    }
  }

  private static IOException wasClosed() {
    return new AbandonedException("the cluster was closed");
  }

  /** Makes the exception for a failure on a side connection. */
  RequestFailedException failure(ServerAddress server, String task, long start, IOException cause) {
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    if (closed) {
      return RequestFailures.closed(server);
    }
    if (Thread.currentThread().isInterrupted()) {
      return RequestFailures.interrupted(server, waited, true);
    }
    if (cause instanceof RefusedAccessException refused) {
      return RequestFailures.refusedAccess(
          server, waited, String.valueOf(refused.getMessage()), refused);
    }
    boolean late = cause instanceof SocketTimeoutException;
    return new RequestFailedException(
        late ? RequestFailedException.Kind.TIMEOUT : RequestFailedException.Kind.DOWN,
        waited,
        task
            + " of memcached "
            + server
            + " failed after "
            + RequestFailures.millis(waited)
            + ": "
            + cause.getMessage(),
        cause);
  }

  @Override
  public void close() {
    closed = true;
    connecting.forEach(result -> result.completeExceptionally(wasClosed()));
    vacant.values().forEach(turn -> turn.release(connecting.size())); // nobody begins any more
    for (SideConnection connection : open) {
      connection.close();
    }
  }

  /** A connection on which one thread sends and reads, lines most of the time. */
  final class SideConnection implements Closeable {

    private final ServerChannel channel;
    private final Duration silence;
    private final BoundedInput received;
    private final LineReader in;

    private SideConnection(ServerChannel channel, Duration silence, Duration total) {
      this.channel = channel;
      this.silence = silence;
      this.received = new BoundedInput(channel, silence, total);
      this.in = new LineReader(received);
    }

    void send(String command) throws IOException {
      send((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    void send(byte[] bytes) throws IOException {
      channel.write(ByteBuffer.wrap(bytes), System.nanoTime() + silence.toNanos());
    }

    /** Returns whether anything has come in answer to what was sent. */
    boolean isAnswered() {
      return received.any;
    }

    /** Returns the next byte, 0 to 255. */
    int read() throws IOException {
      return in.read();
    }

    /**
     * Returns the next line without its end.
     *
     * @throws IOException if there is none
     */
    String readLine() throws IOException {
      return in.readLine();
    }

    @Override
    public void close() {
      open.remove(this);
      try {
        channel.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }

  /** Ends with an error after a while, also when the server goes on sending. */
  private static final class BoundedInput extends InputStream {
    private final ServerChannel channel;
    private final Duration silence;
    private final Duration total;
    private final long end;
    private boolean any;

    BoundedInput(ServerChannel channel, Duration silence, Duration total) {
      this.channel = channel;
      this.silence = silence;
      this.total = total;
      this.end = System.nanoTime() + total.toNanos();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long now = System.nanoTime();
      if (end - now <= 0) {
        throw new SocketTimeoutException(
            "its answer had not come to an end after " + RequestFailures.millis(total));
      }
      long deadline = now + Math.min(end - now, silence.toNanos());
      int read = channel.read(ByteBuffer.wrap(bytes, offset, length), deadline);
      any |= read > 0;
      return read;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }
  }
}
