// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

@DisabledIfEnvironmentVariable(named = "MEMJCACHE_TEST_SERVERS", matches = ".+")
class MemcachedClusterTest {

  @Test
  void start_three_namedTogetherAndApart() {
    try (MemcachedCluster cluster = MemcachedCluster.start(3)) {
      List<MemcachedServer> servers = cluster.servers();
      assertThat(servers).hasSize(3).extracting(MemcachedServer::port).doesNotHaveDuplicates();
      String addresses = String.join(",", servers.stream().map(MemcachedServer::address).toList());
      assertThat(cluster.addresses()).isEqualTo(addresses);
      assertThat(cluster.uri("shop")).isEqualTo(URI.create("memcached://" + addresses + "/shop"));
      assertThat(cluster.server(2)).isSameAs(servers.get(2));
      assertThat(cluster).hasToString("memcached at " + addresses);
    }
  }

  @Test
  void builder_settings_reachAllServers() {
    try (MemcachedCluster cluster = MemcachedCluster.builder().servers(2).threads(1).start()) {
      assertThat(cluster.servers())
          .allMatch(server -> server.stats("settings").get("num_threads").equals("1"));
    }
  }

  @Test
  void flushAll_itemsOnEachServer_allGone() {
    try (MemcachedCluster cluster = MemcachedCluster.start(2)) {
      cluster.servers().forEach(server -> server.command("set k 0 0 1\r\n1"));
      cluster.flushAll();
      assertThat(cluster.servers())
          .allMatch(server -> server.command("get k").equals(List.of("END")));
    }
  }

  @Test
  void close_twice_allServersAreGone() {
    MemcachedCluster cluster = MemcachedCluster.start(2);
    cluster.server(0).kill();
    cluster.server(1).pause();
    cluster.close();
    cluster.close();
    assertThat(cluster.servers()).noneMatch(MemcachedServer::isRunning);
  }

  @Test
  void server_noSuchIndex_refused() {
    try (MemcachedCluster cluster = MemcachedCluster.start(1)) {
      assertThatThrownBy(() -> cluster.server(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }
}
