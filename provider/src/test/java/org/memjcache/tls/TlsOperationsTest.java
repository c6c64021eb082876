// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.PingResult;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.TestAuthority;

/**
 * All operations over TLS, in both protocols, with and without a login, to one server and three.
 */
@Timeout(240)
@Tag("slow")
class TlsOperationsTest {

  /** Of many records of TLS. Sixteen threads write and read it at once. */
  private static final String LARGE = "x".repeat(300_000);

  /** How servers are started, and what a client has to be told besides. */
  private enum Servers {
    ONE(1, ""),
    THREE(3, ""),
    TLS_1_2(2, "&tls.protocols=TLSv1.2"),
    TLS_1_3(2, "&tls.protocols=TLSv1.3&tls.ciphers=TLS_CHACHA20_POLY1305_SHA256"),
    BINARY(2, "&protocol=binary&connections=2"),
    CLIENT_CERTIFICATE(1, "") {
      @Override
      void prepare(MemcachedCluster.Builder builder) {
        builder.tlsClients(TestAuthority.shared());
      }
    },
    TEXT_LOGIN(1, "") {
      @Override
      void prepare(MemcachedCluster.Builder builder) {
        builder.textLogin("alice", "sesame");
      }
    },
    SASL_LOGIN(1, "&protocol=binary") {
      @Override
      void prepare(MemcachedCluster.Builder builder) {
        builder.saslLogin("alice", "sesame");
      }
    };

    final int count;
    final String options;

    Servers(int count, String options) {
      this.count = count;
      this.options = options;
    }

    void prepare(MemcachedCluster.Builder builder) {}

    MemcachedCluster start() {
      MemcachedCluster.Builder builder = MemcachedCluster.builder().servers(count).tls();
      prepare(builder);
      return builder.start();
    }

    boolean hasLogin() {
      return this == TEXT_LOGIN || this == SASL_LOGIN;
    }
  }

  private final TestProvider provider = new TestProvider();

  @AfterEach
  void close() {
    System.clearProperty("memjcache.user");
    System.clearProperty("memjcache.password");
    provider.close();
  }

  static Stream<Servers> servers() {
    return Stream.of(Servers.values());
  }

  private MemcachedCacheManager manager(Servers servers, MemcachedCluster cluster) {
    if (servers.hasLogin()) {
      System.setProperty("memjcache.user", "alice");
      System.setProperty("memjcache.password", "sesame");
    }
    return provider.manager(URI.create(cluster.uri("app/tenant?timeout=20s") + servers.options));
  }

  @ParameterizedTest
  @MethodSource("servers")
  void everyOperation_works(Servers servers) {
    try (MemcachedCluster cluster = servers.start()) {
      MemcachedCacheManager manager = manager(servers, cluster);
      Cache<String, String> cache = manager.createCache("info", TestProvider.strings());

      cache.put("a", "1");
      assertThat(cache.get("a")).isEqualTo("1");
      cache.putAll(Map.of("b", "2", "c", "3"));
      assertThat(cache.getAll(Set.of("a", "b", "c", "d")))
          .isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
      assertThat(cache.putIfAbsent("a", "x")).isFalse();
      assertThat(cache.replace("a", "1", "6")).isTrue();
      assertThat(cache.getAndPut("a", "7")).isEqualTo("6");
      assertThat(cache.getAndRemove("b")).isEqualTo("2");
      assertThat(
              cache.<String>invoke(
                  "c",
                  (entry, arguments) -> {
                    entry.setValue(entry.getValue() + "!");
                    return entry.getKey();
                  }))
          .isEqualTo("c");
      assertThat(cache.get("c")).isEqualTo("3!");
      assertThat(manager.ping()).hasSize(servers.count).allMatch(PingResult::isReachable);
      if (!servers.options.contains("binary")) {
        Set<String> keys = new TreeSet<>();
        cache.forEach(entry -> keys.add(entry.getKey()));
        assertThat(keys).containsExactly("a", "c");
      }
      cache.clear();
      assertThat(cache.get("a")).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void values_ofAllSizes_comeBack(Servers servers) {
    try (MemcachedCluster cluster = servers.start()) {
      Cache<String, byte[]> cache =
          manager(servers, cluster)
              .createCache(
                  "bytes",
                  new MutableConfiguration<String, byte[]>().setTypes(String.class, byte[].class));
      Random random = new Random(1);
      Map<String, byte[]> all = new HashMap<>();
      for (int size :
          new int[] {0, 1, 2_000, 4_096, 16_383, 16_384, 16_385, 65_536, 200_000, 900_000}) {
        byte[] value = new byte[size];
        random.nextBytes(value);
        all.put("size-" + size, value);
        cache.put("size-" + size, value);
        assertThat(cache.get("size-" + size)).isEqualTo(value);
      }
      cache.putAll(all);
      assertThat(cache.getAll(all.keySet())).containsExactlyInAnyOrderEntriesOf(all);
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void threads_manyAtOnce_eachGetsItsOwn(Servers servers) throws InterruptedException {
    try (MemcachedCluster cluster = servers.start()) {
      Cache<String, String> cache =
          manager(servers, cluster).createCache("info", TestProvider.strings());
      ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        String name = "thread-" + t;
        Thread thread = new Thread(() -> use(cache, name), name);
        thread.setUncaughtExceptionHandler((dead, e) -> failures.add(e));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
    }
  }

  private static void use(Cache<String, String> cache, String name) {
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 150; i++) {
      String key = name + "-" + i % 20;
      String value = i % 50 == 0 ? key + LARGE : key + "x".repeat(i * 37 % 3000);
      keys.add(key);
      cache.put(key, value);
      assertThat(cache.get(key)).isEqualTo(value);
      if (i % 10 == 0) {
        assertThat(cache.getAll(keys)).hasSameSizeAs(keys);
      }
    }
  }
}
