// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.support.ScriptedServer;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

@Memcached(maxItemSize = "512k")
class StatisticsTest {

  private final MemcachedServer server;

  StatisticsTest(MemcachedServer server) {
    this.server = server;
  }

  @Test
  void ask_realServer_givesWhatItSays() {
    try (Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      assertThat(cluster.admin(0).statistics(Statistics.GENERAL))
          .containsEntry("pid", server.stats().get("pid"))
          .containsKeys("curr_items", "limit_maxbytes", "time");
      assertThat(cluster.admin(0).statistics("settings")).containsEntry("item_size_max", "524288");
      assertThat(cluster.admin(0).statistics("nonsense")).isEmpty();
    }
  }

  @Test
  void ask_prefixes_givesTheirCounts() {
    try (Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      assertThat(cluster.admin(0).statistics(Statistics.COUNT_PREFIXES)).isEmpty();
      server.command("set hotels/Lisboa/info:k 0 0 1\r\nx");
      server.command("get hotels/Lisboa/info:k");
      assertThat(cluster.admin(0).statistics(Statistics.COUNT_NO_PREFIXES)).isEmpty();
      server.command("get hotels/Lisboa/info:k");

      assertThat(cluster.admin(0).statistics(Statistics.PREFIXES))
          .contains(entry("hotels/Lisboa/info", "get 1 hit 1 set 1 del 0"));
    }
  }

  @Test
  void ask_serverThatSaysSomethingElse_givesNothing() {
    try (ScriptedServer odd = new ScriptedServer(line -> line.equals("stats") ? "ERROR\r\n" : "");
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(odd.address()))) {
      assertThat(cluster.admin(0).statistics(Statistics.GENERAL)).isEmpty();
    }
  }

  @Test
  void ask_serverThatIsAway_isAnErrorThatNamesIt() {
    try (MemcachedServer gone = MemcachedServer.start();
        Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(gone)))) {
      gone.kill();

      assertThatExceptionOfType(RequestFailedException.class)
          .isThrownBy(() -> cluster.admin(0).statistics("settings"))
          .withMessageContaining("Asking for the statistics (settings) of memcached")
          .withMessageContaining(gone.address());
    }
  }
}
