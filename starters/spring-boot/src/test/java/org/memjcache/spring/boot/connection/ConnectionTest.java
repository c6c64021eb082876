// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.spring.boot.MemjcacheConnectionDetails;
import org.memjcache.testkit.MemcachedServer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetailsFactories;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.service.connection.DockerComposeConnectionSource;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.testcontainers.containers.GenericContainer;

/** Servers of Docker Compose and Testcontainers; no Docker runs where this is tested. */
class ConnectionTest {

  @ParameterizedTest
  @CsvSource({"memcached:1.6-alpine, true", "docker.io/library/memcached, true", "redis:7, false"})
  void compose_serviceOfTheImage_isWhereTheServerIs(String image, boolean isOurs) {
    RunningService service = mock(RunningService.class);
    ConnectionPorts ports = mock(ConnectionPorts.class);
    when(service.image()).thenReturn(ImageReference.of(image));
    when(service.host()).thenReturn("docker.local");
    when(service.labels()).thenReturn(Map.of());
    when(service.ports()).thenReturn(ports);
    when(ports.get(11211)).thenReturn(32768);
    DockerComposeConnectionSource source = mock(DockerComposeConnectionSource.class);
    when(source.getRunningService()).thenReturn(service);

    Map<Class<?>, ConnectionDetails> details =
        new ConnectionDetailsFactories(null).getConnectionDetails(source, false);

    assertThat(details.containsKey(MemjcacheConnectionDetails.class)).isEqualTo(isOurs);
    if (isOurs) {
      assertThat(details.get(MemjcacheConnectionDetails.class))
          .isInstanceOfSatisfying(
              MemjcacheConnectionDetails.class,
              found -> assertThat(found.getServers()).isEqualTo("docker.local:32768"));
    }
  }

  @Test
  void container_serviceConnection_isWhereTheServerIs() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(WithContainer.class)
            .web(WebApplicationType.NONE)
            .properties("memjcache.servers=localhost:1", "spring.application.name=hotels")
            .run()) {
      MemcachedServer started = context.getBean(LocalContainer.class).server;

      assertThat(context.getBean(MemcachedCacheManager.class).ping())
          .singleElement()
          .satisfies(
              result -> {
                assertThat(result.server()).isEqualTo(started.address());
                assertThat(result.isReachable()).isTrue();
              });
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class WithContainer {
    @Bean
    @ServiceConnection(name = "memcached") // Spring Boot doesn't ask a bean for its image
    LocalContainer memcached() {
      return new LocalContainer();
    }
  }

  /** A container of memcached's image whose process runs on this machine itself. */
  static final class LocalContainer extends GenericContainer<LocalContainer> {

    private MemcachedServer server;

    LocalContainer() {
      super("memcached:1.6-alpine");
    }

    @Override
    public void start() {
      if (server == null) {
        server = MemcachedServer.start();
      }
    }

    @Override
    public void stop() {
      server.close();
    }

    @Override
    public boolean isRunning() {
      return server != null;
    }

    @Override
    public String getDockerImageName() {
      return "memcached:1.6-alpine";
    }

    @Override
    public String getHost() {
      return server.host();
    }

    @Override
    public Integer getMappedPort(int port) {
      assertThat(port).isEqualTo(11211);
      return server.port();
    }
  }
}
