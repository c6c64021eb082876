// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.PingResult;
import org.memjcache.support.LockedServer;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** {@code ping()} of a manager: which servers answer, and why the others don't. */
@Timeout(60)
class PingTest {

  private final TestProvider caches = new TestProvider();

  @AfterEach
  void close() {
    caches.close();
  }

  private static URI uri(String query, List<String> addresses) {
    return URI.create("memcached://" + String.join(",", addresses) + "/hotels" + query);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?failure=throw", "?failure=miss"})
  void oneOfThreeStopped_isNamedWithTheReason_untilItIsBack(String query) {
    try (MemcachedServer one = MemcachedServer.start();
        MemcachedServer another = MemcachedServer.start();
        MemcachedServer yetAnother = MemcachedServer.start()) {
      List<MemcachedServer> servers =
          Stream.of(one, another, yetAnother)
              .sorted(Comparator.comparing(MemcachedServer::address))
              .toList();
      List<String> addresses = servers.stream().map(MemcachedServer::address).toList();
      MemcachedServer second = servers.get(1);
      second.kill();
      MemcachedCacheManager manager = caches.manager(uri(query, addresses));

      List<PingResult> results = manager.ping();

      assertThat(results).extracting(PingResult::server).isEqualTo(addresses);
      assertThat(results).extracting(PingResult::isReachable).containsExactly(true, false, true);
      assertThat(results.get(0).failure()).isNull();
      assertThat(results.get(0).time()).isPositive();
      assertThat(results.get(0)).asString().startsWith(addresses.get(0) + " answered after ");
      assertThat(results.get(1).failure())
          .hasMessageStartingWith("ping failed after ")
          .hasMessageContaining(second.address())
          .hasMessageContaining("refused");
      assertThat(results.get(1)).asString().startsWith(second.address() + " did not answer: ");

      second.restart();
      await("all answer").until(() -> manager.ping().stream().allMatch(PingResult::isReachable));
      servers.get(2).kill();
      await("the third doesn't").until(() -> !manager.ping().get(2).isReachable());
      assertThat(manager.ping().get(0).isReachable()).isTrue();
    }
  }

  @Test
  void ping_opensAllConnections() {
    try (MemcachedServer server = MemcachedServer.start();
        RecordingProxy first = RecordingProxy.start(server);
        RecordingProxy second = RecordingProxy.start(server)) {
      MemcachedCacheManager manager =
          caches.manager(uri("?connections=3", List.of(first.address(), second.address())));
      assertThat(first.connections()).isZero();

      assertThat(manager.ping()).allMatch(PingResult::isReachable);

      assertThat(first.openConnections()).isEqualTo(3);
      assertThat(second.openConnections()).isEqualTo(3);
    }
  }

  @Test
  @Tag("slow")
  void serversThatAreSilent_areAskedAtTheSameTime() {
    List<ScriptedServer> silent =
        IntStream.range(0, 20)
            .mapToObj(i -> ScriptedServer.dripping(new byte[1], Duration.ofMinutes(1)))
            .collect(Collectors.toList());
    try (MemcachedServer server = MemcachedServer.start()) {
      List<String> addresses =
          silent.stream().map(each -> each.address().toString()).collect(Collectors.toList());
      addresses.add(server.address());
      try (TestProvider impatient = new TestProvider()) {
        List<PingResult> results =
            impatient
                .provider()
                .getCacheManager(uri("?connectTimeout=1s&timeout=20s", addresses), null)
                .ping();

        assertThat(results)
            .filteredOn(PingResult::isReachable)
            .extracting(PingResult::server)
            .containsExactly(server.address());
        assertThat(results)
            .filteredOn(result -> !result.isReachable())
            .hasSize(20)
            .allSatisfy(
                result -> {
                  assertThat(result.failure()).hasMessageContaining("did not answer within");
                  assertThat(result.time()).isLessThan(Duration.ofSeconds(15)); // not 1, 2 … 20
                });
      }
    } finally {
      silent.forEach(ScriptedServer::close);
    }
  }

  @Test
  void serverThatRefusesAccess_saysSo() {
    try (LockedServer locked = new LockedServer(LockedServer.Lock.TEXT)) {
      assertThat(locked.manager("hotels", locked.options()).ping())
          .singleElement()
          .satisfies(
              result ->
                  assertThat(result.failure())
                      .hasMessageContaining("set the options 'user' and 'password'"));
    }
  }

  @Test
  void threadThatIsInterrupted_keepsItsFlag() {
    try (ScriptedServer silent = ScriptedServer.dripping(new byte[1], Duration.ofMinutes(1))) {
      MemcachedCacheManager manager = caches.manager(uri("", List.of(silent.address().toString())));
      Thread.currentThread().interrupt();

      List<PingResult> results = manager.ping();

      assertThat(Thread.interrupted()).isTrue();
      assertThat(results.get(0).failure()).hasMessageContaining("Interrupted");
    }
  }

  @Test
  void closedManager_refuses() {
    MemcachedCacheManager manager = caches.manager(uri("", List.of("localhost:11211")));
    manager.close();

    assertThatThrownBy(manager::ping).isInstanceOf(IllegalStateException.class);
  }
}
