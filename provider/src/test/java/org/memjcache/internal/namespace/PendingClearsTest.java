// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.common.Operation;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** What is owed is remembered, within bounds, and paid once. */
@Memcached
@Tag("slow")
class PendingClearsTest {

  private static final int MOST = 10_000;

  private final MemcachedServer server;
  private final OtherProcess process;

  PendingClearsTest(MemcachedCluster servers) {
    server = servers.server(0);
    process = OtherProcess.on(servers);
  }

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void markForClear_moreLevelsThanAreRemembered_oweTheirApplicationInstead() {
    assumeThat(server.isManaged()).isTrue();
    server.kill();
    try {
      for (int i = 0; i < MOST; i++) {
        process.open("app", "tenant" + i).shard(0).markForClear();
      }
      Namespace first = process.open("app", "tenant0");
      assertThat(process.pendingClears().pending).doesNotContainKey(first.shard(0).levels()[0]);
      assertThat(process.pendingClears().pending).containsKey(first.shard(0).levels()[1]);

      Namespace another = process.open("app", "another");
      another.shard(0).markForClear();

      assertThat(process.pendingClears().pending).doesNotContainKey(another.shard(0).levels()[1]);
      assertThat(process.pendingClears().pending).containsKey(another.shard(0).levels()[0]);
    } finally {
      server.restart();
    }
  }

  @Test
  void markForClear_manyTimesBeforeItIsPaid_costsOneClear() {
    Namespace rooms = process.open("hotels", "rooms");
    OtherProcess.put(rooms, "101", "free");
    long clears = rooms.shard(0).levels()[1].clears();
    for (int i = 0; i < 50; i++) {
      rooms.shard(0).markForClear();
    }

    assertThat(OtherProcess.get(rooms, "101")).isNull();

    assertThat(rooms.shard(0).levels()[1].clears()).isEqualTo(clears + 1);
    assertThat(process.pendingClears().pending).doesNotContainKey(rooms.shard(0).levels()[1]);
    OtherProcess.put(rooms, "101", "taken");
    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
  }

  @Test
  void markForClear_byManyThreadsThatGoOn_everyWriteAfterTheLastStays() {
    Namespace rooms = process.open("hotels", "suites");

    SimultaneousThreads.run(
        6,
        thread -> {
          for (int i = 0; i < 100; i++) {
            if (thread % 2 == 0) {
              rooms.shard(0).markForClear();
            } else {
              OtherProcess.put(rooms, "101", "free");
            }
          }
        });
    OtherProcess.put(rooms, "101", "taken");

    assertThat(OtherProcess.get(rooms, "101")).isEqualTo("taken");
    assertThat(process.pendingClears().pending).doesNotContainKey(rooms.shard(0).levels()[1]);
  }

  @Test
  void batchUnder_aClearIsOwedSince_doesNotHold() {
    assumeThat(server.isManaged()).isTrue();
    Namespace rooms = process.open("hotels", "lobby");
    Versions versions = OtherProcess.put(rooms, "101", "free");
    rooms.shard(0).markForClear();

    assertThat(OtherProcess.putUnder(rooms, versions, "101", "loaded")).isFalse();

    assertThat(OtherProcess.get(rooms, "101")).isNull();
    server.kill();
    rooms.shard(0).markForClear();
    try {
      Waiting.await("put fails")
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                try {
                  rooms.shard(0).newBatchUnder(versions, new Operation("put"), 1);
                  return false;
                } catch (CacheException e) {
                  return e.getMessage().startsWith("put on 'hotels/lobby' failed");
                }
              });
    } finally {
      server.restart();
    }
  }
}
