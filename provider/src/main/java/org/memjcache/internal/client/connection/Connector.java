package org.memjcache.internal.client.connection;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
   * up now (Java may remember an earlier answer, see {@code networkaddress.cache.ttl}); an address
   * of IPv4 and one of IPv6 are tried one after the other.
   *
   * @param settings how long all of it may take, the look-up left out, however the time is spent:
   *     connecting, or reading what comes byte by byte; the protocol, and who to be
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws IOException if nobody answers in time, or not like memcached
   */
  public static SocketChannel connect(ServerAddress server, ClusterSettings settings)
      throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(server.host());
    requireOneServer(addresses);
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

  /**
   * Refuses a name of several servers, such as a headless service of Kubernetes has: each process,
   * and each connection, would take another one. One address of each family is one server.
   */
  private static void requireOneServer(InetAddress[] addresses) throws IOException {
    long ipv4 = Stream.of(addresses).filter(Inet4Address.class::isInstance).count();
    if (ipv4 > 1 || addresses.length - ipv4 > 1) {
      throw new IOException(
          "its name leads to several addresses, "
              + Stream.of(addresses).map(InetAddress::getHostAddress).collect(joining(", "))
              + ", and every process could take another one; give each server a name or an address"
              + " of its own in the list of servers");
    }
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
