// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The nested classes run in order, so that a later one sees what an earlier one has left. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@DisabledIfEnvironmentVariable(named = "MEMJCACHE_TEST_SERVERS", matches = ".+")
class MemcachedExtensionTest {

  private static final List<MemcachedServer> seenByClass = new ArrayList<>();
  private static final List<MemcachedServer> seenByTests = new ArrayList<>();

  @Nested
  @Order(1)
  class StaticField {

    @RegisterExtension
    static final MemcachedExtension memcached =
        MemcachedExtension.builder().servers(2).threads(1).memoryMegabytes(16).build();

    @BeforeAll
    static void started_beforeBeforeAll(MemcachedCluster cluster) {
      assertThat(cluster).isSameAs(memcached.cluster());
      seenByClass.addAll(memcached.servers());
    }

    @Test
    void servers_firstTest_sameAsBefore(List<MemcachedServer> servers) {
      assertThat(servers).isEqualTo(seenByClass).hasSize(2);
      assertThat(memcached.server(1)).isSameAs(servers.get(1));
      assertThat(memcached.uri("x")).isEqualTo(memcached.cluster().uri("x"));
      assertThat(servers.get(0).stats("settings"))
          .containsEntry("num_threads", "1")
          .containsEntry("maxbytes", "16777216");
    }

    @Test
    void servers_secondTest_sameAsBefore() {
      assertThat(memcached.servers()).isEqualTo(seenByClass).allMatch(MemcachedServer::isRunning);
      assertThatThrownBy(memcached::server)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("There are 2 servers");
    }

    @Nested
    class Within {

      @Test
      void servers_nestedClass_sameAsBefore(MemcachedCluster cluster) {
        assertThat(cluster.servers()).isEqualTo(seenByClass).allMatch(MemcachedServer::isRunning);
      }
    }

    @AfterAll
    static void stillRunning_inAfterAll() {
      assertThat(memcached.servers()).allMatch(MemcachedServer::isRunning);
    }
  }

  @Nested
  @Order(2)
  @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
  class InstanceField {

    @RegisterExtension final MemcachedExtension memcached = MemcachedExtension.create();

    @BeforeEach
    void started_beforeBeforeEach(MemcachedServer server) {
      assertThat(server).isSameAs(memcached.server());
    }

    @Test
    @Order(1)
    void server_firstTest_ofItsOwn() {
      seenByTests.add(memcached.server());
    }

    @Test
    @Order(2)
    void server_secondTest_anotherAndTheFirstIsGone(MemcachedServer server) {
      assertThat(seenByTests).hasSize(1).doesNotContain(server);
      assertThat(seenByTests.get(0).isRunning()).isFalse();
      seenByTests.add(server);
    }
  }

  @Nested
  @Order(3)
  class Afterwards {

    @Test
    void servers_ofEarlierClasses_areGone() {
      assertThat(seenByClass).hasSize(2).noneMatch(MemcachedServer::isRunning);
      assertThat(seenByTests).hasSize(2).noneMatch(MemcachedServer::isRunning);
    }

    @Test
    void cluster_extensionNotRegistered_errorSaysWhatToDo() {
      assertThatThrownBy(() -> MemcachedExtension.create().cluster())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("@RegisterExtension");
    }
  }
}
