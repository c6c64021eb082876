package org.memjcache.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

class MemcachedProbeTest {

  @TempDir Path folder;

  @Test
  void ask_managerOfATenantInAFile_asksItsServers() throws IOException {
    try (MemcachedServer server = MemcachedServer.start();
        MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      String address = server.host() + ":" + server.port();
      Path file =
          Files.writeString(
              folder.resolve("memjcache.properties"),
              "memjcache.servers=" + address + "\nmemjcache.failure=miss\n");
      URI tenant = ManagerUri.withNamespace(file.toUri(), "Lisboa");
      assertThat(tenant.toString()).contains("#Lisboa");
      CacheManager manager = provider.getCacheManager(tenant, null);
      MemcachedProbe probe = new MemcachedProbe(manager);

      assertThatCode(probe::ask).doesNotThrowAnyException();
      server.kill();
      assertThatThrownBy(probe::ask)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(address);
    }
  }
}
