package org.memjcache.internal.client.connection;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.authentication.Authentication;
import org.memjcache.internal.client.authentication.RefusedAccessException;
import org.memjcache.internal.client.channel.PlainChannel;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.channel.Tls;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.config.value.TlsSettings;

/**
 * Opens connections to the servers of a cluster and makes sure that a memcached answers at the
 * other end.
 *
 * <p>An accepted connection proves little: the kernel accepts for a stopped process too, and a
 * server over its connection limit accepts only to say so. So the {@link Authentication} comes
 * before any trip gets the connection. Thread-safe.
 */
public final class Connector {

  private final ClusterSettings settings;
  private final @Nullable Tls tls;

  /**
   * Creates what connects to the servers of a cluster.
   *
   * @param settings how long all of it may take, the look-up left out, however the time is spent:
   *     connecting, or reading what comes byte by byte; the protocol, TLS, and who to be
   * @throws org.memjcache.InvalidConfigurationException if what TLS takes is not there
   */
  public Connector(ClusterSettings settings) {
    TlsSettings ofTls = settings.tls();
    this.settings = settings;
    this.tls = ofTls == null ? null : new Tls(ofTls);
  }

  public ClusterSettings settings() {
    return settings;
  }

  /**
   * Returns a connected channel with nothing left to read. The host name is looked up now (Java may
   * remember an earlier answer, see {@code networkaddress.cache.ttl}); an address of IPv4 and one
   * of IPv6 are tried one after the other.
   *
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws IOException if nobody answers in time, or not like memcached
   */
  public ServerChannel connect(ServerAddress server) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(server.host());
    requireOneServer(addresses);
    long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    IOException failure = null;
    for (int i = 0; i < addresses.length; i++) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      int share = (int) Math.max(1, left / (addresses.length - i));
      InetSocketAddress address = new InetSocketAddress(addresses[i], server.port());
      try {
        return connect(address, share, server);
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

  private ServerChannel connect(InetSocketAddress address, int millis, ServerAddress server)
      throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    SocketChannel socket = SocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      socket.socket().connect(address, millis);
      ServerChannel channel =
          tls == null ? new PlainChannel(socket) : tls.over(socket, server, deadline);
      try {
        Authentication.over(channel, deadline, server, settings).exchange();
        return channel;
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    } catch (SocketTimeoutException e) {
      socket.close();
      String text = address + " did not answer within " + millis + " ms: " + e.getMessage();
      throw (IOException) new SocketTimeoutException(text).initCause(e);
    } catch (IOException | RuntimeException | Error e) {
      socket.close();
      throw e;
    }
  }
}
