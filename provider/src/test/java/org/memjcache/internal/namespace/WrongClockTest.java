// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** A process whose clock is wrong by decades, and what others find of what it did. */
@Memcached(servers = 3)
@Tag("slow")
@Tag("any-jdk")
class WrongClockTest {

  private static final String EARLY = "1970-01-01T00:03:00Z";
  private static final String LATE = "2130-01-01T00:00:00Z";

  private static final List<String> KEYS = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();
  private static final String[] PATH = {"hotels", "rooms"};

  private final MemcachedCluster servers;
  private final ServerAddress[] all;

  WrongClockTest(MemcachedCluster servers) {
    this.servers = servers;
    this.all = OtherProcess.addresses(servers);
    servers.flushAll();
  }

  private OtherProcess wrong(String time) {
    return OtherProcess.on(all, InstantSource.fixed(Instant.parse(time)));
  }

  private static List<String> keysOn(int server, Namespace namespace) {
    return KEYS.stream()
        .filter(key -> namespace.shardOf(OtherProcess.key(key)).server() == server)
        .toList();
  }

  private void fill() {
    try (OtherProcess right = OtherProcess.on(servers)) {
      requireUsable(right);
    }
  }

  private static void requireUsable(OtherProcess process) {
    Namespace rooms = process.open(PATH);
    for (String key : KEYS) {
      OtherProcess.put(rooms, key, "value");
      assertThat(OtherProcess.get(rooms, key)).isEqualTo("value");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {EARLY, LATE})
  void serverIsRestartedEmpty_isNotJoinedAndOthersUseIt(String time) {
    MemcachedServer restarted = servers.server(1);
    assumeThat(restarted.isManaged()).isTrue();
    fill();
    restarted.restart();

    try (OtherProcess wrong = wrong(time)) {
      Namespace rooms = wrong.open(PATH);
      assertThat(keysOn(1, rooms))
          .allSatisfy(
              key ->
                  assertThatExceptionOfType(CacheException.class)
                      .isThrownBy(() -> OtherProcess.get(rooms, key))
                      .withMessageContaining(restarted.address())
                      .withMessageContaining("the clock of this process says " + time));
      assertThat(keysOn(0, rooms))
          .allSatisfy(key -> assertThat(OtherProcess.get(rooms, key)).isEqualTo("value"));
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(rooms::clear)
          .withMessageContaining("the clock of this process says " + time);
      assertThat(keysOn(0, rooms))
          .allSatisfy(key -> assertThat(OtherProcess.get(rooms, key)).isNull());
    }
    try (OtherProcess right = OtherProcess.on(servers)) {
      requireUsable(right);
      right.clear(PATH);
    }
  }

  /** Who compares the lists of the servers finds it, and may not hide it from others. */
  @ParameterizedTest
  @ValueSource(strings = {EARLY, LATE})
  void clearHasMissedAServer_wrongClockComesFirst_nothingComesBack(String time) {
    ServerAddress[] older = {all[0], all[2]};
    try (OtherProcess process = OtherProcess.on(older, Duration.ofSeconds(1))) {
      requireUsable(process);
    }
    servers.server(0).pause();
    servers.server(2).pause();
    List<String> keys;
    try (OtherProcess process = OtherProcess.on(all, Duration.ofMillis(300))) {
      Namespace rooms = process.open(PATH);
      keys = keysOn(1, rooms);
      keys.forEach(key -> OtherProcess.put(rooms, key, "cleared"));
    } finally {
      servers.server(0).resume();
      servers.server(2).resume();
    }
    try (OtherProcess process = OtherProcess.on(older, Duration.ofSeconds(1))) {
      process.clear(PATH);
    }

    try (OtherProcess wrong = wrong(time)) {
      Namespace rooms = wrong.open(PATH);
      assertThat(keys)
          .allSatisfy(
              key ->
                  assertThatExceptionOfType(CacheException.class)
                      .isThrownBy(() -> OtherProcess.get(rooms, key))
                      .withMessageContaining("the clock of this process says " + time));
    }

    try (OtherProcess right = OtherProcess.on(servers)) {
      Namespace rooms = right.open(PATH);
      assertThat(keys).allSatisfy(key -> assertThat(OtherProcess.get(rooms, key)).isNull());
    }
  }

  @Test
  void clearHasMissedAServerInUse_isNotServedUntilOthersHaveItJoin() {
    fill();
    try (OtherProcess wrong = wrong(EARLY)) {
      Namespace rooms = wrong.open(PATH);
      String key = keysOn(1, rooms).get(0);
      assertThat(OtherProcess.get(rooms, key)).isEqualTo("value");

      changeLists(list -> list.replaceAll("(" + all[1] + " .*) joined", "$1 leaving"));

      await("it is used no more").until(() -> failureOf(rooms, key).contains("the clock of this"));
      try (OtherProcess right = OtherProcess.on(servers)) {
        Namespace theirs = right.open(PATH);
        assertThat(OtherProcess.get(theirs, key)).isNull();
        OtherProcess.put(theirs, key, "new");
      }
      await("it is used again").until(() -> failureOf(rooms, key).isEmpty());
      assertThat(OtherProcess.get(rooms, key)).isEqualTo("new");
    }
  }

  private static String failureOf(Namespace namespace, String key) {
    try {
      OtherProcess.get(namespace, key);
      return "";
    } catch (CacheException e) {
      return e.getMessage();
    }
  }

  /** Earlier releases made such floors; nothing that was stored below one of them is trusted. */
  @ParameterizedTest
  @ValueSource(strings = {"1447034880000", "5294397378327074247"})
  void listHasAFloorOfAWrongClock_isHealed(String floor) {
    fill();
    changeLists(list -> list.replaceAll("(" + all[1] + ") 0 ", "$1 " + floor + " "));

    try (OtherProcess right = OtherProcess.on(servers)) {
      Namespace rooms = right.open(PATH);
      assertThat(keysOn(1, rooms))
          .allSatisfy(key -> assertThat(OtherProcess.get(rooms, key)).isNull());
      requireUsable(right);
    }

    fill();
    assertThat(servers.servers())
        .extracting(TestClusters::members)
        .noneMatch(list -> list.contains(floor))
        .allMatch(list -> list.matches("(?s).*" + all[1] + " 1\\d{18} [0-9 ]+ joined.*"));
  }

  private void changeLists(UnaryOperator<String> change) {
    servers.servers().forEach(server -> TestClusters.changeMembers(server, change));
  }
}
