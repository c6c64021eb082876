// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ParameterResolutionException;

/** The nested classes run in order, so that a later one sees what an earlier one has left. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@DisabledIfEnvironmentVariable(named = "MEMJCACHE_TEST_SERVERS", matches = ".+")
class MemcachedAnnotationTest {

  private static final List<MemcachedServer> seen = new ArrayList<>();

  @Nested
  @Order(1)
  @Memcached(servers = 3, memoryMegabytes = 32, maxItemSize = "2m", threads = 2, options = "-X")
  @TestClassOrder(ClassOrderer.OrderAnnotation.class)
  class Several {

    private final MemcachedCluster fromConstructor;

    Several(MemcachedCluster cluster) {
      this.fromConstructor = cluster;
    }

    @Test
    void parameters_severalServers_sameEverywhere(
        MemcachedCluster cluster, List<MemcachedServer> servers) {
      assertThat(cluster).isSameAs(fromConstructor);
      assertThat(servers).isEqualTo(cluster.servers()).hasSize(3);
      seen.addAll(servers);
    }

    @Test
    void settings_allGiven_reachTheServers(List<MemcachedServer> servers) {
      assertThat(servers.get(2).stats("settings"))
          .containsEntry("maxbytes", "33554432")
          .containsEntry("item_size_max", "2097152")
          .containsEntry("num_threads", "2")
          .containsEntry("dump_enabled", "no");
    }

    @Nested
    @Order(1)
    class Within {

      @Test
      void cluster_nestedWithoutAnnotation_thatOfTheClassAround(MemcachedCluster cluster) {
        assertThat(cluster).isSameAs(fromConstructor);
      }
    }

    @Nested
    @Order(2)
    @Memcached
    class WithinWithItsOwn {

      @Test
      void server_nestedWithAnnotation_itsOwn(MemcachedServer server) {
        assertThat(fromConstructor.servers()).doesNotContain(server);
        assertThat(fromConstructor.servers()).allMatch(MemcachedServer::isRunning);
        seen.add(server);
      }
    }
  }

  @Retention(RetentionPolicy.RUNTIME)
  @Memcached(servers = 2)
  private @interface Pair {}

  @Nested
  @Order(2)
  @Pair
  class MetaAnnotation {

    @Test
    void servers_annotationOnAnnotation_asSaidThere(List<MemcachedServer> servers) {
      assertThat(servers).hasSize(2).allMatch(MemcachedServer::isRunning);
      seen.addAll(servers);
    }
  }

  @Memcached
  abstract static class Base {}

  @Nested
  @Order(3)
  class Inherited extends Base {

    @Test
    void server_annotationOnSuperclass_started(MemcachedServer server) {
      assertThat(server.isRunning()).isTrue();
      seen.add(server);
    }
  }

  @Nested
  @Order(4)
  class Afterwards {

    @Test
    void servers_ofEarlierClasses_areGone() {
      assertThat(seen).hasSizeGreaterThanOrEqualTo(7).noneMatch(MemcachedServer::isRunning);
    }
  }

  @Nested
  @Order(5)
  class Parameters {

    @Test
    void resolve_oneServerOfSeveral_errorSaysWhatToTake() {
      try (MemcachedCluster cluster = MemcachedCluster.start(2)) {
        assertThatThrownBy(() -> ClusterParameter.resolve(parameter(0), cluster))
            .isInstanceOf(ParameterResolutionException.class)
            .hasMessageContaining("There are 2 servers");
      }
    }

    @Test
    void resolve_nothingStarted_error() {
      assertThatThrownBy(() -> ClusterParameter.resolve(parameter(0), null))
          .isInstanceOf(ParameterResolutionException.class)
          .hasMessageContaining("No memcached was started");
    }

    @Test
    void isSupported_otherTypes_false() {
      assertThat(Stream.of(0, 1, 2).map(this::parameter)).allMatch(ClusterParameter::isSupported);
      assertThat(Stream.of(3, 4, 5).map(this::parameter)).noneMatch(ClusterParameter::isSupported);
    }

    private Parameter parameter(int index) {
      try {
        return Parameters.class.getDeclaredMethod(
                "method",
                MemcachedServer.class,
                MemcachedCluster.class,
                List.class,
                List.class,
                List.class,
                String.class)
            .getParameters()[index];
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }

    @SuppressWarnings({"unused", "rawtypes"}) // only its signature is looked at
    private void method(
        MemcachedServer server,
        MemcachedCluster cluster,
        List<MemcachedServer> servers,
        List<String> strings,
        List raw,
        String text) {}
  }
}
