// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
        Cluster cluster =
            new Cluster(
                new ClusterSettings(
                    List.of(TestClusters.address(silent), TestClusters.address(server)),
                    LONG,
                    LONG,
                    1),
                InstantSource.system(),
                floors::put)) {
      cluster
          .newRoundTrip(new Operation("test"))
          .add(0, new DeleteRequest("connect"))
          .add(1, new DeleteRequest("connect"))
          .run();
      silent.pause();

      noteLeaving(server);

      await("it has joined again, with a floor")
          .until(() -> floors.getOrDefault(TestClusters.address(server), 0L) > 0);
    }
  }

  /** Does what a process does whose clear can't reach a server. */
  private static void noteLeaving(MemcachedServer server) {
    List<String> item = server.command("get memjcache:servers");
    String list =
        String.join("\n", item.subList(1, item.size() - 1))
            .replaceAll("(" + TestClusters.address(server) + " .*) joined", "$1 leaving");
    server.command("set memjcache:servers 0 0 " + list.length() + "\r\n" + list);
  }
}
