package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.memjcache.internal.client.authentication.Authentication;
import org.memjcache.internal.client.authentication.RefusedAccessException;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Opens a connection and makes sure that a memcached answers at its other end.
 *
 * <p>An accepted connection proves little: the kernel accepts for a stopped process too, and a
 * server over its connection limit accepts only to say so. So the {@link Authentication} comes
 * before any trip gets the connection.
 */
public final class Connector {

  private Connector() {}

  /**
   * Returns a connected channel in blocking mode with nothing left to read. The host name is looked
   * up now (Java may remember an earlier answer, see {@code networkaddress.cache.ttl}); its
   * addresses are tried one after another.
   *
   * @param settings how long all of it may take, the look-up left out, however the time is spent:
   *     connecting, or reading what comes byte by byte; the protocol, and who to be
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws IOException if nobody answers in time, or not like memcached
   */
  public static SocketChannel connect(ServerAddress server, ClusterSettings settings)
      throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(server.host());
    long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    IOException failure = null;
    for (int i = 0; i < addresses.length; i++) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      int share = (int) Math.max(1, left / (addresses.length - i));
      InetSocketAddress address = new InetSocketAddress(addresses[i], server.port());
      try {
        return connect(address, share, server, settings);
      } catch (RefusedAccessException e) {
        throw e; // the other addresses are the same server's
      } catch (IOException e) {
        if (failure != null) {
          e.addSuppressed(failure);
        }
        failure = e;
      }
    }
    throw failure == null ? new IOException("no address known for " + server.host()) : failure;
  }

  private static SocketChannel connect(
      InetSocketAddress address, int millis, ServerAddress server, ClusterSettings settings)
      throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      Socket socket = channel.socket();
      socket.connect(address, millis);
      Authentication.over(socket, deadline, server, settings).exchange();
      return channel;
    } catch (SocketTimeoutException e) {
      channel.close();
      String text = address + " did not answer within " + millis + " ms: " + e.getMessage();
      throw (IOException) new SocketTimeoutException(text).initCause(e);
    } catch (IOException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
  }
}
