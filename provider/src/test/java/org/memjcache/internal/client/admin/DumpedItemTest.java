// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

@Memcached
class DumpedItemTest {

  @Test
  void dumpItems_realServer_saysSizeAndLastUse(MemcachedServer server) {
    try (Cluster cluster = TestClusters.cluster(ClusterSettings.of(TestClusters.address(server)))) {
      server.command("set small 0 0 1\r\nx");
      server.command("set large 0 0 1000\r\n" + "x".repeat(1000));
      long now = Long.parseLong(server.stats().get("time"));
      List<DumpedItem> items = new ArrayList<>();

      cluster.admin(0).dumpItems("", items::add);

      assertThat(items).extracting(DumpedItem::key).containsExactlyInAnyOrder("small", "large");
      assertThat(items).allSatisfy(item -> assertThat(now - item.lastUse()).isBetween(-5L, 60L));
      assertThat(items)
          .filteredOn(item -> item.key().equals("large"))
          .allSatisfy(item -> assertThat(item.size()).isBetween(1_000L, 1_200L));
      assertThat(items.stream().mapToLong(DumpedItem::size).sum())
          .isEqualTo(Long.parseLong(server.stats().get("bytes")));
    }
  }

  @Test
  void fields_missingOrWrong_areZero() {
    assertThat(new DumpedItem("k", "key=k exp=-1").size()).isZero();
    assertThat(new DumpedItem("k", "key=k la= size=").lastUse()).isZero();
    assertThat(new DumpedItem("k", "key=k la=1 size=9999999999999999999").size()).isZero();
    assertThat(new DumpedItem("k", "key=k la=12 size=34").lastUse()).isEqualTo(12);
  }
}
