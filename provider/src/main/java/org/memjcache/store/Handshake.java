package org.memjcache.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Opens a connection and makes sure that a memcached answers at its other end.
 *
 * <p>An accepted connection proves little: the kernel accepts for a stopped process too, and a
 * server over its connection limit accepts only to say so. So {@code version} is asked, and its
 * answer awaited, before any trip gets the connection.
 */
final class Handshake {

  private static final int LONGEST_ANSWER = 256;

  private Handshake() {}

  /**
   * Returns a connected channel in blocking mode with nothing left to read. The host name is looked
   * up now (Java may remember an earlier answer, see {@code networkaddress.cache.ttl}); its
   * addresses are tried one after another.
   *
   * @param timeout for all of it, the look-up left out
   * @throws IOException if nobody answers in time, or not like memcached
   */
  static SocketChannel connect(ServerAddress server, Duration timeout) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(server.host());
    long deadline = System.nanoTime() + timeout.toNanos();
    IOException failure = null;
    for (int i = 0; i < addresses.length; i++) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      int share = (int) Math.max(1, left / (addresses.length - i));
      try {
        return connect(new InetSocketAddress(addresses[i], server.port()), share);
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("no address known for " + server.host()) : failure;
  }

  private static SocketChannel connect(InetSocketAddress address, int millis) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      channel.socket().connect(address, millis);
      channel.socket().setSoTimeout(millis);
      channel.write(ByteBuffer.wrap(Answer.ascii("version\r\n")));
      String answer = readLine(channel.socket().getInputStream());
      if (!answer.startsWith("VERSION ")) {
        throw new IOException(
            "asked for its version it answered '"
                + Answer.printable(answer.strip())
                + "', not like a memcached");
      }
      return channel;
    } catch (SocketTimeoutException e) {
      channel.close();
      String text = address + " did not answer within " + millis + " ms: " + e.getMessage();
      throw (IOException) new SocketTimeoutException(text).initCause(e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static String readLine(InputStream in) throws IOException {
    byte[] line = new byte[LONGEST_ANSWER];
    int length = 0;
    while (length < line.length) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("it closed the connection at once");
      }
      line[length++] = (byte) next;
      if (next == '\n') {
        break;
      }
    }
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }
}
