// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.ManagerUri;

class ManagerUriTest {

  @Test
  void toUri_namesOfAnyCharacters_percentEncoded() {
    assertThat(ManagerUri.servers("127.0.0.1:11211").namespace("hotels", "Lisboa / Süd").toUri())
        .isEqualTo(URI.create("memcached://127.0.0.1:11211/hotels/Lisboa%20%2F%20S%C3%BCd"));
  }

  @Test
  void toUri_serversInAnySpelling_equalUris() {
    URI uri = URI.create("memcached://a:11211;b:2;c.d:3");
    assertThat(ManagerUri.servers("a", "b:2", "c.d:3").toUri()).isEqualTo(uri);
    assertThat(ManagerUri.servers("C.D:3", "B:2", "A:11211").toUri()).isEqualTo(uri);
    assertThat(ManagerUri.servers("c.d:3,b:2;a").toUri()).isEqualTo(uri);
  }

  @Test
  void toUri_ipv6_bracketsAsTheJdkAccepts() {
    assertThat(ManagerUri.servers("[::1]").toUri()).hasToString("memcached://[::1]:11211");
    assertThat(ManagerUri.servers("[::1]", "[::2]:2").toUri())
        .hasToString("memcached://%5B::1%5D:11211;%5B::2%5D:2");
  }

  @Test
  void toUri_dotsAsName_survivesNormalization() {
    URI uri = ManagerUri.servers("h").namespace("a", "..", ".", "b").toUri();
    assertThat(uri).hasToString("memcached://h:11211/a/%2E%2E/%2E/b");
    assertThat(ManagerSettings.of(uri.normalize(), null).namespace())
        .containsExactly("a", "..", ".", "b");
  }

  @Test
  void toUri_severalServersAndNames_noCharacterThatBreaksJmxNames() {
    assertThat(ManagerUri.servers("a", "b").namespace("x,y", "k=v", "*?\"").toString())
        .doesNotContainAnyWhitespaces()
        .doesNotContain(",", "=", "*", "?", "\"");
  }

  @Test
  void option_values_inQueryOfEqualOrder() {
    ManagerUri uri = ManagerUri.servers("h").namespace("a");
    assertThat(uri.option("timeout", "2s").option("tls.ciphers", "a.*;b&c").toUri())
        .hasToString("memcached://h:11211/a?timeout=2s&tls.ciphers=a.%2A%3Bb%26c")
        .isEqualTo(uri.option("tls.ciphers", "a.*;b&c").option("timeout", " 2s").toUri());
  }

  @Test
  void option_again_replacesAndLeavesTheOriginalAlone() {
    ManagerUri one = ManagerUri.servers("h").option("timeout", "1s");
    ManagerUri two = one.option("timeout", "2s");
    assertThat(one).hasToString("memcached://h:11211?timeout=1s");
    assertThat(ManagerSettings.of(two.toUri(), null).cluster().operationTimeout())
        .isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({
    "dns:Memcached.apps.svc, memcached://dns:memcached.apps.svc:11211/a?discovery.grace=1m",
    "elasticache:[::1]:1, memcached://elasticache:%5B::1%5D:1/a?discovery.grace=1m"
  })
  void servers_service_namedBeforeThePath(String service, String expected) {
    URI uri = ManagerUri.servers(service).namespace("a").option("discovery.grace", "1m").toUri();

    assertThat(uri).hasToString(expected);
    assertThat(ManagerUri.withNamespace(uri, "b")).hasToString(expected.replace("/a?", "/a/b?"));
    assertThat(ManagerSettings.of(uri, null).cluster().shownServers())
        .isEqualTo(
            expected
                .replaceFirst("memcached://([^/]*)/.*", "$1")
                .replace("%5B", "[")
                .replace("%5D", "]"));
  }

  @Test
  void namespace_again_replaces() {
    assertThat(ManagerUri.servers("h").namespace("a", "b").namespace("c"))
        .hasToString("memcached://h:11211/c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://h                 | memcached://h/t%2F1
          memcached://h/                | memcached://h/t%2F1
          memcached://h/app             | memcached://h/app/t%2F1
          memcached://h/app?timeout=2s  | memcached://h/app/t%2F1?timeout=2s
          memcached://h?                | memcached://h/t%2F1?
          Memcached://B:1,a/S%c3%bcd?serialization.allow=%2A | Memcached://B:1,a/S%C3%BCd/t%2F1?serialization.allow=%2A
          memcached://%5B::1%5D:1,b/a   | memcached://%5B::1%5D:1,b/a/t%2F1
          """)
  void withNamespace_appendsAndKeepsTheRest(String uri, String expected) {
    assertThat(ManagerUri.withNamespace(URI.create(uri), "t/1")).hasToString(expected);
  }

  @Test
  void withNamespace_tooManyTogether_refused() {
    URI uri = URI.create("memcached://h/1/2/3/4/5/6/7");
    assertThat(ManagerUri.withNamespace(uri, "8")).hasToString(uri + "/8");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.withNamespace(uri, "8", "9"))
        .withMessageContaining("'memcached://h/1/2/3/4/5/6/7': the namespace has 9 names")
        .withMessageContaining("at most 8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          redis://h            | unknown scheme 'redis'
          memcached://h/a/     | name 2 of the namespace's 2 is empty
          memcached://h/a#b    | a fragment is refused
          memcached://u:p@h/a  | user info
          """)
  void withNamespace_notManagersUri_refused(String uri, String error) {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.withNamespace(URI.create(uri), "x"))
        .withMessageContaining(error);
  }

  @Test
  void namespace_notAccepted_refusedWithReason() {
    ManagerUri uri = ManagerUri.servers("h");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> uri.namespace("hotels", ""))
        .withMessageContaining("name 2 of the namespace's 2 is empty");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> uri.namespace("1", "2", "3", "4", "5", "6", "7", "8", "9"))
        .withMessageContaining("has 9 names; expected at most 8");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> uri.namespace("a\udc00"))
        .withMessageContaining("'a\\udc00' has half of a surrogate pair");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.withNamespace(uri.toUri(), "a", ""))
        .withMessageContaining("name 2 of the namespace's 2 is empty");
  }

  @Test
  void servers_notAccepted_refusedWithReason() {
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.servers())
        .withMessageContaining("a host is missing or empty");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> ManagerUri.servers("a", "a:11211"))
        .withMessageContaining("server 'a:11211' is named twice");
    assertThatNullPointerException().isThrownBy(() -> ManagerUri.servers((String) null));
  }

  @Test
  void option_notAccepted_refusedWithReason() {
    ManagerUri uri = ManagerUri.servers("h");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> uri.option("timout", "1s"))
        .withMessageContaining("did you mean 'timeout'?");
    assertThatExceptionOfType(InvalidConfigurationException.class)
        .isThrownBy(() -> uri.option("timeout", "1"))
        .withMessageContaining("wrong value '1' of option 'timeout'");
  }
}
