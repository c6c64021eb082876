// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.memjcache.testkit.server.TextConnection;

/** Servers that speak TLS, and certificates for them. */
@Timeout(120)
class TlsTest {

  private static MemcachedServer startOrSkip(MemcachedServer.Builder builder) {
    try {
      return builder.start();
    } catch (UnsupportedOperationException e) {
      return abort("Skipped: " + e.getMessage());
    }
  }

  private static List<X509Certificate> read(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }

  @Test
  void tls_theTestKitGetsIn_andNobodyWithoutTls() {
    try (MemcachedServer server = startOrSkip(MemcachedServer.builder().tls())) {
      assertThat(server.command("set k 0 0 1\r\nv")).containsExactly("STORED");
      assertThat(server.stats()).containsEntry("curr_items", "1");
      assertThatThrownBy(
              () -> {
                try (TextConnection plain =
                    TextConnection.open(server.host(), server.port(), Duration.ofSeconds(5))) {
                  plain.ask("version");
                }
              })
          .isInstanceOf(IOException.class);

      server.restart();

      assertThat(server.command("get k")).containsExactly("END");
    }
  }

  @Test
  void tls_uri_saysWhomToTrust() {
    try (MemcachedServer server = startOrSkip(MemcachedServer.builder().tls())) {
      Path trusted = TestAuthority.shared().certificate();
      assertThat(server.uri("/carts"))
          .hasToString(
              "memcacheds://%s/carts?tls.trust=%s"
                  .formatted(server.address(), trusted.toString().replace("/", "%2F")));
      assertThat(server.uri("carts?timeout=1s").getQuery())
          .isEqualTo("timeout=1s&tls.trust=" + trusted);
      assertThat(server.uri("carts?tls.trust=other").getQuery()).isEqualTo("tls.trust=other");
    }
  }

  @Test
  void tlsClients_uri_hasACertificate() {
    try (MemcachedServer server =
        startOrSkip(MemcachedServer.builder().tlsClients(TestAuthority.shared()))) {
      assertThat(server.command("version")).hasSize(1);
      assertThat(server.uri("carts").getQuery())
          .contains("tls.certificate=/")
          .contains("tls.key=/");
    }
  }

  @Test
  void tls_withLogin_both() {
    try (MemcachedServer server =
        startOrSkip(MemcachedServer.builder().tls().textLogin("alice", "sesame"))) {
      assertThat(server.command("get k")).containsExactly("END");
    }
    try (MemcachedServer server =
        startOrSkip(MemcachedServer.builder().tls().saslLogin("alice", "sesame"))) {
      assertThat(server.isRunning()).isTrue();
    }
  }

  @Test
  void tls_cluster_urisOfAll() {
    try (MemcachedCluster cluster = MemcachedCluster.builder().servers(2).tls().start()) {
      assertThat(cluster.uri("carts").toString())
          .startsWith("memcacheds://" + cluster.addresses() + "/carts?tls.trust=");
    } catch (UnsupportedOperationException e) {
      abort("Skipped: " + e.getMessage());
    }
  }

  @Test
  void issue_certificate_saysWhatWasAskedFor() throws Exception {
    TestAuthority authority = TestAuthority.create("our own");
    Instant from = Instant.parse("2020-01-02T03:04:05Z");
    Instant until = Instant.parse("2049-12-31T23:59:59Z");
    String[] names = new String[20]; // a length of more than one byte
    for (int i = 0; i < names.length; i++) {
      names[i] = "host-" + i + ".example";
    }
    names[19] = "127.0.0.1";

    TestCertificate certificate = authority.issue(from, until, "cache.example", names);

    List<X509Certificate> chain = read(certificate.certificate());
    X509Certificate first = chain.get(0);
    X509Certificate above = read(authority.certificate()).get(0);
    assertThat(chain).hasSize(2);
    assertThat(chain.get(1)).isEqualTo(above);
    first.verify(above.getPublicKey());
    assertThat(first.getNotBefore()).isEqualTo(from);
    assertThat(first.getNotAfter()).isEqualTo(until);
    assertThat(first.getBasicConstraints()).isEqualTo(-1);
    assertThat(above.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
    assertThat(first.getSubjectAlternativeNames())
        .contains(List.of(2, "host-0.example"), List.of(7, "127.0.0.1"))
        .hasSize(20);
    KeyStore store =
        KeyStore.getInstance(
            certificate.keyStore().toFile(), TestCertificate.PASSWORD.toCharArray());
    assertThat(store.getCertificate("test")).isEqualTo(first);
  }

  @Test
  void replaceBy_files_holdTheOther() throws Exception {
    TestAuthority authority = TestAuthority.create("our own");
    TestCertificate first = authority.issue("first", "localhost");
    TestCertificate second = authority.issue("second", "localhost");

    first.replaceBy(second);

    assertThat(read(first.certificate())).isEqualTo(read(second.certificate()));
    assertThat(first.key()).hasSameBinaryContentAs(second.key());
    assertThat(first.keyStore()).hasSameBinaryContentAs(second.keyStore());
  }

  @Test
  void option_minusZ_isTheTestKits() {
    assertThatThrownBy(() -> MemcachedServer.builder().option("-Z"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Z");
  }

  @Nested
  @Memcached(tls = true)
  @DisabledIfEnvironmentVariable(named = "MEMJCACHE_TEST_SERVERS", matches = ".+")
  class Annotated {

    @Test
    void annotation_tls_server(MemcachedServer server) {
      assertThat(server.uri("x").getScheme()).isEqualTo("memcacheds");
      assertThat(server.command("version")).hasSize(1);
    }
  }
}
