// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/** TLS by a pair of stunnels, configured as docs/security.md says. */
@Timeout(120)
@Tag("slow")
class TlsProxyTest {

  private static final Path PAGE = Path.of("..", "docs", "security.md");
  private static final Pattern CONFIGURATION = Pattern.compile("```ini\n(.*?)```", Pattern.DOTALL);

  @TempDir private static Path folder;

  private final MemcachedServer memcached = MemcachedServer.start();
  private final TestProvider caches = new TestProvider();
  private final List<Stunnel> proxies = new ArrayList<>();
  private String ofApplication;
  private Stunnel beforeMemcached;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException, InterruptedException {
    Matcher configurations = CONFIGURATION.matcher(Files.readString(PAGE));
    assertThat(configurations.find()).isTrue();
    ofApplication = configurations.group(1);
    assertThat(configurations.find()).isTrue();
    String ofServer = configurations.group(1);
    beforeMemcached =
        start(
            replaced(
                ofServer,
                Map.of(
                    "accept = 11212",
                    "accept = 127.0.0.1:%PORT%",
                    "127.0.0.1:11211",
                    memcached.address(),
                    "/etc/stunnel/cache1.pem",
                    certificate("server").withKey().toString())));
  }

  @AfterEach
  void close() {
    caches.close();
    proxies.forEach(Stunnel::close);
    memcached.close();
  }

  private Stunnel start(String service) throws InterruptedException {
    Stunnel proxy = Stunnel.start(folder, service);
    proxies.add(proxy);
    return proxy;
  }

  /** Returns the certificate of this name, the same each time. */
  private static Certificate certificate(String name)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path own = folder.resolve(name);
    return Files.exists(own)
        ? new Certificate(own.resolve("with-key.pem"), own.resolve("alone.pem"))
        : Certificate.of("cache1", Files.createDirectory(own));
  }

  private static String replaced(String configuration, Map<String, String> replacements) {
    String result = configuration;
    for (Map.Entry<String, String> each : replacements.entrySet()) {
      assertThat(result).contains(each.getKey());
      result = result.replace(each.getKey(), each.getValue());
    }
    return result;
  }

  /** Starts the proxy on the side of the application, which trusts one certificate. */
  private URI through(Certificate trusted) throws InterruptedException {
    Stunnel proxy =
        start(
            replaced(
                ofApplication,
                Map.of(
                    "127.0.0.1:11211",
                    "127.0.0.1:%PORT%",
                    "cache1:11212",
                    beforeMemcached.address(),
                    "/etc/stunnel/ca.pem",
                    trusted.alone().toString())));
    return URI.create("memcached://" + proxy.address() + "/hotels/Lisboa");
  }

  @Test
  void serverThatIsTrusted_doesEverything() throws Exception {
    Cache<String, String> cache = caches.cache(through(certificate("server")));

    cache.putAll(Map.of("a", "1", "b", "2".repeat(100_000)));
    assertThat(cache.get("a")).isEqualTo("1");
    assertThat(cache.getAll(Set.of("a", "b", "c")))
        .isEqualTo(Map.of("a", "1", "b", "2".repeat(100_000)));
    assertThat(cache).extracting(Cache.Entry::getKey).containsExactlyInAnyOrder("a", "b");
    cache.clear();
    assertThat(cache.get("a")).isNull();
  }

  @Test
  void serverThatIsNotTrusted_getsNothing() throws Exception {
    URI uri = through(certificate("other"));
    Cache<String, String> cache =
        caches
            .manager(URI.create(uri + "?timeout=2s"))
            .createCache("info", new MutableConfiguration<>());

    assertThatThrownBy(() -> cache.put("a", "1"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(uri.getAuthority());
    assertThat(memcached.stats()).containsEntry("total_items", "0");
  }

  @Test
  void withoutAProxy_theErrorSaysThatTlsIsExpected() {
    URI uri = URI.create("memcached://" + beforeMemcached.address() + "/hotels/Lisboa");

    assertThatThrownBy(() -> caches.cache(uri).put("a", "1"))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(uri.getAuthority())
        .hasMessageContaining("TLS")
        .hasMessageContaining("tls=true");
  }

  @Test
  void whoSpeaksNoTls_isNotAnswered() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), beforeMemcached.port())) {
      socket.getOutputStream().write("version\r\n".getBytes(US_ASCII));
      socket.shutdownOutput();

      assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
          .doesNotContain("VERSION");
    } catch (IOException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
  }
}
