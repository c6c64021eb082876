// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.connection;

import org.memjcache.spring.boot.MemjcacheConnectionDetails;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionDetailsFactory;
import org.springframework.boot.testcontainers.service.connection.ContainerConnectionSource;
import org.testcontainers.containers.Container;

/**
 * Makes connection details of a {@code @ServiceConnection} whose container has the image {@code
 * memcached}, or which is named so.
 */
class ContainerFactory
    extends ContainerConnectionDetailsFactory<Container<?>, MemjcacheConnectionDetails> {

  private static final int PORT = 11211;

  ContainerFactory() {
    super("memcached");
  }

  @Override
  protected MemjcacheConnectionDetails getContainerConnectionDetails(
      ContainerConnectionSource<Container<?>> source) {
    return new OfContainer(source);
  }

  private static final class OfContainer extends ContainerConnectionDetails<Container<?>>
      implements MemjcacheConnectionDetails {

    OfContainer(ContainerConnectionSource<Container<?>> source) {
      super(source);
    }

    @Override
    public String getServers() {
      Container<?> container = getContainer();
      return container.getHost() + ":" + container.getMappedPort(PORT);
    }
  }
}
