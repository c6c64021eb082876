// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
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
   * Returns a connected channel with nothing left to read. The host name is looked up now; an
   * address of IPv4 and one of IPv6 are tried one after the other.
   *
   * @throws RefusedAccessException if the server doesn't let us in
   * @throws IOException if nobody answers in time, or not like memcached
   */
  public ServerChannel connect(ServerAddress server) throws IOException {
    List<InetAddress> addresses = addressesOf(server.host());
    requireOneServer(addresses);
    long deadline = System.nanoTime() + settings.connectTimeout().toNanos();
    IOException failure = null;
    for (int i = 0; i < addresses.size(); i++) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      int share = (int) Math.max(1, left / (addresses.size() - i));
      InetSocketAddress address = new InetSocketAddress(addresses.get(i), server.port());
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
    throw Objects.requireNonNull(failure);
  }

  /**
   * Returns all addresses of a host as they are now (the JVM may remember an earlier answer, see
   * {@code networkaddress.cache.ttl}); at least one.
   */
  public List<InetAddress> addressesOf(String host) throws IOException {
    if (ServerAddress.isLiteral(host)) {
      return List.of(InetAddress.getByName(host));
    }
    List<InetAddress> addresses;
    try {
      addresses = List.copyOf(settings.resolver().resolve(host));
    } catch (RuntimeException e) { // or null, it is the application's
      throw new IOException(
          "the resolver " + settings.resolver() + " has failed for " + host + ": " + e, e);
    }
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host + " has no address");
    }
    return addresses;
  }

  /**
   * Refuses a name of several servers, such as a headless service of Kubernetes has: each process,
   * and each connection, would take another one. One address of each family is one server.
   */
  private static void requireOneServer(List<InetAddress> addresses) throws IOException {
    long ipv4 = addresses.stream().filter(Inet4Address.class::isInstance).count();
    if (ipv4 > 1 || addresses.size() - ipv4 > 1) {
      throw new IOException(
          "its name leads to several addresses, "
              + addresses.stream().map(InetAddress::getHostAddress).collect(joining(", "))
              + ", and every process could take another one; give each server a name or an address"
              + " of its own in the list of servers, or let all of them be servers by"
              + " servers=dns:host:port");
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
          tls == null
              ? new PlainChannel(socket)
              : tls.over(socket, settings.certifiedName(server), deadline);
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
