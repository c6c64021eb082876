// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.VersionTime;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** Versions as attempts use them: what held counts, and nothing comes back. */
@Memcached
class NamespaceTest {

  private static final String[] PATH = {"hotels", "Lisboa", "rooms"};
  private static final List<String> VERSION_KEYS =
      List.of("hotels:version", "hotels/Lisboa:version", "hotels/Lisboa/rooms:version");

  private final MemcachedServer server;
  private final OtherProcess process;
  private final OtherProcess other;
  private final Namespace rooms;

  NamespaceTest(MemcachedCluster servers) {
    server = servers.server(0);
    process = OtherProcess.on(servers);
    other = OtherProcess.on(servers);
    rooms = process.open(PATH);
  }

  @BeforeEach
  void empty() {
    server.flushAll();
  }

  @AfterEach
  void close() {
    process.close();
    other.close();
  }

  @Test
  void open_noName_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> process.open())
        .withMessage("A namespace needs at least one name");
  }

  @Test
  void open_sameNames_sharesLevels() {
    Namespace again = process.open(PATH);
    Namespace sister = process.open("hotels", "Lisboa", "guests");

    assertThat(again.shard(0).levels()[2]).isSameAs(rooms.shard(0).levels()[2]);
    assertThat(sister.shard(0).levels()[0]).isSameAs(rooms.shard(0).levels()[0]);
    assertThat(sister.shard(0).levels()[1]).isSameAs(rooms.shard(0).levels()[1]);
    assertThat(sister.shard(0).levels()[2]).isNotSameAs(rooms.shard(0).levels()[2]);
  }

  /** Servers that come and go leave nothing behind in each of a thousand tenants. */
  @Test
  void shard_ofServerThatHasNoKeysAnyMore_isForgotten() {
    Shard departing = rooms.shard(0);
    ServerAddress stays = new ServerAddress("127.0.0.1", 1);
    process.cluster().use(List.of(process.cluster().address(0), stays));
    Shard staying = rooms.shard(1);
    assertThat(rooms.shard(0)).isSameAs(departing);

    process.cluster().use(List.of(stays, new ServerAddress("127.0.0.1", 2)));
    rooms.shard(2);

    assertThat(rooms.shard(1)).isSameAs(staying);
    assertThat(rooms.shard(0)).isNotSameAs(departing);
  }

  @Test
  void open_hostileNames_areEscapedInMessages() {
    Namespace namespace = process.open("a/b", "forged\nline", "");
    OtherProcess.put(namespace, "k", "v");
    set("a%2Fb/forged%0Aline:version", "garbage");

    assertThat(namespace).hasToString("a%2Fb/forged%0Aline/%");
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> OtherProcess.get(namespace, "k"))
        .withMessageStartingWith(
            "The version of 'a%2Fb/forged%0Aline' can't be read: memcached key"
                + " 'a%2Fb/forged%0Aline:version' holds 'garbage'");
  }

  @Test
  void open_asksNoServer() {
    try (RecordingProxy proxy = RecordingProxy.start(server);
        OtherProcess proxied = through(proxy)) {
      proxied.open(PATH);

      assertThat(proxy.connections()).isZero();
    }
  }

  @Test
  void batch_firstOfAll_createsEachVersionForGood() {
    OtherProcess.put(rooms, "101", "free");

    for (String key : VERSION_KEYS) {
      assertThat(number(key)).isGreaterThanOrEqualTo(VersionTime.SMALLEST);
    }
    // A dump may miss what is there, and name a key twice.
    await("the key dump shows three versions without expiry")
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                server.command("lru_crawler metadump all").stream()
                        .filter(line -> line.contains("version") && line.contains(" exp=-1 "))
                        .distinct()
                        .count()
                    == 3);
  }

  @Test
  void batch_versionsKnown_isOneRoundTripThatReadsVersionsFirst() {
    try (RecordingProxy proxy = RecordingProxy.start(server);
        OtherProcess proxied = through(proxy)) {
      Namespace namespace = proxied.open(PATH);
      OtherProcess.put(namespace, "101", "free");
      proxy.reset();

      Versions versions = OtherProcess.put(namespace, "101", "taken");

      String item = OtherProcess.itemKey(versions, "101");
      assertThat(proxy.roundTrips()).isEqualTo(1);
      assertThat(proxy.requests())
          .containsExactly("get " + String.join(" ", VERSION_KEYS), "set " + item + " 0 0 5");
    }
  }

  @Test
  void batch_moreKeysThanOneCommandTakes_readsAll() {
    Versions versions = OtherProcess.put(rooms, "0", "value 0");
    for (int i = 1; i < 1_200; i += 100) {
      OtherProcess.putUnder(rooms, versions, Integer.toString(i), "value " + i);
    }

    VersionedBatch batch = rooms.shard(0).newBatch(new Operation("getAll"), 1);
    List<VersionedBatch.Read> reads =
        IntStream.range(0, 1_200)
            .mapToObj(
                i ->
                    batch.read(
                        batch.prefix().listed(OtherProcess.itemKey(versions, Integer.toString(i)))))
            .toList();

    assertThat(batch.run()).isTrue();
    for (int i = 1; i < 1_200; i += 100) {
      assertThat(batch.item(reads.get(i))).as("key " + i).isNotNull();
      assertThat(new String(batch.item(reads.get(i)).data())).isEqualTo("value " + i);
      assertThat(batch.item(reads.get(i + 1))).isNull();
    }
  }

  @Test
  void read_beforeTheBatchRan_isRefused() {
    VersionedBatch batch = rooms.shard(0).newBatch(new Operation("get"), 1);
    VersionedBatch.Read read =
        batch.read(batch.prefix().listed(OtherProcess.itemKey(batch.versions(), "101")));

    assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> batch.item(read));
  }

  @Test
  void clear_isOneIncrementAndOneRoundTrip() {
    try (RecordingProxy proxy = RecordingProxy.start(server);
        OtherProcess proxied = through(proxy)) {
      Namespace namespace = proxied.open(PATH);
      OtherProcess.put(namespace, "101", "free");
      long before = number(VERSION_KEYS.get(2));
      proxy.reset();

      namespace.clear();

      assertThat(proxy.roundTrips()).isEqualTo(1);
      assertThat(String.join("\n", proxy.requests()))
          .matches(
              "incr hotels/Lisboa/rooms:version [1-9][0-9]*\n"
                  + "get memjcache:identity memjcache:servers");
      assertThat(number(VERSION_KEYS.get(2))).isGreaterThan(before);
    }
  }

  @Test
  void clear_eachLevel_hidesAllBeneathItAndNothingElse() {
    Namespace guests = process.open("hotels", "Lisboa", "guests");
    Namespace porto = process.open("hotels", "Porto", "rooms");
    Namespace flights = process.open("flights", "Lisboa", "rooms");
    List<Namespace> all = List.of(rooms, guests, porto, flights);
    all.forEach(namespace -> OtherProcess.put(namespace, "k", namespace.toString()));

    process.clear("hotels", "Lisboa", "guests");
    assertThat(all)
        .extracting(namespace -> OtherProcess.get(namespace, "k"))
        .containsExactly("hotels/Lisboa/rooms", null, "hotels/Porto/rooms", "flights/Lisboa/rooms");

    process.clear("hotels", "Lisboa");
    assertThat(all)
        .extracting(namespace -> OtherProcess.get(namespace, "k"))
        .containsExactly(null, null, "hotels/Porto/rooms", "flights/Lisboa/rooms");

    process.clear("hotels");
    assertThat(all)
        .extracting(namespace -> OtherProcess.get(namespace, "k"))
        .containsExactly(null, null, null, "flights/Lisboa/rooms");
  }

  @Test
  void clear_byAnotherPeer_isSeenByTheNextAttempt() {
    Namespace theirs = other.open(PATH);
    for (int depth = 1; depth <= 3; depth++) {
      OtherProcess.put(rooms, "101", "free");
      assertThat(OtherProcess.get(theirs, "101")).isEqualTo("free");

      other.clear(List.of(PATH).subList(0, depth).toArray(String[]::new));

      assertThat(OtherProcess.get(rooms, "101")).as("level " + depth + " cleared").isNull();
    }
  }

  @Test
  void clear_nothingThere_createsTheVersion() {
    rooms.clear();

    assertThat(number(VERSION_KEYS.get(2))).isGreaterThanOrEqualTo(VersionTime.SMALLEST);
  }

  @Test
  void clear_versionLost_takesANumberNeverUsed() {
    OtherProcess.put(rooms, "101", "free");
    rooms.clear();
    long before = number(VERSION_KEYS.get(2));
    server.command("delete " + VERSION_KEYS.get(2));

    rooms.clear();

    assertThat(number(VERSION_KEYS.get(2))).isGreaterThan(before);
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void clear_versionLostAndPeerKnowsNothing_takesANumberNeverUsed() {
    OtherProcess.put(rooms, "101", "free");
    long before = number(VERSION_KEYS.get(2));
    server.command("delete " + VERSION_KEYS.get(2));

    other.clear(PATH);

    assertThat(number(VERSION_KEYS.get(2))).isGreaterThan(before);
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void clear_clockOfThePeerIsAnHourBehind_staysCleared(MemcachedCluster servers) {
    InstantSource late = () -> InstantSource.system().instant().minus(Duration.ofHours(1));
    try (OtherProcess behind = OtherProcess.on(servers, late)) {
      Namespace theirs = behind.open(PATH);
      OtherProcess.put(rooms, "101", "free");
      assertThat(OtherProcess.get(theirs, "101")).isEqualTo("free");
      for (int i = 0; i < 20; i++) {
        server.command("delete " + VERSION_KEYS.get(2));
        assertThat(OtherProcess.get(theirs, "101")).isNull();
        assertThat(OtherProcess.get(rooms, "101")).isNull();
        OtherProcess.put(i % 2 == 0 ? rooms : theirs, "101", "round " + i);
        assertThat(OtherProcess.get(i % 2 == 0 ? theirs : rooms, "101")).isEqualTo("round " + i);
      }
    }
  }

  @Test
  void batchUnder_versionsInForce_holds() {
    Versions versions = OtherProcess.put(rooms, "101", "free");

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isTrue();
    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("loaded");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void batchUnder_aLevelClearedSince_doesNotHoldAndStoresNothingInReach(int depth) {
    Versions versions = OtherProcess.put(rooms, "101", "free");
    other.clear(List.of(PATH).subList(0, depth).toArray(String[]::new));

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isFalse();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
    assertThat(OtherProcess.get(other.open(PATH), "101")).isNull();
  }

  @Test
  void batchUnder_clearedByThisPeer_doesNotHold() {
    Versions versions = OtherProcess.put(rooms, "101", "free");
    rooms.clear();

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isFalse();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void batchUnder_aVersionLostSince_doesNotHold(int level) {
    Versions versions = OtherProcess.put(rooms, "101", "free");
    server.command("delete " + VERSION_KEYS.get(level));

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isFalse();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void batchUnder_oldVersionsAndServerSetBackToThem_doesNotHold() {
    Versions versions = OtherProcess.put(rooms, "101", "free");
    String old = Long.toString(number(VERSION_KEYS.get(2)));
    rooms.clear();
    set(VERSION_KEYS.get(2), old);

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isFalse();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void versionDeletedFromOutside_betweenAnyTwoOperations_nothingOldComesBack(int level) {
    Namespace theirs = other.open(PATH);
    for (int i = 0; i < 10; i++) {
      OtherProcess.put(rooms, "101", "round " + i);
      assertThat(OtherProcess.get(theirs, "101")).isEqualTo("round " + i);
      server.command("delete " + VERSION_KEYS.get(level));
      assertThat(OtherProcess.get(i % 2 == 0 ? rooms : theirs, "101")).isNull();
      assertThat(OtherProcess.get(i % 2 == 0 ? theirs : rooms, "101")).isNull();
      OtherProcess.put(rooms, "101", "again");
      server.command("delete " + VERSION_KEYS.get(level));
      theirs.clear();
      assertThat(OtherProcess.get(rooms, "101")).isNull();
      server.command("delete " + VERSION_KEYS.get(level));
    }
  }

  @Test
  void serverRestartedEmpty_nothingOldComesBack() {
    assumeThat(server.isManaged()).isTrue();
    Namespace theirs = other.open(PATH);
    OtherProcess.put(rooms, "101", "free");
    assertThat(OtherProcess.get(theirs, "101")).isEqualTo("free");
    Versions before = OtherProcess.versions(rooms);

    server.restart();
    awaitConnection(rooms);

    assertThat(OtherProcess.get(rooms, "101")).isNull();
    // The very item, as if only the version had been lost.
    set(OtherProcess.itemKey(before, "101"), "from the dead");
    assertThat(OtherProcess.get(rooms, "101")).isNull();
    awaitConnection(theirs);
    assertThat(OtherProcess.get(theirs, "101")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void versionSetBack_isPushedForwardAndNothingUnderTheLowerOneIsServed(int level) {
    OtherProcess.put(rooms, "101", "first");
    String first = Long.toString(number(VERSION_KEYS.get(level)));
    process.clear(List.of(PATH).subList(0, level + 1).toArray(String[]::new));
    OtherProcess.put(rooms, "101", "second");
    long second = number(VERSION_KEYS.get(level));

    set(VERSION_KEYS.get(level), first);

    assertThat(OtherProcess.get(rooms, "101")).isNull();
    assertThat(number(VERSION_KEYS.get(level))).isGreaterThan(second);
    assertThat(OtherProcess.get(other.open(PATH), "101")).isNull();
    assertThat(number(VERSION_KEYS.get(level))).isGreaterThan(second);
  }

  @Test
  void versionSetBack_seenFirstByAClear_isPushedForward() {
    OtherProcess.put(rooms, "101", "first");
    String first = Long.toString(number(VERSION_KEYS.get(2)));
    rooms.clear();
    OtherProcess.put(rooms, "101", "second");
    long second = number(VERSION_KEYS.get(2));
    set(VERSION_KEYS.get(2), first);

    rooms.clear(); // of which the increment alone would give the number of "second"

    assertThat(number(VERSION_KEYS.get(2))).isGreaterThan(second);
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void clear_versionSetBackBehindANumberThisPeerNeverSaw_doesNotUseItAgain() {
    Namespace theirs = other.open(PATH);
    OtherProcess.put(rooms, "101", "first");
    String first = Long.toString(number(VERSION_KEYS.get(2)));
    theirs.clear();
    OtherProcess.put(theirs, "101", "second");
    set(VERSION_KEYS.get(2), first);

    rooms.clear();

    assertThat(OtherProcess.get(theirs, "101")).isNull();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void versionSetBackAsFarAsCanBe_byManyThreadsAtOnce_staysAVersion() {
    OtherProcess.put(rooms, "101", "first");
    long before = number(VERSION_KEYS.get(2));
    for (int round = 0; round < 5; round++) {
      Versions versions = OtherProcess.versions(rooms);
      set(VERSION_KEYS.get(2), Long.toString(VersionTime.SMALLEST));

      SimultaneousThreads.run(
          32, thread -> assertThat(OtherProcess.putUnder(rooms, versions, "101", "old")).isFalse());

      assertThat(number(VERSION_KEYS.get(2))).isBetween(before, before + (1L << 50));
      assertThat(OtherProcess.get(rooms, "101")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "7",
        "garbage",
        "99999999999999999999",
        "999999999999999999",
        "9223372036854775807"
      })
  void versionIsGarbage_nothingIsReadOrStored(String garbage) {
    Versions versions = OtherProcess.put(rooms, "101", "free");
    set(VERSION_KEYS.get(1), garbage);
    String message =
        "The version of 'hotels/Lisboa' can't be read: memcached key 'hotels/Lisboa:version' holds"
            + " '"
            + garbage
            + "', expected a number of 19 digits, made before 2126. Another program"
            + " writes to this key; delete it, and the level starts empty under a new version.";

    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> OtherProcess.get(rooms, "101"))
        .withMessage(message);
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> OtherProcess.putUnder(rooms, versions, "101", "loaded"))
        .withMessage(message);
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> OtherProcess.put(other.open(PATH), "101", "taken"))
        .withMessage(message);

    server.command("delete " + VERSION_KEYS.get(1));
    assertThat(OtherProcess.get(rooms, "101")).isNull();
    OtherProcess.put(rooms, "101", "taken");
    assertThat(OtherProcess.get(other.open(PATH), "101")).isEqualTo("taken");
  }

  @Test
  void clear_versionIsANumberButNoVersion_saysSo() {
    OtherProcess.put(rooms, "101", "free");
    set(VERSION_KEYS.get(2), "7");

    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(rooms::clear)
        .withMessageContaining("memcached key 'hotels/Lisboa/rooms:version' holds ")
        .withMessageContaining("delete it, and the level starts empty under a new version");
  }

  @Test
  void clear_versionIsNoNumber_namesTheKey() {
    OtherProcess.put(rooms, "101", "free");
    set(VERSION_KEYS.get(2), "garbage");

    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(rooms::clear)
        .withMessageContaining("memcached key 'hotels/Lisboa/rooms:version' holds 'garbage'")
        .withMessageContaining("delete it, and the level starts empty under a new version");
    rooms.shard(0).markForClear();
    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> OtherProcess.get(rooms, "101"))
        .withMessageContaining("memcached key 'hotels/Lisboa/rooms:version' holds 'garbage'");

    server.command("delete " + VERSION_KEYS.get(2));
    rooms.clear();
    assertThat(OtherProcess.get(rooms, "101")).isNull();
  }

  @Test
  void serverGone_failsWithOperationNamespaceAndServer() {
    try (RecordingProxy proxy = RecordingProxy.start(server);
        OtherProcess proxied = through(proxy)) {
      Namespace namespace = proxied.open(PATH);
      OtherProcess.put(namespace, "101", "free");
      proxy.refuse(true);
      proxy.dropConnections();

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> OtherProcess.get(namespace, "101"))
          .withMessageStartingWith("get on 'hotels/Lisboa/rooms' failed after ")
          .withMessageContaining(proxy.address());
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(namespace::clear)
          .withMessageStartingWith("clear on 'hotels/Lisboa/rooms' failed after ")
          .withMessageContaining(proxy.address());
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(
              () -> proxied.open("hotels", "Porto").shard(0).newBatch(new Operation("put"), 1))
          .withMessageStartingWith("put on 'hotels/Porto' failed after ");

      proxy.refuse(false);
      awaitConnection(namespace);
      assertThat(OtherProcess.get(namespace, "101")).isEqualTo("free");
    }
  }

  private static OtherProcess through(RecordingProxy proxy) {
    return OtherProcess.on(
        new ServerAddress[] {new ServerAddress(proxy.host(), proxy.port())},
        InstantSource.system());
  }

  private static void awaitConnection(Namespace namespace) {
    await("the server is used again")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try {
                OtherProcess.versions(namespace);
                return true;
              } catch (CacheException e) {
                return false;
              }
            });
  }

  private long number(String key) {
    List<String> answer = server.command("get " + key);
    assertThat(answer).as("get " + key).hasSize(3);
    return Long.parseLong(answer.get(1));
  }

  private void set(String key, String value) {
    assertThat(server.command("set " + key + " 0 0 " + value.length() + "\r\n" + value))
        .containsExactly(StoreRequest.Result.STORED.name());
  }

  /** The version is evicted, and its server dies before another one is created. */
  @Test
  void batch_versionIsLostAndCantBeCreated_failsOrMisses() {
    AtomicInteger gets = new AtomicInteger();
    try (ScriptedServer dying =
            new ScriptedServer(
                line ->
                    line.startsWith("get ")
                        ? gets.getAndIncrement() % 2 == 0
                            ? "VALUE one:version 0 19\r\n1800000000000000000\r\nEND\r\n"
                            : "END\r\n"
                        : line.startsWith("add ") ? null : "");
        OtherProcess strict =
            OtherProcess.on(new ServerAddress[] {dying.address()}, InstantSource.system());
        OtherProcess tolerant =
            OtherProcess.on(new ServerAddress[] {dying.address()}, InstantSource.system())) {
      VersionedBatch failing = strict.open("one").shard(0).newBatch(new Operation("get"), 1);

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(failing::run)
          .withMessageStartingWith("get on 'one' failed after ")
          .withMessageContaining(dying.address().toString());

      VersionedBatch missing =
          tolerant.openTolerant("one").shard(0).newBatch(new Operation("get"), 1);
      VersionedBatch.Read read = missing.read(missing.prefix().listed("one:any:Sk"));
      assertThat(missing.run()).isTrue();
      assertThat(missing.item(read)).isNull();
      assertThat(missing.whyMissing(read)).isEqualTo(MissReason.SERVER_AWAY);
    }
  }
}
