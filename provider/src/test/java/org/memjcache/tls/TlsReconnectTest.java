// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.TestAuthority;
import org.memjcache.testkit.TestCertificate;

/** Servers by TLS that are lost, stand still, or get other certificates. */
@Timeout(120)
@Tag("slow")
class TlsReconnectTest {

  private static final TestAuthority AUTHORITY = TestAuthority.create("our authority");

  @TempDir private Path folder;

  private final TestCertificate certificate = AUTHORITY.issue("server", "127.0.0.1");
  private final MemcachedServer server = MemcachedServer.builder().tls(certificate).start();
  private final TestProvider provider = new TestProvider();

  @AfterEach
  void close() {
    provider.close();
    server.close();
  }

  private Cache<String, String> cache(String options, Path trust) {
    return provider.cache(
        URI.create(
            "memcacheds://%s/app?tls.trust=%s%s".formatted(server.address(), trust, options)));
  }

  @Test
  void restarted_isUsedAgain() {
    Cache<String, String> cache = cache("&failure=miss", AUTHORITY.certificate());
    cache.put("k", "v");
    for (int i = 0; i < 3; i++) {
      server.kill();
      assertThat(cache.get("k")).isNull();
      server.restart();
      await("the server is used again")
          .until(
              () -> {
                cache.put("k", "v");
                return "v".equals(cache.get("k"));
              });
    }
  }

  @Test
  void standsStill_callersWaitNoLongerThanTheTimeout_andItIsUsedAgain() {
    Cache<String, String> cache = cache("&timeout=300ms", AUTHORITY.certificate());
    await("the first connection").until(() -> answers(cache));
    server.pause();
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> cache.get("k")).isInstanceOf(CacheException.class);
    }
    server.resume();
    await("the server is used again").until(() -> answers(cache));
  }

  private static boolean answers(Cache<String, String> cache) {
    try {
      cache.put("k", "v");
      return "v".equals(cache.get("k"));
    } catch (CacheException e) {
      return false;
    }
  }

  /** Both sides get a new authority, first the server. */
  @Test
  void certificates_replacedOnDisk_areTakenByTheNextConnection() throws IOException {
    Path trust = Files.copy(AUTHORITY.certificate(), folder.resolve("ca.pem"));
    Cache<String, String> cache = cache("", trust);
    cache.put("k", "v");

    Files.writeString(trust, "not a certificate");
    server.restart();
    await("the former certificates are used on").until(() -> answers(cache));

    TestAuthority next = TestAuthority.create("next authority");
    certificate.replaceBy(next.issue("server", "127.0.0.1"));
    server.restart();
    await("the new authority is unknown")
        .until(
            () -> {
              try {
                cache.get("k");
                return false;
              } catch (CacheException e) {
                return String.valueOf(e.getMessage()).contains("next authority");
              }
            });
    Files.copy(next.certificate(), trust, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    await("the new authority is trusted").until(() -> answers(cache));
  }
}
