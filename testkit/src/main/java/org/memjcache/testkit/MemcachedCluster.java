// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.memjcache.testkit.server.ServerSettings;

/**
 * Some memcached servers that one client spreads its keys over. Each starts empty.
 *
 * <p>Thread safe.
 */
public final class MemcachedCluster implements AutoCloseable {

  private final List<MemcachedServer> servers;
  private final ServerSettings settings;

  private MemcachedCluster(List<MemcachedServer> servers, ServerSettings settings) {
    this.servers = List.copyOf(servers);
    this.settings = settings;
  }

  /**
   * Starts servers with memcached's own settings and returns when all answer.
   *
   * @param servers how many, at least 1
   * @return the servers, all empty
   * @throws IllegalArgumentException if it is less
   * @throws IllegalStateException if there is no memcached to start or one doesn't come up
   */
  public static MemcachedCluster start(int servers) {
    return builder().servers(servers).start();
  }

  static MemcachedCluster start(int servers, ServerSettings settings) {
    List<MemcachedServer> started = new ArrayList<>();
    try {
      for (int i = 0; i < servers; i++) {
        started.add(MemcachedServer.start(settings));
      }
      return new MemcachedCluster(started, settings);
    } catch (RuntimeException e) {
      started.forEach(MemcachedServer::close);
      throw e;
    }
  }

  /** {@return a builder for a cluster, of one server if nothing else is said} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the servers in their order, running or not} */
  public List<MemcachedServer> servers() {
    return servers;
  }

  /**
   * {@return one of the servers}
   *
   * @param index from 0
   * @throws IndexOutOfBoundsException if there is no such server
   */
  public MemcachedServer server(int index) {
    return servers.get(index);
  }

  /** {@return {@code host:port,host:port} in the servers' order} */
  public String addresses() {
    return servers.stream().map(MemcachedServer::address).collect(Collectors.joining(","));
  }

  /**
   * {@return the URI of a cache manager on these servers, {@code
   * memcached://host:port,host:port/path}} With TLS as {@link MemcachedServer#uri} says.
   *
   * @param path the namespace and, after a {@code ?}, options; as it stands in a URI, with or
   *     without a slash at its beginning
   * @throws IllegalArgumentException if it can't stand in a URI
   */
  public URI uri(String path) {
    return MemcachedUri.of(addresses(), path, settings.tls());
  }

  /**
   * Makes all servers forget everything.
   *
   * @throws java.io.UncheckedIOException if one is away or doesn't answer within 5 seconds
   */
  public void flushAll() {
    servers.forEach(MemcachedServer::flushAll);
  }

  /** Closes all servers. May be called again. */
  @Override
  public void close() {
    servers.forEach(MemcachedServer::close);
  }

  @Override
  public String toString() {
    return "memcached at " + addresses();
  }

  /** Settings of a cluster to be started, the same for all its servers. Not thread safe. */
  public static final class Builder extends MemcachedOptions<Builder> {

    private int servers = 1;

    private Builder() {}

    /**
     * Sets how many servers to start.
     *
     * @param count at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is less
     */
    public Builder servers(int count) {
      servers = atLeastOne("servers", count);
      return this;
    }

    /**
     * Starts the servers and returns when all answer. If one doesn't come up, none is left running.
     *
     * @return the servers, all empty
     * @throws IllegalStateException if there is no memcached to start, one doesn't come up, or
     *     {@code MEMJCACHE_TEST_SERVERS} names too few
     * @throws UnsupportedOperationException if there are settings and the servers are those of
     *     {@code MEMJCACHE_TEST_SERVERS}
     */
    public MemcachedCluster start() {
      return MemcachedCluster.start(servers, settings());
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
