package org.memjcache.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

@Memcached
class QuickstartTest {

  private static final String EXPECTED =
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
      changes made in memcached by this clear: 1
      """;

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

  private static String outputOn(URI cluster) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      new Quickstart(cluster, out).run();
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
