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
import java.util.function.UnaryOperator;
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

  /** What it has is served until that is found. */
  @Test
  void look_anotherServerIsSilent_soonFindsThatAClearHasMissedThisOne() {
    Map<ServerAddress, Long> floors = new ConcurrentHashMap<>();
    try (MemcachedServer silent = MemcachedServer.start();
        MemcachedServer server = MemcachedServer.start();
        Cluster cluster = cluster(List.of(silent, server), floors)) {
      connect(cluster);
      silent.pause();

      noteLeaving(server);

      await("it has joined again, with a floor")
          .until(() -> floors.getOrDefault(TestClusters.address(server), 0L) > 0);
    }
  }

  /** Who goes by that list has cleared without it, which the departure of a third may not hide. */
  @Test
  void noteLeaving_aListLacksAServer_joinsAgain() {
    Map<ServerAddress, Long> floors = new ConcurrentHashMap<>();
    try (MemcachedServer first = MemcachedServer.start();
        MemcachedServer lacking = MemcachedServer.start();
        Cluster cluster = cluster(List.of(first, lacking), floors)) {
      connect(cluster);
      changeList(first, list -> list.replaceAll("\n.*" + TestClusters.address(lacking) + ".*", ""));

      cluster.used().noteLeaving(Set.of());

      assertThat(floors.get(TestClusters.address(lacking))).isPositive();
    }
  }

  private static Cluster cluster(List<MemcachedServer> servers, Map<ServerAddress, Long> floors) {
    return new Cluster(
        new ClusterSettings(servers.stream().map(TestClusters::address).toList(), LONG, LONG, 1),
        InstantSource.system(),
        floors::put);
  }

  private static void connect(Cluster cluster) {
    cluster
        .newRoundTrip(new Operation("test"))
        .add(0, new DeleteRequest("connect"))
        .add(1, new DeleteRequest("connect"))
        .run();
  }

  /** Does what a process does whose clear can't reach a server. */
  private static void noteLeaving(MemcachedServer server) {
    changeList(
        server,
        list -> list.replaceAll("(" + TestClusters.address(server) + " .*) joined", "$1 leaving"));
  }

  private static void changeList(MemcachedServer server, UnaryOperator<String> change) {
    List<String> item = server.command("get memjcache:servers");
    String before = String.join("\n", item.subList(1, item.size() - 1));
    String list = change.apply(before);
    assertThat(list).isNotEqualTo(before);
    server.command("set memjcache:servers 0 0 " + list.length() + "\r\n" + list);
  }
}
