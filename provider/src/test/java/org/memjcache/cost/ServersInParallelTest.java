// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.RecordingProxy;

/**
 * An operation on entries of three servers asks all of them before it waits for any answer. Shown
 * without a clock: all three keep silent, and each was asked all the same.
 */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("slow")
class ServersInParallelTest {

  private static final Set<String> KEYS =
      Set.copyOf(IntStream.range(0, 100).mapToObj(i -> "k" + i).toList());
  private static final Map<String, String> ENTRIES =
      KEYS.stream().collect(toMap(key -> key, key -> "2 days"));

  private MemcachedCluster cluster;
  private List<RecordingProxy> proxies;
  private MemcachedCachingProvider provider;
  private Cache<String, String> cache;

  @BeforeAll
  void start() {
    cluster = MemcachedCluster.start(3);
    proxies = cluster.servers().stream().map(RecordingProxy::start).toList();
  }

  @BeforeEach
  void open() {
    provider = new MemcachedCachingProvider();
    String servers = proxies.stream().map(RecordingProxy::address).collect(joining(","));
    URI uri = URI.create("memcached://" + servers + "/hotels/Lisboa?timeout=300ms");
    cache = provider.getCacheManager(uri, null).createCache("info", new MutableConfiguration<>());
  }

  @AfterAll
  void stop() {
    provider.close();
    proxies.forEach(RecordingProxy::close);
    cluster.close();
  }

  @Test
  void entriesOfThreeServers_takeOneRoundTripToEach() {
    cache.putAll(ENTRIES);
    proxies.forEach(RecordingProxy::reset);

    assertThat(cache.getAll(KEYS)).isEqualTo(ENTRIES);

    assertThat(proxies).allSatisfy(proxy -> assertThat(proxy.roundTrips()).isEqualTo(1));
    assertThat(proxies).allSatisfy(proxy -> assertThat(proxy.requests()).hasSize(1));
    assertThat(proxies.stream().flatMap(proxy -> proxy.requests().stream()))
        .allMatch(request -> request.startsWith("get "));
    provider.close();
  }

  @Test
  void oneEntry_asksOnlyTheServersOfItsVersionsAndItself() {
    cache.putAll(ENTRIES);
    proxies.forEach(RecordingProxy::reset);

    for (String key : KEYS) {
      cache.get(key);
    }

    assertThat(proxies).allSatisfy(proxy -> assertThat(proxy.requests().size()).isLessThan(101));
    List<String> requests = proxies.stream().flatMap(proxy -> proxy.requests().stream()).toList();
    assertThat(requests.stream().mapToInt(request -> request.split(" ").length - 1).sum())
        .isEqualTo(100 * 4); // three versions and the item, wherever they are
    provider.close();
  }

  static Stream<Named<Consumer<Cache<String, String>>>> operations() {
    return Stream.of(
        Named.of("getAll", cache -> cache.getAll(KEYS)),
        Named.of("putAll", cache -> cache.putAll(ENTRIES)),
        Named.of("removeAll", cache -> cache.removeAll(KEYS)),
        Named.of(
            "invokeAll", cache -> cache.invokeAll(KEYS, (entry, arguments) -> entry.getValue())));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void silentServers_areAllAskedBeforeAnAnswerIsAwaited(Consumer<Cache<String, String>> operation) {
    cache.putAll(ENTRIES);
    proxies.forEach(RecordingProxy::reset);
    proxies.forEach(proxy -> proxy.blackhole(true));
    try {
      assertThatThrownBy(() -> operation.accept(cache)).isInstanceOf(CacheException.class);

      assertThat(proxies).allSatisfy(proxy -> assertThat(proxy.requests()).isNotEmpty());
      String asked = proxies.stream().flatMap(p -> p.requests().stream()).collect(joining(" "));
      assertThat(KEYS).allSatisfy(key -> assertThat(asked + " ").contains(":S" + key + " "));
    } finally {
      proxies.forEach(proxy -> proxy.blackhole(false));
      provider.close();
    }
  }
}
