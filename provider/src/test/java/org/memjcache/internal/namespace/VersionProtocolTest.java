// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.VersionTime;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** What is done to a version in memcached, and that all processes end up with the same number. */
@Memcached
class VersionProtocolTest {

  private static final String KEY = "hotels:version";

  private final MemcachedServer server;
  private final OtherProcess process;
  private final VersionProtocol protocol;
  private final Level level;

  VersionProtocolTest(MemcachedCluster servers) {
    server = servers.server(0);
    process = OtherProcess.on(servers);
    protocol = new VersionProtocol(process.cluster(), InstantSource.system());
    level = new Level("hotels", KEY, process.cluster().address(0), new AtomicLong());
  }

  @BeforeEach
  void empty() {
    server.flushAll();
  }

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void create_noneThere_addsAFreshNumber() {
    protocol.create(new Operation("test"), List.of(level));

    assertThat(number()).isGreaterThanOrEqualTo(VersionTime.SMALLEST);
    assertThat(level.highest()).isEqualTo(number());
  }

  /** A process whose clock begins in 1970 until it is set. */
  @Test
  void create_clockIsWrong_refusedAndNothingIsStored() {
    VersionProtocol early =
        new VersionProtocol(
            process.cluster(), InstantSource.fixed(Instant.parse("1970-01-01T00:01:00Z")));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> early.create(new Operation("test"), List.of(level)))
        .withMessageContaining("'hotels'")
        .withMessageContaining("says 1970-01-01T00:01:00Z");
    assertThat(server.command("get " + KEY)).containsExactly("END");

    protocol.create(new Operation("test"), List.of(level));
    assertThat(early.increment(new Operation("test"), List.of(level)).failed())
        .isEmpty(); // needs no clock
  }

  @Test
  void create_anotherProcessWasFaster_takesItsNumber() {
    set("2000000000000000000");

    protocol.create(new Operation("test"), List.of(level));

    assertThat(level.highest()).isEqualTo(2_000_000_000_000_000_000L);
    assertThat(number()).isEqualTo(2_000_000_000_000_000_000L);
  }

  @Test
  void create_winnerIsBelowWhatWasSeen_isPushedForward() {
    level.saw(3_000_000_000_000_000_000L, System.nanoTime());
    set("2000000000000000000");

    protocol.create(new Operation("test"), List.of(level));

    assertThat(number()).isGreaterThan(3_000_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void create_seenNumberIsAheadOfTheClock_goesPastIt() {
    level.saw(3_000_000_000_000_000_000L, System.nanoTime());

    protocol.create(new Operation("test"), List.of(level));

    assertThat(number()).isGreaterThan(3_000_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void create_garbageThere_isAnError() {
    set("garbage");

    assertThatExceptionOfType(NotAVersionException.class)
        .isThrownBy(() -> protocol.create(new Operation("test"), List.of(level)))
        .withMessageContaining("'hotels:version' holds 'garbage', expected a number of 19 digits");
    assertThat(level.highest()).isZero();
  }

  @Test
  void create_byManyProcessesAtOnce_allAgree(MemcachedCluster servers) {
    try (OtherProcess second = OtherProcess.on(servers);
        OtherProcess third = OtherProcess.on(servers)) {
      List<OtherProcess> peers = List.of(process, second, third);
      for (int round = 0; round < 50; round++) {
        String[] path = {"application " + round, "tenant", "cache"};
        Set<String> prefixes = ConcurrentHashMap.newKeySet();

        SimultaneousThreads.run(
            6,
            thread -> {
              Namespace namespace = peers.get(thread % 3).open(path);
              prefixes.add(OtherProcess.versions(namespace).prefix().text());
            });

        assertThat(prefixes).as("round " + round).hasSize(1);
      }
    }
  }

  @Test
  void read_someMissing_createsThem() {
    Level other = new Level("flights", "flights:version", level.server(), new AtomicLong());
    set("2000000000000000000");

    protocol.read(new Operation("test"), List.of(level, other));

    assertThat(level.highest()).isEqualTo(2_000_000_000_000_000_000L);
    assertThat(other.highest()).isGreaterThanOrEqualTo(VersionTime.SMALLEST);
    assertThat(server.command("get flights:version")).contains(Long.toString(other.highest()));
  }

  @Test
  void found_higher_isRemembered() {
    level.saw(2_000_000_000_000_000_000L, System.nanoTime());

    protocol.adopt(
        new Operation("test"),
        level,
        2_000_000_000_000_000_005L,
        level.highest(),
        System.nanoTime());

    assertThat(level.highest()).isEqualTo(2_000_000_000_000_000_005L);
  }

  @Test
  void found_lower_isPushedForward() {
    level.saw(2_000_000_000_000_000_000L, System.nanoTime());
    set("1999999999999999999");

    protocol.adopt(
        new Operation("test"),
        level,
        1_999_999_999_999_999_999L,
        level.highest(),
        System.nanoTime());

    assertThat(number()).isGreaterThan(2_000_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void found_lowerButGoneMeanwhile_isCreated() {
    level.saw(2_000_000_000_000_000_000L, System.nanoTime());

    protocol.adopt(
        new Operation("test"),
        level,
        1_999_999_999_999_999_999L,
        level.highest(),
        System.nanoTime());

    assertThat(number()).isGreaterThan(2_000_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void found_lowerButPushedByAnotherMeanwhile_isTakenAsItIs() {
    level.saw(2_000_000_000_000_000_000L, System.nanoTime());
    set("2500000000000000000");

    protocol.adopt(
        new Operation("test"),
        level,
        1_999_999_999_999_999_999L,
        level.highest(),
        System.nanoTime());

    assertThat(number()).isEqualTo(2_500_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void increment_byManyThreads_eachCounts() {
    protocol.create(new Operation("test"), List.of(level));
    long before = number();

    SimultaneousThreads.run(
        8,
        thread -> {
          for (int i = 0; i < 100; i++) {
            assertThat(protocol.increment(new Operation("test"), List.of(level)).failed())
                .isEmpty();
          }
        });

    assertThat(number()).isGreaterThanOrEqualTo(before + 800);
    assertThat(level.highest()).isEqualTo(number());
  }

  @Test
  void increment_missing_createsANumberAboveWhatWasSeen() {
    level.saw(3_000_000_000_000_000_000L, System.nanoTime());

    assertThat(protocol.increment(new Operation("test"), List.of(level)).failed()).isEmpty();

    assertThat(number()).isGreaterThan(3_000_000_000_000_000_000L);
    assertThat(level.highest()).isEqualTo(number());
  }

  private long number() {
    List<String> answer = server.command("get " + KEY);
    assertThat(answer).hasSize(3);
    return Long.parseLong(answer.get(1));
  }

  private void set(String value) {
    assertThat(server.command("set " + KEY + " 0 0 " + value.length() + "\r\n" + value))
        .containsExactly("STORED");
  }
}
