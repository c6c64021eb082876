// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ScriptedServer;
import org.memjcache.testkit.MemcachedServer;

@Timeout(60)
class KeyDumpTest {

  private static final ServerAddress NOWHERE = new ServerAddress("127.0.0.1", 1);

  private static List<String> dump(ServerAddress server, String prefix) {
    List<String> keys = new ArrayList<>();
    dump(server, Duration.ofMillis(300), prefix, keys::add);
    return keys;
  }

  private static void dump(
      ServerAddress server, Duration patience, String prefix, Consumer<String> keys) {
    try (AdminConnections connections =
        new AdminConnections(new Connector(TestClusters.settings(1000, server)), Runnable::run)) {
      new KeyDump(connections, server, patience).run(prefix, item -> keys.accept(item.key()));
    }
  }

  private static List<String> dumpFrom(String answer) {
    try (ScriptedServer server =
        new ScriptedServer(line -> line.startsWith("lru_crawler") ? answer : "")) {
      return dump(server.address(), "");
    }
  }

  @Test
  void run_realServer_givesAllKeysWithThePrefix() {
    // Every printable character, among them those that the server encodes.
    String odd =
        IntStream.rangeClosed('!', '~').mapToObj(Character::toString).collect(Collectors.joining());
    Set<String> expected = new HashSet<>();
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      RoundTrip trip = cluster.newRoundTrip(new Operation("test"));
      for (int i = 0; i < 3000; i++) {
        String key = (i % 3 == 0 ? "mine/" : "other/") + odd + i;
        if (i % 3 == 0) {
          expected.add(key);
        }
        trip.add(0, StoreRequest.set(key, 0, i % 2 == 0 ? 0 : 1000, new byte[i % 500]));
      }
      trip.run();
      Set<String> found = new HashSet<>();
      cluster.admin(0).dump("mine/", found::add);
      assertThat(found).isEqualTo(expected);
      Set<String> all = new HashSet<>();
      cluster.admin(0).dump("", all::add);
      assertThat(all).hasSize(3000);
    }
  }

  @Test
  void run_itemsThatWereJustRead_areAmongThem() {
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      List<String> expected = IntStream.range(0, 50).mapToObj(i -> "k" + i).toList();
      RoundTrip writing = cluster.newRoundTrip(new Operation("test"));
      expected.forEach(key -> writing.add(0, StoreRequest.set(key, 0, 0, new byte[10])));
      writing.run();
      for (int i = 0; i < 20; i++) {
        cluster.newRoundTrip(new Operation("test")).add(0, new GetRequest(expected, false)).run();

        List<String> found = new ArrayList<>();
        cluster.admin(0).dump("", found::add);

        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
      }
    }
  }

  /** Iterations would wait for it one after the other. */
  @Test
  void dump_serverIsKnownToBeDown_isNotTriedUntilItIsBack() {
    try (MemcachedServer server = MemcachedServer.start();
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      List<String> found = new ArrayList<>();
      cluster.admin(0).dump("", found::add); // as the first use of all
      server.kill();
      assertThat(TestClusters.works(cluster)).isFalse();

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> cluster.admin(0).dump("", found::add))
          .withMessageContaining("has been down since")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DOWN));

      server.restart();
      await("it is back").until(() -> TestClusters.works(cluster));
      TestClusters.set(cluster, "k", "v");
      cluster.admin(0).dump("k", found::add);
      assertThat(found).containsExactly("k");
    }
  }

  @Test
  void run_serverThatDoesNotKnowTheDumpByHash_isAskedForTheOlderOne() {
    List<String> asked = new ArrayList<>();
    try (ScriptedServer server =
        new ScriptedServer(
            line -> {
              asked.add(line);
              return switch (line) {
                case "lru_crawler metadump hash" -> "BADCLASS invalid class id\r\n";
                case "lru_crawler metadump all" -> "key=a exp=-1\nEND\r\n";
                default -> "";
              };
            })) {
      assertThat(dump(server.address(), "")).containsExactly("a");
    }
    assertThat(asked).contains("lru_crawler metadump hash", "lru_crawler metadump all");
  }

  @Test
  void run_serverWhoseHashTableGrows_isAskedForTheOlderOne() {
    try (ScriptedServer server =
        new ScriptedServer(
            line ->
                switch (line) {
                  case "lru_crawler metadump hash" -> "OK\r\nEND\r\n";
                  case "lru_crawler metadump all" -> "OK\r\nkey=a exp=-1\nEND\r\n";
                  default -> "";
                })) {
      assertThat(dump(server.address(), "")).containsExactly("a");
    }
  }

  @Test
  void run_emptyServer_givesNothing() {
    try (MemcachedServer server = MemcachedServer.start()) {
      assertThat(dump(TestClusters.address(server), "")).isEmpty();
    }
  }

  @Test
  void run_keysOfOthersThatNoRequestCouldName_areLeftOut() {
    try (MemcachedServer server = MemcachedServer.start()) {
      server.command("set k\u00e4se 0 0 1\r\nx");
      server.command("set cheese 0 0 1\r\nx");
      assertThat(dump(TestClusters.address(server), "")).containsExactly("cheese");
    }
  }

  @Test
  void run_dumpingDisabled_namesServerAndOption() {
    try (MemcachedServer server = MemcachedServer.builder().option("-X").start()) {
      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> dump(TestClusters.address(server), ""))
          .withMessageContaining(server.address())
          .withMessageContaining("-X")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED_COMMAND));
    }
  }

  @Test
  void run_crawlerDisabled_namesServerAndOption() {
    try (MemcachedServer server =
        MemcachedServer.builder().option("-o", "no_lru_crawler").start()) {
      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> dump(TestClusters.address(server), ""))
          .withMessageContaining(server.address())
          .withMessageContaining("no_lru_crawler")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED_COMMAND));
    }
  }

  @Test
  void run_serverDown_isDown() {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> dump(NOWHERE, ""))
        .withMessageContaining(NOWHERE.toString())
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DOWN));
  }

  /** As memcached's proxy and twemproxy do. */
  @Test
  void run_connectionClosedOverIt_timeAndAgain_isARefusal() {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            line -> {
              asked.addAndGet(line.startsWith("lru_crawler") ? 1 : 0);
              return line.equals("version") ? "" : null;
            })) {
      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> dump(server.address(), ""))
          .withMessageContaining(server.address().toString())
          .withMessageContaining("closed 3 connections")
          .withMessageContaining("a proxy doesn't pass the command on")
          .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED_COMMAND));
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void run_connectionClosedOverIt_once_isAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            line ->
                line.equals("version")
                    ? ""
                    : asked.incrementAndGet() == 1 ? null : "key=a exp=-1\nEND\r\n")) {
      assertThat(dump(server.address(), "")).containsExactly("a");
    }
  }

  @Test
  void run_serverThatGoesAwayOverIt_isDown() {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            line -> line.equals("version") && asked.incrementAndGet() == 1 ? "" : null)) {
      assertIsDown(server);
    }
  }

  private static void assertIsDown(ScriptedServer server) {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> dump(server.address(), ""))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.DOWN));
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, REFUSED_COMMAND",
    "CLIENT_ERROR malformed request, REFUSED_COMMAND",
    "SERVER_ERROR not supported, REFUSED_COMMAND",
    "SERVER_ERROR backend failure, BACKEND_DOWN",
    "HELLO, PROTOCOL",
  })
  void run_anotherLine_isARefusalOrAnOutage_asItSays(String line, Kind kind) {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> dumpFrom(line + "\r\n"))
        .withMessageContaining(line)
        .satisfies(e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void run_consumerThrows_reachesTheCaller_andTheServerIsFreeAgain() {
    try (MemcachedServer server = MemcachedServer.start()) {
      server.command("set k 0 0 1\r\nx");
      IllegalStateException enough = new IllegalStateException("enough");
      assertThatThrownBy(
              () ->
                  dump(
                      TestClusters.address(server),
                      Duration.ofSeconds(1),
                      "",
                      key -> {
                        throw enough;
                      }))
          .isSameAs(enough);
      assertThat(dump(TestClusters.address(server), "")).containsExactly("k");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"BUSY currently processing crawler request", "ERROR locked try again later"})
  void run_busy_waitsForItsTurn(String busy) {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            line ->
                line.equals("version")
                    ? ""
                    : asked.incrementAndGet() < 4 ? busy + "\r\n" : "key=a exp=-1\nEND\r\n")) {
      assertThat(dump(server.address(), "")).containsExactly("a");
      assertThat(asked).hasValue(4);
    }
  }

  @Test
  void run_busyForLong_givesUp() {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> dumpFrom("BUSY currently processing crawler request\r\n"))
        .withMessageContaining("127.0.0.1")
        .withMessageContaining("busy")
        .satisfies(e -> assertThat(e.waited()).isGreaterThan(Duration.ofMillis(299)));
  }

  @Test
  void run_formsOfAnswers() {
    String items = "key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63\nkey=b%20c exp=-1\nkey=d\n";
    assertThat(dumpFrom(items + "END\r\n")).containsExactly("a", "d");
    assertThat(dumpFrom("OK\r\n" + items + "END\r\n")).containsExactly("a", "d");
    assertThat(dumpFrom("OK\r\nEND\r\n")).isEmpty();
    assertThat(dumpFrom("NOTSTARTED no items to crawl\r\n")).isEmpty();
  }

  @Test
  void run_somethingElse_isAProtocolError() {
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> dumpFrom("key=a exp=-1\nHELLO\r\n"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL));
  }

  @Test
  void run_closedInTheMiddle_isAnError_neverAShortList() {
    AtomicInteger asked = new AtomicInteger();
    try (ScriptedServer server =
        new ScriptedServer(
            line ->
                line.equals("version") ? "" : asked.incrementAndGet() == 1 ? "BUSY\r\n" : null)) {
      assertIsDown(server);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "key=abc exp=-1, abc",
    "key=a%2Fb%25c exp=-1, a/b%c",
    "key=a%2fb, a/b",
    "key=%, %",
    "key=a%4, a%4",
    "key=a%zz b,",
    "key=a%20b exp=-1,",
    "key=%C3%A4 exp=-1,",
    "key=%0A exp=-1,",
    "key=,",
    "key= exp=-1,",
  })
  void key_decodesWhatTheServerEncodes(String line, String expected) {
    assertThat(KeyDumpParser.key(line)).isEqualTo(expected);
  }

  @Test
  void key_longerThanAnyThatARequestCouldName_isLeftOut() {
    assertThat(KeyDumpParser.key("key=" + "k".repeat(250))).hasSize(250);
    assertThat(KeyDumpParser.key("key=" + "k".repeat(251) + " exp=-1")).isNull();
  }

  @Test
  void itemSizeLimit_unknown_isMinusOne() {
    try (ScriptedServer server =
            new ScriptedServer(line -> line.equals("version") ? "" : "END\r\n");
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(server.address()))) {
      assertThat(cluster.admin(0).itemSizeLimit(Duration.ofSeconds(5))).isEqualTo(-1);
    }
  }

  @Test
  void itemSizeLimit_configured() {
    try (MemcachedServer server = MemcachedServer.builder().maxItemSize("2m").start();
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      assertThat(cluster.admin(0).itemSizeLimit(Duration.ofSeconds(5))).isEqualTo(2 * 1024 * 1024);
    }
  }
}
