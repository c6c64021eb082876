// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Who only looks at versions changes none. */
@Memcached
class VersionsInForceTest {

  private static final PathKey HOTELS = PathKey.of(List.of("hotels"));
  private static final PathKey LISBOA = PathKey.of(List.of("hotels", "Lisboa"));
  private static final PathKey LONG = PathKey.of(List.of("hotels", "x".repeat(200)));

  private final MemcachedServer server;
  private final OtherProcess process;

  VersionsInForceTest(MemcachedCluster servers) {
    server = servers.server(0);
    process = OtherProcess.on(servers);
  }

  @BeforeEach
  void empty() {
    server.flushAll();
  }

  @AfterEach
  void close() {
    process.close();
  }

  private Map<PathKey, Long> read(List<PathKey> levels) {
    return process.readVersions(levels);
  }

  @Test
  void readVersions_someLevelsHaveOne_givesThoseAndCreatesNone() {
    long number = OtherProcess.put(process.open("hotels", "Lisboa"), "k", "v").number(1);

    Map<PathKey, Long> versions = read(List.of(HOTELS, LISBOA, LONG));

    assertThat(versions).containsOnlyKeys(HOTELS, LISBOA).containsEntry(LISBOA, number);
    assertThat(Versions.createdAt(number)).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    assertThat(server.command("get " + LONG.versionKey())).containsExactly("END");
    assertThat(read(List.of())).isEmpty();
  }

  @Test
  void readVersions_clearedMeanwhile_givesTheNewOne() {
    OtherProcess.put(process.open("hotels", "Lisboa"), "k", "v");
    long before = read(List.of(LISBOA)).get(LISBOA);

    process.clear("hotels", "Lisboa");

    assertThat(read(List.of(LISBOA)).get(LISBOA)).isGreaterThan(before);
  }

  @Test
  void readVersions_somethingElseInItsPlace_isZero() {
    server.command("set " + LISBOA.versionKey() + " 0 0 5\r\nhello");

    assertThat(read(List.of(LISBOA))).containsOnly(Map.entry(LISBOA, 0L));
  }

  @Test
  void readVersions_moreThanFitIntoALine_givesAll() {
    List<PathKey> levels = new ArrayList<>();
    for (int i = 0; i < 1_200; i++) {
      levels.add(PathKey.of(List.of("hotels", "tenant" + i)));
    }
    for (PathKey level : List.of(levels.get(0), levels.get(600), levels.get(1_199))) {
      server.command("set " + level.versionKey() + " 0 0 19\r\n1800000000000000000");
    }

    assertThat(read(levels))
        .containsOnlyKeys(levels.get(0), levels.get(600), levels.get(1_199))
        .containsValue(1_800_000_000_000_000_000L);
  }
}
