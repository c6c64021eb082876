// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.memjcache.testkit.server.Ports;

/**
 * Stands between clients and a memcached server, writes down what goes over the wire, and
 * misbehaves when told to. It listens on 127.0.0.1 on a port of its own.
 *
 * <pre>{@code
 * try (MemcachedServer server = MemcachedServer.start();
 *     RecordingProxy proxy = RecordingProxy.start(server)) {
 *   client.connect(proxy.address());
 *   client.get("k");
 *   assertThat(proxy.requests()).containsExactly("get k");
 *   assertThat(proxy.roundTrips()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>Requests are understood in the text protocol, meta commands included; faults and byte counts
 * work for any protocol. Everything recorded is kept in memory until {@link #reset}.
 *
 * <p>Thread safe. Its threads are daemons.
 */
public final class RecordingProxy implements AutoCloseable {

  private static final Duration PORT_BACK = Duration.ofSeconds(5);
  private static final int BACKLOG = 128;

  private volatile InetSocketAddress server;
  private final int port;
  private final Recording recording = new Recording();
  private final Faults faults = new Faults();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
  private @Nullable ServerSocket listener;
  private @Nullable Thread acceptor;
  private boolean closed;

  private RecordingProxy(InetSocketAddress server) {
    this.server = server;
    this.port = Ports.reserve();
  }

  /**
   * Starts a proxy in front of a server, which may be killed and restarted behind it.
   *
   * @param server where to pass connections on to
   * @return the proxy, accepting connections
   * @throws UncheckedIOException if the proxy can't listen
   */
  public static RecordingProxy start(MemcachedServer server) {
    return start(server.host(), server.port());
  }

  /**
   * Starts a proxy in front of whatever listens there.
   *
   * @param host name or address of the server
   * @param port its TCP port
   * @return the proxy, accepting connections
   * @throws UncheckedIOException if the proxy can't listen
   */
  public static RecordingProxy start(String host, int port) {
    RecordingProxy proxy = new RecordingProxy(new InetSocketAddress(host, port));
    try {
      proxy.refuse(false);
      return proxy;
    } catch (RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  /** {@return the address to connect to, {@code 127.0.0.1}} */
  public String host() {
    return "127.0.0.1";
  }

  /** {@return the TCP port to connect to} */
  public int port() {
    return port;
  }

  /** {@return {@code host:port}} */
  public String address() {
    return host() + ":" + port;
  }

  /**
   * {@return the URI of a cache manager behind this proxy, as {@link MemcachedServer#uri} does}
   *
   * @param path the namespace and, after a {@code ?}, options
   */
  public URI uri(String path) {
    return MemcachedUri.of(address(), path, Optional.empty());
  }

  /**
   * {@return the command lines the clients have sent since the last reset, in the order in which
   * they were complete, without line ends and data blocks} One character stands for one byte.
   */
  public List<String> requests() {
    return recording.requests();
  }

  /**
   * {@return how often a client has begun to send after it had got an answer, or for the first time
   * on a connection} That is the number of times somebody waited for the network, if each
   * connection is used by one thread. Commands sent together count once.
   */
  public int roundTrips() {
    return recording.roundTrips();
  }

  /** {@return how many connections the proxy has accepted since the last reset} */
  public int connections() {
    return recording.connections();
  }

  /** {@return how many connections are open now} */
  public int openConnections() {
    return connections.size();
  }

  /** {@return how many bytes the clients have sent since the last reset} */
  public long bytesUp() {
    return recording.bytesUp();
  }

  /** {@return how many bytes were delivered to the clients since the last reset} */
  public long bytesDown() {
    return recording.bytesDown();
  }

  /** {@return the bytes the clients have sent since the last reset, in the order they came} */
  public byte[] recordedUp() {
    return recording.up();
  }

  /** {@return the bytes delivered to the clients since the last reset, in that order} */
  public byte[] recordedDown() {
    return recording.down();
  }

  /** Forgets what was recorded. Connections stay open and faults stay as they are. */
  public void reset() {
    recording.reset();
  }

  /**
   * Holds back all that comes from the server, each byte for this time, as a slow network does. For
   * what comes from now on; {@link Duration#ZERO} ends it.
   *
   * @param delay zero or more
   * @throws IllegalArgumentException if the time is negative
   */
  public void delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: expected zero or more, got: " + delay);
    }
    faults.delay(delay);
  }

  /** Closes all connections, as a server that crashes does. New ones are accepted. */
  public void dropConnections() {
    connections.forEach(ProxiedConnection::close);
  }

  /** Closes one of the connections, whichever, as a firewall does. */
  public void dropConnection() {
    connections.stream().findAny().ifPresent(ProxiedConnection::close);
  }

  /**
   * Passes new connections on to another server, as a name does that was given to it. Those that
   * are open stay where they are.
   *
   * @param other where to pass them on to
   */
  public void moveTo(MemcachedServer other) {
    server = new InetSocketAddress(other.host(), other.port());
  }

  /**
   * Swallows all that clients and server send, or ends that. Connections are accepted and stay open
   * but get no answer. At the end those that have lost something are closed, as they could only
   * give wrong answers; the others go on. {@link #requests} still shows what clients have tried.
   *
   * @param on true to swallow, false to pass on again
   */
  public void blackhole(boolean on) {
    faults.blackhole(on);
    if (!on) {
      connections.stream()
          .filter(ProxiedConnection::hasLostBytes)
          .forEach(ProxiedConnection::close);
    }
  }

  /**
   * Refuses new connections, as a server that isn't running does, or accepts them again. Open
   * connections stay; see {@link #dropConnections}.
   *
   * @param on true to refuse, false to accept again
   * @throws UncheckedIOException if the port can't be had back
   * @throws IllegalStateException if the proxy is closed
   */
  public synchronized void refuse(boolean on) {
    if (closed) {
      throw new IllegalStateException("The proxy on port %d is closed".formatted(port));
    }
    try {
      if (on) {
        stopListening();
      } else if (listener == null) {
        startListening();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Proxy on port %d: %s".formatted(port, e.getMessage()), e);
    }
  }

  /**
   * Lets only the next bytes from the server pass and then closes the connection that was to get
   * more. Later answers, on other connections, are complete.
   *
   * @param bytes how many bytes still pass, 0 or more
   * @throws IllegalArgumentException if it is less
   */
  public void truncateNextAnswer(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("truncateNextAnswer: expected 0 or more, got: " + bytes);
    }
    faults.cutAfter(bytes);
  }

  /** Closes all connections and stops listening. May be called again. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stopListening();
    } catch (IOException e) {
      // Nothing more can be done about it.
    }
    dropConnections();
    Ports.release(port);
  }

  @Override
  public String toString() {
    InetSocketAddress behind = server;
    return "proxy at %s for memcached at %s:%d"
        .formatted(address(), behind.getHostString(), behind.getPort());
  }

  private void stopListening() throws IOException {
    ServerSocket socket = listener;
    Thread thread = acceptor;
    listener = null;
    acceptor = null;
    if (socket != null && thread != null) {
      socket.close();
      // The system refuses connections only when nobody waits for one any more.
      joinUninterruptibly(thread);
    }
  }

  private void startListening() throws IOException {
    ServerSocket socket = bind();
    Thread thread = new Thread(() -> accept(socket), "memcached-proxy-" + port);
    thread.setDaemon(true);
    thread.start();
    listener = socket;
    acceptor = thread;
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerSocket bind() throws IOException {
    long deadline = System.nanoTime() + PORT_BACK.toNanos();
    while (true) {
      try {
        return new ServerSocket(port, BACKLOG, InetAddress.getByName(host()));
      } catch (IOException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  private void accept(ServerSocket socket) {
    try (socket) {
      while (true) {
        Socket client = socket.accept();
        ProxiedConnection connection =
            new ProxiedConnection(client, recording, faults, connections::remove);
        connections.add(connection);
        if (socket.isClosed()) {
          connection.close();
          return;
        }
        connection.open(server, "memcached-proxy-" + port);
      }
    } catch (IOException e) {
      // The listener was closed.
    }
  }
}
