// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.FailureMode;
import org.memjcache.ManagerUri;
import org.memjcache.UnreadableMode;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Compression;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.LoadingAlone;

class UriAcceptedTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://localhost                          | localhost:11211
          memcached://localhost:1                        | localhost:1
          memcached://localhost:65535                    | localhost:65535
          memcached://localhost:011                      | localhost:11
          MemCached://localhost                          | localhost:11211
          memcached://a:1,b:2                            | a:1 b:2
          memcached://a:1;b:2                            | a:1 b:2
          memcached://a,b;c                              | a:11211 b:11211 c:11211
          memcached://b,a                                | a:11211 b:11211
          memcached://a:3,a:20                           | a:3 a:20
          memcached://Cache1.Example.COM:1               | cache1.example.com:1
          memcached://my_memcached:1                     | my_memcached:1
          memcached://cache-1_a.example.org.:1           | cache-1_a.example.org.:1
          memcached://10.0.0.1,10.0.0.2:1                | 10.0.0.1:11211 10.0.0.2:1
          memcached://[::1]                              | [::1]:11211
          memcached://[::1]:1                            | [::1]:1
          memcached://[0:0:0:0:0:0:0:1]:1                | [::1]:1
          memcached://[2001:DB8:0:0::1]:1                | [2001:db8::1]:1
          memcached://[::ffff:10.0.0.1]:1                | 10.0.0.1:1
          memcached://%5B::1%5D:1,%5B2001:db8::%5D:2,a:3 | [2001:db8::]:2 [::1]:1 a:3
          """)
  void of_servers_normalizedAndSorted(String uri, String servers) {
    assertThat(settings(uri).cluster().servers())
        .extracting(ServerAddress::toString)
        .containsExactly(servers.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://dns:memcached.apps.svc:11211/shop | DNS         | memcached.apps.svc:11211
          memcached://dns:memcached                     | DNS         | memcached:11211
          memcached://DNS:Memcached:1                   | DNS         | memcached:1
          memcached://dns:elasticache:1                 | DNS         | elasticache:1
          memcached://dns:10.0.0.1                      | DNS         | 10.0.0.1:11211
          memcacheds://elasticache:a.cfg.use1.amazonaws.com:11211?protocol=text | ELASTICACHE | a.cfg.use1.amazonaws.com:11211
          memcached://elasticache:10.0.0.1:2            | ELASTICACHE | 10.0.0.1:2
          memcached://elasticache:%5B0::1%5D:2/shop     | ELASTICACHE | [::1]:2
          """)
  void of_service_discovered(String uri, DiscoverySettings.Kind kind, String service) {
    ClusterSettings cluster = settings(uri).cluster();

    assertThat(cluster.servers()).isEmpty();
    DiscoverySettings discovery = Objects.requireNonNull(cluster.discovery());
    assertThat(discovery.kind()).isEqualTo(kind);
    assertThat(discovery.service()).hasToString(service);
    assertThat(discovery.interval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(discovery.grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(discovery.name()).isEqualTo(kind.prefix() + service);
  }

  /** A port follows them, or nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"memcached://dns", "memcached://dns:11211", "memcached://a,dns:11211"})
  void of_hostCalledAsTheWordBeforeAService_isAHost(String uri) {
    assertThat(settings(uri).cluster().discovery()).isNull();
    assertThat(settings(uri).cluster().servers()).contains(new ServerAddress("dns", 11211));
  }

  @Test
  void of_discoveryOptions_taken() {
    DiscoverySettings discovery =
        settings("memcached://dns:h?discovery.interval=250ms&discovery.grace=0s")
            .cluster()
            .discovery();

    assertThat(discovery)
        .isEqualTo(
            new DiscoverySettings(
                DiscoverySettings.Kind.DNS,
                new ServerAddress("h", 11211),
                Duration.ofMillis(250),
                Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcached://h                          | ''
          memcached://h/                         | ''
          memcached://h?timeout=1s               | ''
          memcached://h/?timeout=1s              | ''
          memcached://h/hotels                   | hotels
          memcached://h/hotels/lisboa            | hotels, lisboa
          memcached://h/hotels/lisboa?timeout=1s | hotels, lisboa
          memcached://h/1/2/3/4/5/6/7/8          | 1, 2, 3, 4, 5, 6, 7, 8
          memcached://h/Hotels                   | Hotels
          memcached://h/a%2Fb/c%2fd              | a/b, c/d
          memcached://h/50%25                    | 50%
          memcached://h/%252F                    | %2F
          memcached://h/a+b/a%20b                | a+b, a b
          memcached://h/S%C3%BCd/Süd             | Süd, Süd
          memcached://h/%F0%9F%8F%A8             | 🏨
          memcached://h/a=b&c;d:e@f              | a=b&c;d:e@f
          memcached://h/%3Fx=1/%23y              | ?x=1, #y
          memcached://h/.../.hidden/a..          | ..., .hidden, a..
          memcached://h/%2E/%2e%2e               | ., ..
          """)
  void of_path_decodedNames(String uri, String names) {
    List<String> expected = names.isEmpty() ? List.of() : List.of(names.split(", "));
    assertThat(settings(uri).namespace()).isEqualTo(expected);
  }

  @Test
  void of_controlCharactersInName_kept() {
    assertThat(settings("memcached://h/%00%0A%7F").namespace()).containsExactly("\0\n\u007f");
  }

  @Test
  void of_noOptions_defaults() {
    ManagerSettings settings = settings("memcached://h/app");
    assertThat(settings)
        .isEqualTo(
            new ManagerSettings(
                new ClusterSettings(
                    List.of(new ServerAddress("h", 11211)),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(2_500),
                    1),
                null,
                List.of("app"),
                List.of(),
                null,
                new CompressionRule(Compression.NONE, 1024, 16_777_216),
                Duration.ZERO,
                FailureMode.THROW,
                new EventQueueLimits(100_000, 16_777_216, Duration.ofSeconds(1)),
                UnreadableMode.MISS,
                Duration.ZERO,
                LoadingAlone.with(Duration.ofSeconds(10)),
                null,
                new NamedCaches(List.of())));
  }

  @Test
  void of_boundedAndMiss_taken() {
    ManagerSettings settings =
        settings("memcached://h/app?consistency=bounded&staleness=50ms&failure=miss");

    assertThat(settings.staleness()).isEqualTo(Duration.ofMillis(50));
    assertThat(settings.failure()).isEqualTo(FailureMode.MISS);
  }

  @Test
  void of_boundedAlone_isStaleForTheDefaultTime() {
    assertThat(settings("memcached://h/app?consistency=bounded").staleness())
        .isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void of_allOptions_taken() {
    ManagerSettings settings =
        settings(
            "memcached://h?timeout=500ms&connectTimeout=PT0.25S&connections=4"
                + "&serialization.allow=com.acme.*;java.util.Map$Entry,%20org.acme.**");
    assertThat(settings.cluster().operationTimeout()).isEqualTo(Duration.ofMillis(500));
    assertThat(settings.cluster().connectTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(settings.cluster().connections()).isEqualTo(4);
    assertThat(settings.serializationAllow())
        .containsExactly("com.acme.*", "java.util.Map$Entry", "org.acme.**");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          memcacheds://h?                                       | ''
          memcacheds://h?tls.ciphers=                   | ''
          memcacheds://h?tls.ciphers=a+b                | a+b
          memcacheds://h?tls.ciphers=a%2Bb%3Dc          | a+b=c
          memcacheds://h?tls.ciphers=a=b                | a=b
          memcacheds://h?tls%2Eciphers=a                | a
          memcacheds://h?tls.ciphers=%20a%20,%20b%09    | a b
          memcacheds://h?tls.ciphers=c%2Ca%3Bb,a        | a b c
          memcacheds://h?tls.ciphers=%26%23             | &#
          memcacheds://h?tls.ciphers=Caf%C3%A9          | Café
          """)
  void of_query_percentDecodedAndPlusKept(String uri, String patterns) {
    List<String> expected = patterns.isEmpty() ? List.of() : List.of(patterns.split(" "));
    assertThat(settings(uri).cluster().tls().ciphers()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "memcached://a:11211,b:22122,[::1]:3/other?connections=2&timeout=500ms",
        "memcached://b:22122;a:11211;[::1]:3?timeout=500ms&connections=2",
        "memcached://[::1]:3,B:22122,A/x/y?timeout=PT0.5S&connections=2",
        "MEMCACHED://a,b:22122,[0::1]:3/?connections=2&timeout=0500ms&connectTimeout=02500ms",
      })
  void of_anySpellingOfOneCluster_equalClusterSettings(String uri) {
    ClusterSettings expected =
        new ClusterSettings(
            List.of(
                new ServerAddress("::1", 3),
                new ServerAddress("a", 11211),
                new ServerAddress("b", 22122)),
            Duration.ofMillis(500),
            Duration.ofMillis(2_500),
            2);
    ClusterSettings cluster = ManagerSettings.of(ManagerUri.parse(uri), null).cluster();
    assertThat(cluster).isEqualTo(expected).hasSameHashCodeAs(expected);
  }

  private static ManagerSettings settings(String uri) {
    return ManagerSettings.of(URI.create(uri), null);
  }
}
