// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.ChildJvm;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** A name means one server: for all connections of a process, whatever it is looked up to be. */
@Tag("any-jdk")
class MovedServerTest {

  private static final int KEYS = 200;

  private final MemcachedServer before = MemcachedServer.start();
  private final MemcachedServer after = MemcachedServer.start();
  private final RecordingProxy name = RecordingProxy.start(before);

  @AfterEach
  void stop() {
    name.close();
    before.close();
    after.close();
  }

  /** The old server still answers: over the connection that was not lost. */
  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"text", "binary"})
  void nameMoves_oneOfTwoConnectionsIsLost_allThreadsUseTheNewServer(String protocol)
      throws Exception {
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      Cache<String, String> cache =
          provider
              .getCacheManager(
                  name.uri("/app/tenant?timeout=5s&connections=2&protocol=" + protocol), null)
              .createCache("cache", new MutableConfiguration<>());
      awaitConnections(cache);
      name.moveTo(after);

      name.dropConnection();

      await("a connection to the new server is used").until(() -> isUsed(after));
      awaitConnections(cache);
      for (int i = 0; i < KEYS; i++) {
        String key = "k" + i;
        inThread(() -> put(cache, key, "v"));
        assertThat(inThread(() -> cache.get(key))).as(key).isEqualTo("v");
        assertThat(inThread(() -> cache.get(key))).as(key).isEqualTo("v");
      }
    }
  }

  private static Void put(Cache<String, String> cache, String key, String value) {
    cache.put(key, value);
    return null;
  }

  private static boolean isUsed(MemcachedServer server) {
    return Long.parseLong(server.stats().get("cmd_get")) > 0;
  }

  private void awaitConnections(Cache<String, String> cache) throws InterruptedException {
    MemcachedCacheManager manager = cache.getCacheManager().unwrap(MemcachedCacheManager.class);
    await("two connections")
        .until(
            () -> {
              manager.ping();
              return name.openConnections() == 2;
            });
  }

  /** Each thread uses one of the connections, by its number. */
  private static <T> T inThread(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(task.call());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof CacheException failure ? failure : e;
    }
  }

  /** What was read before a connection was opened can be changed over it. */
  @Test
  @Tag("slow")
  void connectionIsReplacedWhileAnotherIsOpen_whatWasReadBeforeIsStillKnown() throws Exception {
    try (Cluster cluster = cluster()) {
      List<StoreRequest> stores = storedOverBoth(cluster, false);

      assertThat(stores).extracting(StoreRequest::result).containsOnly(StoreRequest.Result.STORED);
    }
  }

  /** It may have been restarted in between, and count from 1 again. */
  @Test
  void allConnectionsAreReplaced_whatWasReadBeforeIsNotKnown() throws Exception {
    try (Cluster cluster = cluster()) {
      List<StoreRequest> stores = storedOverBoth(cluster, true);

      assertThat(stores).extracting(StoreRequest::result).containsOnly(StoreRequest.Result.EXISTS);
    }
  }

  private Cluster cluster() {
    return new Cluster(
        new ClusterSettings(
            List.of(new ServerAddress(name.host(), name.port())),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            2));
  }

  private List<StoreRequest> storedOverBoth(Cluster cluster, boolean areAllLost) throws Exception {
    awaitConnections(cluster);
    List<CasToken> tokens = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      run(cluster, StoreRequest.set("key" + i, 0, 0, new byte[] {'a'}));
      tokens.add(run(cluster, new GetRequest(List.of("key" + i), true)).item(0).token());
    }
    if (areAllLost) {
      name.refuse(true); // or one could be replaced before the other is lost
      name.dropConnections();
      name.refuse(false);
    } else {
      int accepted = name.connections();
      name.dropConnection();
      await("another connection").until(() -> name.connections() > accepted);
    }
    awaitConnections(cluster);
    List<StoreRequest> stores = new ArrayList<>();
    for (int i = 0; i < 2; i++) { // threads with numbers one after the other
      StoreRequest store = StoreRequest.cas("key" + i, 0, 0, new byte[] {'b'}, tokens.get(i));
      stores.add(inThread(() -> run(cluster, store)));
    }
    return stores;
  }

  private void awaitConnections(Cluster cluster) throws InterruptedException {
    await("two connections").until(() -> cluster.ping() != null && name.openConnections() == 2);
  }

  private static <R extends Request> R run(Cluster cluster, R request) {
    RoundTrip trip = cluster.newRoundTrip(new Operation("test"));
    trip.add(0, request).run();
    return request;
  }

  /** Each process, and each connection, would take another of the addresses. */
  @Test
  @Tag("slow")
  void nameOfSeveralServers_isRefusedAndTheAddressesNamed(@TempDir Path folder) throws IOException {
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 cache.test\n127.0.0.2 cache.test\n");
    try (ChildJvm other =
        ChildJvm.start(
            Duration.ofSeconds(60),
            List.of("-Djdk.net.hosts.file=" + hosts),
            OneGet.class,
            "memcached://cache.test:" + before.port() + "/app?timeout=5s")) {
      assertThat(other.ask("get"))
          .contains("memcached cache.test:" + before.port())
          .contains("127.0.0.1, 127.0.0.2")
          .contains("a name or an address of its own");
    }
  }
}
