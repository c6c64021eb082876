// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.memjcache.testkit.server.EndpointTls;
import org.memjcache.testkit.server.Login;
import org.memjcache.testkit.server.Ports;

/**
 * A small server on 127.0.0.1 that says which memcached servers there are, as the configuration
 * endpoint of Amazon ElastiCache and the discovery endpoint of Google Memorystore do: it answers
 * {@code config get cluster}, {@code version}, and a login. What it says can be changed while
 * clients run.
 *
 * <pre>{@code
 * try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.start()) {
 *   endpoint.setServers(one.address());
 *   CacheManager manager = provider.getCacheManager(endpoint.uri("/shop"), null);
 *   endpoint.setServers(one.address(), two.address());   // the cluster has grown
 * }
 * }</pre>
 *
 * <p>Thread safe.
 */
public final class ConfigurationEndpoint implements AutoCloseable {

  private static final String HOST = "127.0.0.1";

  private final int port = Ports.reserve();
  private final Optional<Login> login;
  private final Optional<EndpointTls> tls;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();

  private volatile String answer = "ERROR\r\n";
  private volatile boolean paused;

  // Guarded by this.
  private long version;
  private ServerSocket listener;
  private Thread acceptor;

  private ConfigurationEndpoint(Optional<Login> login, Optional<EndpointTls> tls) {
    this.login = login;
    this.tls = tls;
    this.listener = listen();
    ServerSocket first = listener;
    this.acceptor = start(() -> accept(first));
  }

  /**
   * Starts an endpoint that lets everybody in and knows no servers yet.
   *
   * @return the endpoint
   * @throws UncheckedIOException if it can't listen
   */
  public static ConfigurationEndpoint start() {
    return new ConfigurationEndpoint(Optional.empty(), Optional.empty());
  }

  /**
   * Starts an endpoint that lets nobody in but one user, by the text protocol's authentication.
   *
   * @param user without blanks
   * @param password without line ends
   * @return the endpoint, which knows no servers yet
   * @throws UncheckedIOException if it can't listen
   */
  public static ConfigurationEndpoint startWithLogin(String user, String password) {
    return new ConfigurationEndpoint(
        Optional.of(new Login(Login.Way.TEXT, user, password)), Optional.empty());
  }

  /**
   * Starts an endpoint that speaks TLS.
   *
   * @param certificate what it shows
   * @return the endpoint, which knows no servers yet
   * @throws UncheckedIOException if it can't listen
   */
  public static ConfigurationEndpoint startWithTls(TestCertificate certificate) {
    return new ConfigurationEndpoint(
        Optional.empty(),
        Optional.of(new EndpointTls(certificate.keyStore(), TestCertificate.PASSWORD)));
  }

  /** {@return the TCP port on 127.0.0.1} */
  public int port() {
    return port;
  }

  /** {@return {@code host:port}} */
  public String address() {
    return HOST + ":" + port;
  }

  /**
   * {@return the URI of a cache manager that asks this endpoint for its servers, {@code
   * memcached://elasticache:host:port/path}}
   *
   * @param path the namespace and, after a {@code ?}, options; as it stands in a URI, with or
   *     without a slash at its beginning
   * @throws IllegalArgumentException if it can't stand in a URI
   */
  public URI uri(String path) {
    String slash = path.startsWith("/") ? "" : "/";
    String scheme = tls.isPresent() ? "memcacheds" : "memcached";
    return URI.create(scheme + "://elasticache:" + address() + slash + path);
  }

  /**
   * Sets the servers that there are from now on. The version of the list grows by one.
   *
   * @param servers each {@code host:port}
   */
  public synchronized void setServers(String... servers) {
    setList(++version, servers);
  }

  /**
   * Says a list under a version of one's own: a real endpoint only lets it grow.
   *
   * @param ofList the version
   * @param servers each {@code host:port}
   */
  public synchronized void setList(long ofList, String... servers) {
    version = ofList;
    String list =
        Arrays.stream(servers)
            .map(ConfigurationEndpoint::entry)
            .collect(Collectors.joining(" ", version + "\n", "\n"));
    setAnswer("CONFIG cluster 0 " + list.length() + "\r\n" + list + "\r\nEND\r\n");
  }

  private static String entry(String server) {
    int colon = server.lastIndexOf(':');
    String host = server.substring(0, colon);
    String address = host.matches("[0-9.]+|.*:.*") ? host : "";
    return host + "|" + address + "|" + server.substring(colon + 1);
  }

  /**
   * Sets what is answered to {@code config get cluster}, whatever it is.
   *
   * @param text with its line ends; one character is one byte
   */
  public void setAnswer(String text) {
    answer = text;
  }

  /** {@return how often it was asked for servers} */
  public int requests() {
    return requests.get();
  }

  /** Accepts connections, and answers nothing, until {@link #resume}. */
  public void pause() {
    paused = true;
  }

  /** Answers the requests to come; those that came meanwhile stay without an answer. */
  public void resume() {
    paused = false;
  }

  /** Closes all connections and refuses new ones until {@link #restart}. */
  public synchronized void kill() {
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      acceptor.join(); // the port is open as long as it waits there
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Listens again on the same port after {@link #kill}. */
  public synchronized void restart() {
    kill();
    ServerSocket next = listen();
    listener = next;
    acceptor = start(() -> accept(next));
  }

  /** Ends it. May be called again. */
  @Override
  public void close() {
    kill();
    Ports.release(port);
  }

  @Override
  public String toString() {
    return "configuration endpoint at " + address();
  }

  private ServerSocket listen() {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket socket = from.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (Socket spoken = tls.isPresent() ? tls.get().over(socket) : socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(spoken.getInputStream(), ISO_8859_1));
      boolean isIn = login.isEmpty();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String response;
        if (line.startsWith("set ")) {
          isIn = token().equals(in.readLine()) || isIn;
          response = isIn ? "STORED\r\n" : "CLIENT_ERROR authentication failure\r\n";
        } else if (!isIn) {
          response = "CLIENT_ERROR unauthenticated\r\n";
        } else {
          response = response(line);
        }
        if (!paused) {
          spoken.getOutputStream().write(response.getBytes(ISO_8859_1));
          spoken.getOutputStream().flush();
        }
      }
    } catch (IOException e) {
      // The client has gone.
    } finally {
      sockets.remove(socket);
    }
  }

  private String token() {
    return login.map(as -> as.user() + " " + as.password()).orElse("");
  }

  private String response(String line) {
    if (line.equals("config get cluster")) {
      requests.incrementAndGet();
      return answer;
    }
    return line.equals("version") ? "VERSION 1.6.18\r\n" : "ERROR\r\n";
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task, "configuration-endpoint");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
