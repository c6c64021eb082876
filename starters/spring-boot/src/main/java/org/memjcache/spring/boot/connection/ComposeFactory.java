// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.connection;

import org.memjcache.spring.boot.MemjcacheConnectionDetails;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionDetailsFactory;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;

/** Makes connection details of a service of Docker Compose whose image is {@code memcached}. */
class ComposeFactory extends DockerComposeConnectionDetailsFactory<MemjcacheConnectionDetails> {

  private static final int PORT = 11211;

  ComposeFactory() {
    super("memcached");
  }

  @Override
  protected MemjcacheConnectionDetails getDockerComposeConnectionDetails(
      DockerComposeConnectionSource source) {
    return new OfService(source.getRunningService());
  }

  private static final class OfService extends DockerComposeConnectionDetails
      implements MemjcacheConnectionDetails {

    private final String servers;

    OfService(RunningService service) {
      super(service);
      servers = service.host() + ":" + service.ports().get(PORT);
    }

    @Override
    public String getServers() {
      return servers;
    }
  }
}
