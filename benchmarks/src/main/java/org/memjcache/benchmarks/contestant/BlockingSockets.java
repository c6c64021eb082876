// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * The least that can be between a thread and memcached: it takes a socket, writes a line and waits.
 * No client makes a round trip with less, but no application wants so many connections.
 */
final class BlockingSockets implements Contestant {

  private final SocketFactory sockets;
  private final String host;
  private final int port;
  private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();

  BlockingSockets(String address, SocketFactory sockets) {
    this.sockets = sockets;
    int colon = address.lastIndexOf(':');
    host = address.substring(0, colon);
    port = Integer.parseInt(address.substring(colon + 1));
  }

  @Override
  public @Nullable String get(String key) {
    Connection connection = take();
    try {
      String value = connection.get(key);
      idle.add(connection);
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(String key, String value) {
    Connection connection = take();
    try {
      connection.set(key, value);
      idle.add(connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
      connection.close();
    }
  }

  private Connection take() {
    Connection connection = idle.poll();
    try {
      return connection == null ? new Connection(sockets.createSocket(host, port)) : connection;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Connection {
    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      out = socket.getOutputStream();
      in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    @Nullable String get(String key) throws IOException {
      out.write(("get sockets:" + key + "\r\n").getBytes(ISO_8859_1));
      String first = line();
      if (first.equals("END")) {
        return null;
      }
      byte[] value = in.readNBytes(Integer.parseInt(first.substring(first.lastIndexOf(' ') + 1)));
      require("", line());
      require("END", line());
      return new String(value, ISO_8859_1);
    }

    void set(String key, String value) throws IOException {
      out.write(
          ("set sockets:" + key + " 0 0 " + value.length() + "\r\n" + value + "\r\n")
              .getBytes(ISO_8859_1));
      require("STORED", line());
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder(64);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("memcached closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    private static void require(String expected, String line) throws IOException {
      if (!line.equals(expected)) {
        throw new IOException("expected '" + expected + "', got '" + line + "'");
      }
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // No longer of use.
      }
    }
  }
}
