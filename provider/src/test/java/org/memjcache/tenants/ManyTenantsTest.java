// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tenants;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What a tenant costs that does nothing: some heap, no command, no connection. */
@Memcached
@Tag("any-jdk")
class ManyTenantsTest {

  private static final int OPENED = 1_000;
  private static final int COUNTED = 20_000;

  /** In bytes; 2,180 to 2,221 were measured with so few tenants, and less with more of them. */
  private static final int HEAP_OF_A_TENANT = 2_300;

  private final MemcachedServer server;

  ManyTenantsTest(MemcachedServer server) {
    this.server = server;
  }

  @Test
  void openingManagersAndCaches_asksTheServerNothing() {
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      assertThat(open(provider, "first").get("k")).isNull();
      Map<String, String> before = server.stats();

      for (int i = 0; i < OPENED; i++) {
        open(provider, "tenant" + i);
      }

      Map<String, String> after = server.stats();
      assertThat(after).containsEntry("curr_connections", before.get("curr_connections"));
      assertThat(commands(after)).isEqualTo(commands(before));
      assertThat(open(provider, "last").get("k")).isNull();
      assertThat(commands(server.stats())).isNotEqualTo(commands(before));
    }
  }

  private Cache<String, String> open(MemcachedCachingProvider provider, String tenant) {
    return provider
        .getCacheManager(LongTimeoutUri.of(server, "application/" + tenant), null)
        .createCache("cache", new MutableConfiguration<>());
  }

  /** Returns the counts of all commands for items. */
  private static Map<String, String> commands(Map<String, String> stats) {
    Map<String, String> commands = new TreeMap<>(stats);
    commands.keySet().removeIf(name -> !name.matches("cmd_.*|.*_(hits|misses|badval)"));
    return commands;
  }

  @Test
  @Tag("slow")
  void idleTenant_takesLittleHeap() throws IOException, InterruptedException {
    Process process =
        ChildJvm.command(
                List.of(
                    "-Xmx256m",
                    "-XX:+UseSerialGC", // counts objects, not regions
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                IdleTenants.class,
                LongTimeoutUri.of(server, "application").toString(),
                Integer.toString(COUNTED))
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output).matches("\\d+ \\d+");
      for (String bytes : output.split(" ")) {
        assertThat(Integer.parseInt(bytes)).as(output).isBetween(100, HEAP_OF_A_TENANT);
      }
    } finally {
      process.destroyForcibly();
    }
  }
}
