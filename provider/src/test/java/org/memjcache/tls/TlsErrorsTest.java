// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.config.value.TlsSettings;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.TestAuthority;
import org.memjcache.testkit.TestCertificate;

/** What doesn't come together by TLS: each error says which it is, and what to do. */
@Timeout(120)
@Tag("slow")
class TlsErrorsTest {

  private static final TestAuthority OURS = TestAuthority.create("our authority");
  private static final TestAuthority FOREIGN = TestAuthority.create("foreign authority");

  private static final int ATTEMPTS = 30;

  @TempDir private static Path folder;

  private static MemcachedServer start(UnaryOperator<MemcachedServer.Builder> options) {
    return options.apply(MemcachedServer.builder()).start();
  }

  private static MemcachedServer start(TestCertificate certificate) {
    return start(builder -> builder.tls(certificate));
  }

  private static void assertRefused(MemcachedServer server, URI uri, String... words) {
    try (TestProvider provider = new TestProvider()) {
      assertThatThrownBy(() -> provider.cache(uri).put("k", "v"))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(server.address())
          .hasMessageContainingAll(words);
    }
  }

  private static URI uri(MemcachedServer server, String options) {
    return URI.create(
        "memcacheds://%s/app?connectTimeout=20s&timeout=20s&tls.trust=%s%s"
            .formatted(server.address(), OURS.certificate(), options));
  }

  @Test
  void expired_saysWhenAndWhose() {
    Instant now = Instant.now();
    try (MemcachedServer server =
        start(
            OURS.issue(
                now.minus(Duration.ofDays(9)),
                now.minus(Duration.ofDays(2)),
                "old.example",
                "127.0.0.1"))) {
      assertRefused(server, uri(server, ""), "'CN=old.example' is valid from", "renew it");
    }
  }

  @Test
  void foreign_namesTheAuthorityAndTheOption() {
    try (MemcachedServer server = start(FOREIGN.issue("cache1", "127.0.0.1"))) {
      assertRefused(server, uri(server, ""), "'CN=foreign authority'", "tls.trust");
      assertRefused(
          server,
          URI.create("memcacheds://" + server.address() + "/app?timeout=20s"),
          "'CN=foreign authority'",
          "the authorities that this JDK trusts");
    }
  }

  /** Each attempt has a selector, which would keep its socket open, too. */
  @Test
  void foreign_manyAttempts_leaveNothingOpen() {
    try (MemcachedServer server = start(FOREIGN.issue("cache1", "127.0.0.1"))) {
      ServerAddress address = new ServerAddress("127.0.0.1", server.port());
      Connector connector = new Connector(trusting(OURS, address));
      assertThatThrownBy(() -> connector.connect(address)).hasMessageContaining("tls.trust");
      int before = openDescriptors();

      for (int i = 0; i < ATTEMPTS; i++) {
        assertThatThrownBy(() -> connector.connect(address)).hasMessageContaining("tls.trust");
      }

      assertThat(openDescriptors()).isLessThan(before + ATTEMPTS);
    }
  }

  private static ClusterSettings trusting(TestAuthority authority, ServerAddress address) {
    Duration limit = Duration.ofSeconds(20);
    return new ClusterSettings(
        List.of(address),
        limit,
        limit,
        1,
        Protocol.TEXT,
        null,
        new TlsSettings(
            authority.certificate(),
            null,
            null,
            null,
            null,
            TlsSettings.Verification.HOSTNAME,
            TlsSettings.ALL_PROTOCOLS,
            List.of(),
            null));
  }

  private static int openDescriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  @Test
  void wrongName_namesThoseOfTheCertificate_andChainAccepts() {
    try (MemcachedServer server = start(OURS.issue("x", "cache9.example", "192.0.2.1"))) {
      assertRefused(
          server,
          uri(server, ""),
          "for 'cache9.example', '192.0.2.1', not for '127.0.0.1'",
          "tls.verify=chain");
      try (TestProvider provider = new TestProvider()) {
        provider.cache(uri(server, "&tls.verify=chain")).put("k", "v");
      }
    }
  }

  @Test
  void nameOfTheCertificate_isThatOfTheList() {
    try (MemcachedServer server = start(OURS.issue("x", "localhost"));
        TestProvider provider = new TestProvider()) {
      URI byName = URI.create(uri(server, "").toString().replace("//127.0.0.1:", "//localhost:"));
      provider.cache(byName).put("k", "v");
      assertRefused(server, uri(server, ""), "not for '127.0.0.1'");
    }
  }

  @Test
  void clientCertificate_demanded_missingOrForeign() {
    TestCertificate own = OURS.issue("a client");
    TestCertificate foreign = FOREIGN.issue("a client");
    try (MemcachedServer server =
        start(builder -> builder.tls(OURS.issue("x", "127.0.0.1")).tlsClients(OURS))) {
      for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
        String only = "&tls.protocols=" + protocol;
        assertRefused(server, uri(server, only), "tls.certificate and tls.key");
        assertRefused(server, uri(server, only + files(foreign)), "tls.certificate");
        try (TestProvider provider = new TestProvider()) {
          provider.cache(uri(server, only + files(own))).put("k", "v");
        }
      }
    }
  }

  private static String files(TestCertificate certificate) {
    return "&tls.certificate=" + certificate.certificate() + "&tls.key=" + certificate.key();
  }

  @Test
  void keyStores_inPlaceOfPem_work() {
    TestCertificate own = OURS.issue("a client");
    try (MemcachedServer server =
            start(builder -> builder.tls(OURS.issue("x", "127.0.0.1")).tlsClients(OURS));
        MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Properties properties = new Properties();
      properties.setProperty("memjcache.tls.certificate", own.keyStore().toString());
      properties.setProperty("memjcache.tls.certificate.password", TestCertificate.PASSWORD);
      provider
          .getCacheManager(uri(server, ""), null, properties)
          .createCache("info", TestProvider.strings())
          .put("k", "v");
    }
  }

  @Test
  void protocols_noneInCommon_namesTheOption() {
    try (MemcachedServer server =
        start(
            builder ->
                builder.tls(OURS.issue("x", "127.0.0.1")).option("-o", "ssl_min_version=3"))) {
      assertRefused(server, uri(server, "&tls.protocols=TLSv1.2"), "tls.protocols", "TLSv1.2");
    }
  }

  @Test
  void plainServer_tlsExpected_saysSo() {
    try (MemcachedServer server = MemcachedServer.start()) {
      URI uri = URI.create(uri(server, "").toString().replace("connectTimeout=20s", "x=y"));
      URI quick =
          URI.create(
              uri.toString()
                  .replace("x=y&", "connectTimeout=1s&")
                  .replace("timeout=20s", "timeout=2s"));
      try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
        assertThatThrownBy(
                () ->
                    provider
                        .getCacheManager(quick, null)
                        .createCache("info", TestProvider.strings())
                        .put("k", "v"))
            .hasMessageContaining(server.address())
            .hasMessageContaining("start it with -Z, or set the option tls=false");
      }
    }
  }

  @Test
  void tlsServer_plainExpected_saysSo() {
    try (MemcachedServer server = start(OURS.issue("x", "127.0.0.1"))) {
      assertRefused(
          server,
          URI.create("memcached://" + server.address() + "/app?timeout=20s"),
          "tls=true",
          "memcacheds://");
    }
  }

  @Test
  void context_givenInCode_isUsed_andSharedByIdentity() throws Exception {
    try (MemcachedServer server = start(OURS.issue("x", "127.0.0.1"));
        MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Properties properties = new Properties();
      properties.put("memjcache.tls.context", SSLContext.getDefault());
      URI uri = URI.create("memcacheds://" + server.address() + "/app");
      assertThatThrownBy(
              () ->
                  provider
                      .getCacheManager(uri, null, properties)
                      .createCache("info", TestProvider.strings())
                      .put("k", "v"))
          .hasMessageContaining("the SSLContext given in code refuses its certificate");
    }
  }

  @Test
  void files_wrong_areRefusedAtOnce() throws IOException {
    TestCertificate one = OURS.issue("one");
    TestCertificate other = OURS.issue("other");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    Path broken =
        Files.writeString(
            folder.resolve("broken"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----");
    Map.of(
            "tls.trust=/none/ca.pem",
            "'/none/ca.pem' of the option 'tls.trust' doesn't exist",
            "tls.trust=" + text,
            "neither PEM nor a key store",
            "tls.trust=" + broken,
            "unreadable certificate",
            "tls.trust=" + one.key(),
            "certificate",
            "tls.certificate=" + one.certificate(),
            "'tls.key' is not set",
            "tls.certificate=" + one.certificate() + "&tls.key=" + other.key(),
            "another key",
            "tls.certificate=" + one.certificate() + "&tls.key=" + one.certificate(),
            "no private key",
            "tls.key=" + one.key(),
            "'tls.certificate' is not set",
            "tls.ciphers=TLS_NULL",
            "'TLS_NULL', which this JDK doesn't know",
            "tls=false",
            "contradict|but 'false'|is 'true' in the URI but 'false'")
        .forEach(
            (options, words) -> {
              try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
                assertThatThrownBy(
                        () ->
                            provider.getCacheManager(
                                URI.create("memcacheds://localhost:1/app?" + options), null))
                    .as(options)
                    .isInstanceOf(CacheException.class)
                    .satisfies(e -> assertThat(e.getMessage()).containsAnyOf(words.split("\\|")));
              }
            });
  }

  /** At once, and not only where the first connection is made. */
  @Test
  void libraryThatIsMissing_isNamed_andMissedOnlyForTls() {
    try (MemcachedServer server = MemcachedServer.start();
        IsolatedProvider without = IsolatedProvider.without("tlschannel.")) {
      assertThatThrownBy(() -> without.manager(URI.create("memcacheds://localhost:1/app")))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining("option 'tls' is true")
          .hasMessageContaining("add com.github.marianobarrios:tls-channel:");

      Cache<String, String> plain = without.cache(server.uri("app"), "info");
      plain.put("k", "v");
      assertThat(plain.get("k")).isEqualTo("v");
    }
  }

  @Test
  void optionsOfTls_withoutTls_areRefused() {
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      assertThatThrownBy(
              () ->
                  provider.getCacheManager(
                      URI.create("memcached://localhost:1/app?tls.trust=ca.pem"), null))
          .hasMessageContaining("'tls.trust' is given, but tls is false")
          .hasMessageContaining("tls=true");
    }
  }
}
