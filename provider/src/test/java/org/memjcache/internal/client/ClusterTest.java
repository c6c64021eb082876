// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ScriptedServer;
import org.memjcache.support.SimultaneousThreads;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Sharing, opening and closing of clusters, and several servers. */
@Memcached(servers = 3)
@Timeout(60)
class ClusterTest {

  private static final int CLOSINGS = 300;

  private final MemcachedCluster servers;

  ClusterTest(MemcachedCluster servers) {
    this.servers = servers;
  }

  private ClusterSettings one() {
    return TestClusters.settings(5000, TestClusters.address(servers.server(0)));
  }

  private ClusterSettings three() {
    return TestClusters.settings(
        5000, servers.servers().stream().map(TestClusters::address).toArray(ServerAddress[]::new));
  }

  private static int connections(MemcachedServer server) {
    return Integer.parseInt(server.stats().get("curr_connections"));
  }

  /** Returns the threads of clients. There may be some of other tests, whose servers are dead. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(
            thread -> {
              String name = thread.getName().toLowerCase(Locale.ROOT);
              return name.contains("memjcache-store") || name.contains("xmemcached");
            })
        .collect(Collectors.toSet());
  }

  @Test
  void acquire_connectsNothing() throws Exception {
    Set<Thread> ofOthers = threads();
    int before = connections(servers.server(0));
    try (Cluster cluster = new Cluster(three())) {
      cluster.list().serverOf(() -> "k");
      cluster.newRoundTrip(new Operation("test"));
      Thread.sleep(50);
      assertThat(ofOthers).containsAll(threads());
      assertThat(connections(servers.server(0))).isEqualTo(before);
    }
  }

  @Test
  void firstTrips_ofManyThreads_makeOneClient() throws Exception {
    int before = connections(servers.server(0));
    try (Cluster cluster = new Cluster(one())) {
      CountDownLatch go = new CountDownLatch(1);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Thread thread =
            new Thread(
                () -> {
                  Waiting.awaitLatch(go);
                  TestClusters.set(cluster, "k", "v");
                });
        thread.start();
        threads.add(thread);
      }
      go.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(TestClusters.get(cluster, "k")).isEqualTo("v");
      assertThat(connections(servers.server(0))).isEqualTo(before + 1);
    }
  }

  /** Each server keeps its index, so that what refers to it stays right. */
  @Test
  void use_otherLists_keysAreOnTheirServersOnly() throws Exception {
    List<ServerAddress> all = three().servers();
    try (Cluster cluster = new Cluster(TestClusters.settings(5000, all.get(1)))) {
      assertThat(serversOfKeys(cluster)).containsExactly(all.get(1));

      cluster.use(all);
      assertThat(serversOfKeys(cluster)).containsExactlyInAnyOrderElementsOf(all);

      cluster.use(List.of(all.get(2)));
      assertThat(serversOfKeys(cluster)).containsExactly(all.get(2));
      assertThat(cluster.address(0)).isEqualTo(all.get(1));
    }
  }

  /** Stores something under many keys; returns the servers that did. */
  private static Set<ServerAddress> serversOfKeys(Cluster cluster) {
    Set<ServerAddress> used = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String key = "list" + i;
      int server = cluster.list().serverOf(() -> key);
      GetRequest get = new GetRequest(List.of(key), false);
      cluster
          .newRoundTrip(new Operation("test"))
          .add(server, StoreRequest.set(key, 0, 0, Wire.bytes("v")))
          .add(server, get)
          .run();
      assertThat(get.item(0)).isNotNull();
      used.add(cluster.address(server));
    }
    return used;
  }

  @Test
  void close_neverConnected_isFine() {
    Cluster cluster = new Cluster(one());
    cluster.close();
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> TestClusters.get(cluster, "k"))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.CLOSED));
    assertThatExceptionOfType(RequestFailedException.class)
        .isThrownBy(() -> cluster.admin(0).itemSizeLimit(Duration.ofSeconds(5)))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(RequestFailedException.Kind.CLOSED));
  }

  /** None connects by itself, in place of a thread that has ended, or is told to wait for it. */
  @Test
  @Tag("slow")
  void close_callersWaitForTheirFirstConnection_allAreToldThatItIsClosed() {
    CountDownLatch end = new CountDownLatch(1);
    List<RequestFailedException.Kind> told = new CopyOnWriteArrayList<>();
    try (ScriptedServer silent =
        new ScriptedServer(
            line -> {
              Waiting.awaitLatch(end);
              return null;
            })) {
      for (int i = 0; i < CLOSINGS; i++) {
        Cluster cluster = new Cluster(TestClusters.settings(5000, silent.address()));
        SimultaneousThreads.run(
            5,
            thread -> {
              if (thread == 4) {
                Waiting.await("connecting has begun").until(() -> cluster.server(0).isConnecting());
                cluster.close();
              } else {
                told.add(TestClusters.failure(() -> TestClusters.get(cluster, "k")).kind());
              }
            });
      }
      assertThat(told).containsOnly(RequestFailedException.Kind.CLOSED);
    } finally {
      end.countDown();
    }
  }

  @Test
  void openAndClose_manyTimes_leavesNothingBehind() throws Exception {
    Set<Thread> ofOthers = threads();
    int before = connections(servers.server(0));
    for (int i = 0; i < 40; i++) {
      try (Cluster cluster = new Cluster(three())) {
        for (int server = 0; server < 3; server++) {
          DeleteRequest delete = new DeleteRequest("k");
          cluster.newRoundTrip(new Operation("test")).add(server, delete).run();
        }
      }
    }
    TestClusters.await(Duration.ofSeconds(30), () -> ofOthers.containsAll(threads()));
    TestClusters.await(Duration.ofSeconds(30), () -> connections(servers.server(0)) == before);
  }

  @Test
  void trip_toThreeServers_givesEachItsKeys() {
    try (Cluster cluster = new Cluster(three())) {
      RoundTrip writes = cluster.newRoundTrip(new Operation("test"));
      Map<Integer, List<String>> byServer = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        String key = "key-" + i;
        int server = cluster.list().serverOf(() -> key);
        byServer.computeIfAbsent(server, s -> new ArrayList<>()).add(key);
        writes.add(server, StoreRequest.set(key, 0, 0, Wire.bytes(key)));
      }
      writes.run();
      assertThat(byServer).hasSize(3);
      RoundTrip reads = cluster.newRoundTrip(new Operation("test"));
      Map<Integer, GetRequest> gets = new HashMap<>();
      byServer.forEach(
          (server, keys) -> {
            GetRequest get = new GetRequest(keys, false);
            gets.put(server, get);
            reads.add(server, get);
          });
      reads.run();
      byServer.forEach(
          (server, keys) -> {
            for (String key : keys) {
              assertThat(gets.get(server).item(key).data()).isEqualTo(Wire.bytes(key));
            }
            assertThat(servers.server(server).command("get " + keys.get(0))).hasSize(3);
          });
    }
  }

  @Test
  void threads_keepNothingOfTheFirstCaller() throws Exception {
    ClassLoader application = new ClassLoader(null) {};
    Thread caller =
        new Thread(
            () -> {
              try (Cluster cluster = new Cluster(one())) {
                TestClusters.get(cluster, "k");
                assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(t -> t.getName().toLowerCase(Locale.ROOT).contains("xmemcached"))
                    .isNotEmpty()
                    .noneMatch(t -> t.getContextClassLoader() == application);
              }
            });
    caller.setContextClassLoader(application);
    List<Throwable> failures = new ArrayList<>();
    caller.setUncaughtExceptionHandler((thread, e) -> failures.add(e));
    caller.start();
    caller.join();
    assertThat(failures).isEmpty();
  }
}
