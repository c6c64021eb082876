// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.memjcache.testkit.server.ServerSettings;

/**
 * Starts memcached servers for JUnit Jupiter tests and closes them afterwards.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final MemcachedExtension memcached = MemcachedExtension.builder().servers(2).build();
 * }</pre>
 *
 * <p>In a static field the servers live as long as the test class, its nested classes included; in
 * an instance field each test gets new ones. Parameters are resolved as with {@link Memcached}, as
 * long as the class has only one such extension.
 */
public final class MemcachedExtension
    implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(MemcachedExtension.class);

  private final int servers;
  private final ServerSettings settings;
  private volatile @Nullable MemcachedCluster cluster;

  private MemcachedExtension(int servers, ServerSettings settings) {
    this.servers = servers;
    this.settings = settings;
  }

  /** {@return an extension that starts one server with memcached's own settings} */
  public static MemcachedExtension create() {
    return builder().build();
  }

  /** {@return a builder for an extension, which starts one server if nothing else is said} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return all servers}
   *
   * @throws IllegalStateException if they aren't started yet
   */
  public MemcachedCluster cluster() {
    MemcachedCluster started = cluster;
    if (started == null) {
      throw new IllegalStateException(
          "The servers aren't started yet. Is this MemcachedExtension in a field with"
              + " @RegisterExtension, static if it is used before the first test?");
    }
    return started;
  }

  /**
   * {@return the servers in their order}
   *
   * @throws IllegalStateException if they aren't started yet
   */
  public List<MemcachedServer> servers() {
    return cluster().servers();
  }

  /**
   * {@return one of the servers}
   *
   * @param index from 0
   * @throws IndexOutOfBoundsException if there is no such server
   * @throws IllegalStateException if they aren't started yet
   */
  public MemcachedServer server(int index) {
    return cluster().server(index);
  }

  /**
   * {@return the only server}
   *
   * @throws IllegalStateException if there are several, or it isn't started yet
   */
  public MemcachedServer server() {
    if (servers().size() > 1) {
      throw new IllegalStateException(
          "There are %d servers: use server(index)".formatted(servers().size()));
    }
    return server(0);
  }

  /**
   * {@return the URI of a cache manager on these servers, as {@link MemcachedCluster#uri} does}
   *
   * @param path the namespace and, after a {@code ?}, options
   * @throws IllegalStateException if the servers aren't started yet
   */
  public URI uri(String path) {
    return cluster().uri(path);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    startOnce(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    startOnce(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return ClusterParameter.isSupported(parameter.getParameter());
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return ClusterParameter.resolve(
        parameter.getParameter(), context.getStore(NAMESPACE).get(this, MemcachedCluster.class));
  }

  /** Starts the servers unless this extension has done so for this test or a class around it. */
  private void startOnce(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    if (store.get(this) == null) {
      MemcachedCluster started = MemcachedCluster.start(servers, settings);
      store.put(this, started);
      cluster = started;
    }
  }

  /** Settings of the servers to be started. Not thread safe. */
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

    /** {@return the extension} Nothing is started before JUnit calls it. */
    public MemcachedExtension build() {
      return new MemcachedExtension(servers, settings());
    }

    @Override
    Builder self() {
      return this;
    }
  }
}
