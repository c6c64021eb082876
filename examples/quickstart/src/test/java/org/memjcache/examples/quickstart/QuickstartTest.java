// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.ConfigurationEndpoint;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

@Memcached
class QuickstartTest {

  private static final String BEFORE_COUNT =
      """
      Setting Lisboa cache...
      Lisboa cached /info is: 2 days
      Setting Barcelona cache...
      Barcelona cached /info is: 3 days
      Clearing Barcelona cache...
      Barcelona cached /info is: None
      Lisboa cached /info is: 2 days

      trains, Lisboa cached /info is: None
      Setting trains, Lisboa cache, and hotels, Barcelona cache...
      Clearing application hotels...
      hotels, Lisboa cached /info is: None
      hotels, Barcelona cached /info is: None
      trains, Lisboa cached /info is: 4 hours
      changes made in memcached by this clear:\s""";

  private static final String EXPECTED = BEFORE_COUNT + "1\n";

  @Test
  void run_emptyServer_printsWhatTheReadmeShows(MemcachedCluster memcached) {
    assertThat(outputOn(memcached.uri("/"))).isEqualTo(EXPECTED);
  }

  @Test
  void run_secondTimeOnTheSameServer_printsTheSame(MemcachedCluster memcached) {
    outputOn(memcached.uri("/"));

    assertThat(outputOn(memcached.uri("/"))).isEqualTo(EXPECTED);
  }

  @Test
  void run_uriWithPathAndOptions_printsTheSame(MemcachedCluster memcached) {
    URI uri = URI.create(memcached.uri("/examples") + "?timeout=2s");

    assertThat(outputOn(uri)).isEqualTo(EXPECTED);
  }

  @Test
  void run_overTls_printsTheSame() {
    try (MemcachedServer server = MemcachedServer.builder().tls().start()) {
      assertThat(outputOn(server.uri("/"))).isEqualTo(EXPECTED);
    } catch (UnsupportedOperationException e) {
      abort("Skipped: " + e.getMessage());
    }
  }

  /**
   * What a clear changes is one version on each server, by another command if there is none yet.
   */
  @Test
  void run_discoveredClusterGrowsMeanwhile_printsWhatTheReadmeShows() {
    try (MemcachedCluster memcached = MemcachedCluster.start(3);
        ConfigurationEndpoint endpoint = ConfigurationEndpoint.start()) {
      String[] servers =
          memcached.servers().stream().map(MemcachedServer::address).toArray(String[]::new);
      endpoint.setServers(servers[0]);

      String output =
          outputOn(
              endpoint.uri("/?discovery.interval=100ms"),
              () -> {
                endpoint.setServers(servers);
                int asked = endpoint.requests();
                await().until(() -> endpoint.requests() > asked + 1); // the first one is over
              });

      assertThat(output).matches(Pattern.quote(BEFORE_COUNT) + "[3-6]\n");
    }
  }

  private static String outputOn(URI cluster) {
    return outputOn(cluster, () -> {});
  }

  /**
   * Returns what is printed.
   *
   * @param meanwhile what happens after the first application, at the empty line
   */
  private static String outputOn(URI cluster, Runnable meanwhile) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out =
        new PrintStream(bytes, true, StandardCharsets.UTF_8) {
          @Override
          public void println() {
            super.println();
            meanwhile.run();
          }
        }) {
      new Quickstart(cluster, out).run();
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
