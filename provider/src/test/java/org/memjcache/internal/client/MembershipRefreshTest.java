// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.MemcachedServer;

@Timeout(120)
@Tag("slow")
class MembershipRefreshTest {

  /** So long that a test would fail which waits for it. */
  private static final Duration LONG = Duration.ofMinutes(2);

  private final MemcachedServer first = MemcachedServer.start();
  private final MemcachedServer second = MemcachedServer.start();
  private final Map<ServerAddress, Long> floors = new ConcurrentHashMap<>();
  private final Cluster cluster =
      new Cluster(
          new ClusterSettings(
              List.of(TestClusters.address(first), TestClusters.address(second)), LONG, LONG, 1),
          InstantSource.system(),
          floors::put);

  @BeforeEach
  void connect() {
    cluster
        .newRoundTrip(new Operation("test"))
        .add(0, new DeleteRequest("connect"))
        .add(1, new DeleteRequest("connect"))
        .run();
  }

  @AfterEach
  void close() {
    cluster.close();
    second.close();
    first.close();
  }

  /** What it has is served until that is found. */
  @Test
  void look_anotherServerIsSilent_soonFindsThatAClearHasMissedThisOne() {
    first.pause();

    // Does what a process does whose clear can't reach a server.
    TestClusters.changeMembers(
        second,
        list -> list.replaceAll("(" + TestClusters.address(second) + " .*) joined", "$1 leaving"));

    await("it has joined again, with a floor")
        .until(() -> floors.getOrDefault(TestClusters.address(second), 0L) > 0);
  }

  /** Who goes by that list has cleared without it, which the departure of a third may not hide. */
  @Test
  void noteLeaving_aListLacksAServer_joinsAgain() {
    TestClusters.changeMembers(
        first, list -> list.replaceAll("\n.*" + TestClusters.address(second) + ".*", ""));

    cluster.used().noteLeaving(Set.of());

    assertThat(floors.get(TestClusters.address(second))).isPositive();
  }
}
