// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.NameResolver;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.FrontProxy;
import org.memjcache.support.FrontProxy.Manner;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.TestNameService;

/** A clear that could not reach a server, and what becomes of it as the list of servers changes. */
@Memcached(servers = 2)
@Tag("slow")
@Tag("any-jdk")
class MissedClearTest {

  private static final List<String> KEYS = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();
  private static final String[] PATH = {"hotels", "rooms"};

  private final List<MemcachedServer> servers;
  private final OtherProcess other;
  private final Namespace others;

  /** The second server under another address. */
  private final FrontProxy proxy;

  MissedClearTest(MemcachedCluster servers) {
    servers.flushAll();
    this.servers = servers.servers();
    proxy = new FrontProxy(Manner.MEMCACHED, List.of(this.servers.get(1)), key -> 0);
    other = process(address(0), address(1));
    others = other.open(PATH);
    KEYS.forEach(key -> OtherProcess.put(others, key, "old"));
  }

  @AfterEach
  void close() {
    servers.forEach(MemcachedServer::resume);
    other.close();
    proxy.close();
  }

  private static OtherProcess process(ServerAddress... list) {
    return OtherProcess.on(list, Duration.ofMillis(500));
  }

  private ServerAddress address(int server) {
    return TestClusters.address(servers.get(server));
  }

  private static List<String> found(Namespace namespace) {
    return KEYS.stream().filter(key -> OtherProcess.get(namespace, key) != null).toList();
  }

  private static void awaitDone(OtherProcess process) {
    await("nothing is pending")
        .until(
            () ->
                process.pendingClears().pending.isEmpty()
                    && process.pendingClears().removals().isEmpty());
  }

  /** Which servers those are it can't know before one of its own tells. */
  @Test
  void serverIsBack_thoseThatOnlyOthersUseAreClearedToo() {
    try (OtherProcess process = process(address(0))) {
      servers.get(0).pause();
      process.openTolerant(PATH).clear();
      servers.get(0).resume();

      awaitDone(process);

      assertThat(found(others)).isEmpty();
    }
  }

  /** What was cleared when it was back is none that the clear still has to reach. */
  @Test
  void serversAreBackOneAfterTheOther_eachIsClearedOnce() {
    try (OtherProcess process = process(address(0), address(1))) {
      servers.forEach(MemcachedServer::pause);
      Namespace rooms = process.openTolerant(PATH);
      rooms.clear();
      servers.get(0).resume();
      await("the first one is cleared")
          .until(() -> !process.pendingClears().isPending(rooms.shard(0).cache()));
      servers.get(1).resume();

      awaitDone(process);

      assertThat(rooms.shard(0).cache().clears()).isEqualTo(1);
      assertThat(rooms.shard(1).cache().clears()).isEqualTo(1);
      assertThat(found(others)).isEmpty();
    }
  }

  /** The level that is cleared later is the one that was meant. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverIsBack_clearsOfCachesThatHaveALevelForAllTenants(boolean ofAllTenants) {
    PathKey path = PathKey.ofCache(List.of("hotels", "Lisboa", "rates"), true);
    Namespace rates = other.open(path);
    Namespace ofPorto = other.open(PathKey.ofCache(List.of("hotels", "Porto", "rates"), true));
    Namespace rents = other.open(PathKey.ofCache(List.of("hotels", "Lisboa", "rents"), true));
    for (Namespace each : List.of(rates, ofPorto, rents)) {
      KEYS.forEach(key -> OtherProcess.put(each, key, "old"));
    }
    try (OtherProcess process = process(address(0))) {
      servers.get(0).pause();
      process.openTolerant(ofAllTenants ? path.acrossTenants() : path).clear();
      servers.get(0).resume();

      awaitDone(process);

      assertThat(found(rates)).isEmpty();
      assertThat(found(ofPorto)).isEqualTo(ofAllTenants ? List.of() : KEYS);
      assertThat(found(rents)).isEqualTo(KEYS);
    }
  }

  /** As by an application that is deployed again, after pods of memcached were replaced. */
  @Test
  void serverIsBack_isClearedThroughAnotherClient() {
    OtherProcess process = process(proxy.address(), address(0));
    try (process) {
      process.cluster().use(List.of(address(0), address(1)));
      Namespace rooms = process.openTolerant(PATH);
      assertThat(found(rooms)).isEqualTo(KEYS);
      servers.get(1).pause();
      rooms.clear();
    }
    servers.get(1).resume();

    try (OtherProcess later = process.with(NameResolver.ofJvm(), address(0), address(1))) {
      assertThat(found(later.open(PATH))).isEmpty();
      assertThat(process.pendingClears().pending).isEmpty();
    }
  }

  /** As of two applications, each with a resolver of its own. */
  @Test
  void anotherClientStillFails_isClearedAllTheSame() {
    TestNameService none = new TestNameService();
    TestNameService names = new TestNameService();
    names.set("b", "127.0.0.1");
    ServerAddress[] list = {new ServerAddress("b", address(0).port())};
    servers.get(0).pause();
    try (OtherProcess failing = OtherProcess.on(list, Duration.ofMillis(500), none::resolve);
        OtherProcess process = failing.with(names::resolve, list)) {
      failing.openTolerant(PATH).clear();
      process.openTolerant(PATH).clear();
      servers.get(0).resume();

      awaitDone(process);

      assertThat(found(process.open(PATH))).isEmpty();
    }
  }

  /** As where a service is moved to another machine, and back. */
  @Test
  @EnabledOnOs(OS.LINUX) // where 127.0.0.2 is there
  void nameLeadsToAnotherServerMeanwhile_theOneThatWasMissedServesNothingWhenItIsBack() {
    TestNameService names = new TestNameService();
    names.set("b", "127.0.0.1");
    ServerAddress[] list = {address(0), new ServerAddress("b", proxy.address().port())};
    try (MemcachedServer standIn =
            MemcachedServer.builder().listen("127.0.0.2", proxy.address().port()).start();
        OtherProcess process = OtherProcess.on(list, Duration.ofMillis(500), names::resolve)) {
      Namespace rooms = process.openTolerant(PATH);
      found(rooms); // both have joined
      proxy.close();
      rooms.clear();
      names.set("b", "127.0.0.2");
      awaitDone(process);
      assertThat(standIn.stats().get("curr_items")).isNotEqualTo("0");

      try (OtherProcess later = process(address(0), address(1))) {
        assertThat(found(later.open(PATH))).isEmpty();
      }
    }
  }

  /** Who uses that server is told; it is nothing to those that don't. */
  @Test
  void serverIsBack_anotherHasSomethingElseInPlaceOfAVersion_isUsedAllTheSame() {
    try (OtherProcess process = process(address(0))) {
      servers.get(0).pause();
      Namespace rooms = process.openTolerant(PATH);
      rooms.clear();
      String version = others.shard(1).cache().versionKey();
      servers.get(1).command("set " + version + " 0 0 3\r\nany");
      servers.get(0).resume();

      await("it is cleared")
          .until(() -> !process.pendingClears().isPending(rooms.shard(0).cache()));

      assertThat(found(rooms)).isEmpty();
      OtherProcess.put(rooms, "k", "new");
      assertThat(OtherProcess.get(rooms, "k")).isEqualTo("new");
    }
  }

  @Test
  void droppedServer_isForgotten_andServesNothingIfItReturns() {
    try (OtherProcess process = process(address(0), address(1))) {
      Namespace rooms = process.openTolerant(PATH);
      assertThat(found(rooms)).isEqualTo(KEYS);
      servers.get(1).pause();
      rooms.clear();
      Namespace suites = process.openTolerant("hotels", "suites");
      suites.shard(1).markForRemoval(OtherProcess.key("k"), null);

      process.cluster().use(List.of(address(0)));
      awaitDone(process);
      assertThat(found(rooms)).isEmpty();

      servers.get(1).resume();
      process.cluster().use(List.of(address(0), address(1)));
      await("it is used again")
          .ignoreExceptions()
          .untilAsserted(() -> assertThat(found(process.open(PATH))).isEmpty());
      await("others have looked at the list").until(() -> found(others).isEmpty());
      KEYS.forEach(key -> OtherProcess.put(rooms, key, "new"));
      assertThat(found(others)).isEqualTo(KEYS);
    }
  }

  /** As a machine that gets another address. */
  @Test
  void droppedServer_isUsedUnderAnotherAddress_isClearedThere() {
    try (OtherProcess process = process(address(0), proxy.address())) {
      Namespace rooms = process.openTolerant(PATH);
      Namespace suites = process.openTolerant("hotels", "suites");
      KEYS.forEach(key -> OtherProcess.put(rooms, key, "old"));
      KEYS.forEach(key -> OtherProcess.put(suites, key, "old"));
      proxy.close();
      rooms.clear();
      KEYS.forEach(
          key -> suites.shardOf(OtherProcess.key(key)).markForRemoval(OtherProcess.key(key), null));

      process.cluster().use(List.of(address(0), address(1)));
      awaitDone(process);

      assertThat(found(rooms)).isEmpty();
      assertThat(found(other.open("hotels", "suites"))).isEmpty();
    }
  }

  @Test
  void droppedServer_canBeReachedByOthersOnly_isClearedWhereTheyFindIt() {
    try (OtherProcess process = process(address(0), proxy.address())) {
      Namespace rooms = process.openTolerant(PATH);
      KEYS.forEach(key -> OtherProcess.get(rooms, key));
      try (OtherProcess later = process(address(0), address(1))) {
        KEYS.forEach(key -> OtherProcess.get(later.open(PATH), key));
        proxy.close();
        rooms.clear();

        process.cluster().use(List.of(address(0)));
        awaitDone(process);

        assertThat(found(later.open(PATH))).isEmpty();
      }
    }
  }
}
