// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One client's connection through the proxy.
 *
 * <p>Three threads: one reads from the client and writes to the server, one reads from the server
 * into a queue, one writes from the queue to the client when each piece's delay is over. Bytes are
 * recorded before they are passed on, so whoever has an answer finds its request recorded.
 */
final class ProxiedConnection {

  private static final int CONNECT_MILLIS = 5_000;
  private static final int BUFFER = 256 * 1024;

  private final Socket client;
  private final Socket server = new Socket();
  private final Recording recording;
  private final Faults faults;
  private final Consumer<ProxiedConnection> whenClosed;
  private final RequestParser parser = new RequestParser();
  private final BlockingQueue<Piece> toClient = new LinkedBlockingQueue<>();

  /** Whether the client has got something since it last sent something. */
  private volatile boolean answered = true;

  private volatile boolean lostBytes;

  ProxiedConnection(
      Socket client, Recording recording, Faults faults, Consumer<ProxiedConnection> whenClosed) {
    this.client = client;
    this.recording = recording;
    this.faults = faults;
    this.whenClosed = whenClosed;
  }

  /** Connects to the server and starts passing bytes on. */
  void open(InetSocketAddress serverAddress, String name) {
    recording.connected();
    start(name + "-up", () -> passUp(serverAddress, name));
  }

  /** {@return whether this connection was cut off from the server or has swallowed bytes} */
  boolean hasLostBytes() {
    return lostBytes;
  }

  /** Closes both sides. May be called again. */
  void close() {
    closeQuietly(client);
    closeQuietly(server);
    toClient.add(Piece.end(0));
    whenClosed.accept(this);
  }

  private void passUp(InetSocketAddress serverAddress, String name) throws IOException {
    client.setTcpNoDelay(true);
    if (faults.isBlackhole()) {
      loseBytes();
    } else {
      server.setTcpNoDelay(true);
      server.connect(serverAddress, CONNECT_MILLIS);
      start(name + "-down", this::passDown);
      start(name + "-deliver", this::deliver);
    }
    InputStream in = client.getInputStream();
    byte[] buffer = new byte[BUFFER];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      byte[] bytes = Arrays.copyOf(buffer, length);
      record(bytes);
      if (faults.isBlackhole() || lostBytes) {
        loseBytes();
      } else {
        server.getOutputStream().write(bytes);
      }
    }
    close();
  }

  private void loseBytes() {
    lostBytes = true;
    if (!faults.isBlackhole()) {
      close(); // the black hole was closed just now, and this connection not among the others
    }
  }

  private void record(byte[] bytes) {
    // In the middle of a command the client can't have waited for an answer, even if one to an
    // earlier command has come in between.
    boolean newRoundTrip = answered && !parser.isWithinCommand();
    answered = false;
    List<String> completed = parser.read(bytes);
    recording.sent(bytes, completed, newRoundTrip);
  }

  private void passDown() throws IOException {
    InputStream in = server.getInputStream();
    byte[] buffer = new byte[BUFFER];
    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
      if (faults.isBlackhole()) {
        loseBytes();
      } else {
        toClient.add(Piece.of(Arrays.copyOf(buffer, length), faults.delayNanos()));
      }
    }
    toClient.add(Piece.end(faults.delayNanos()));
  }

  private void deliver() throws IOException {
    OutputStream out = client.getOutputStream();
    try {
      while (true) {
        Piece piece = toClient.take();
        piece.awaitDue();
        if (piece.isEnd()) {
          break;
        }
        byte[] bytes = piece.bytes();
        int allowed = faults.allowed(bytes.length);
        recording.received(bytes, allowed);
        answered = true;
        out.write(bytes, 0, allowed);
        if (allowed < bytes.length) {
          break;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  private void start(String name, Pump pump) {
    Thread thread =
        new Thread(
            () -> {
              try {
                pump.run();
              } catch (IOException e) {
                close(); // one side is gone, so the other goes too
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more in any case.
    }
  }

  private interface Pump {
    void run() throws IOException;
  }

  /** A part of an answer on its way to the client, or the end of the connection. */
  private static final class Piece {

    private static final byte[] END = new byte[0];

    private final byte[] bytes;
    private final long dueNanos;

    private Piece(byte[] bytes, long delayNanos) {
      this.bytes = bytes;
      this.dueNanos = System.nanoTime() + delayNanos;
    }

    static Piece of(byte[] bytes, long delayNanos) {
      return new Piece(bytes, delayNanos);
    }

    static Piece end(long delayNanos) {
      return new Piece(END, delayNanos);
    }

    byte[] bytes() {
      return bytes;
    }

    boolean isEnd() {
      return bytes.length == 0;
    }

    void awaitDue() throws InterruptedException {
      TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
    }
  }
}
