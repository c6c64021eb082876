package org.memjcache.internal.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.memjcache.support.Waiting.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Three levels whose versions live on three servers, and items on all of them. */
@Memcached(servers = 3)
@Tag("slow")
class ThreeServersTest {

  private final MemcachedCluster servers;
  private final OtherProcess process;
  private final OtherProcess other;
  private final String[] path;
  private final Namespace namespace;

  ThreeServersTest(MemcachedCluster servers) {
    this.servers = servers;
    process = OtherProcess.on(servers);
    other = OtherProcess.on(servers);
    String application = nameOn(0, List.of());
    String tenant = nameOn(1, List.of(application));
    path = new String[] {application, tenant, nameOn(2, List.of(application, tenant))};
    namespace = process.open(path);
    servers.flushAll();
  }

  @AfterEach
  void close() {
    process.close();
    other.close();
  }

  @Test
  void versions_areOnThreeServers() {
    OtherProcess.put(namespace, "k", "v");

    for (int level = 0; level < 3; level++) {
      String key = namespace.shard(0).levels()[level].versionKey();
      assertThat(server(level).command("get " + key)).hasSize(3);
    }
  }

  @Test
  void put_entriesOnAllServers_areReadByAnotherPeer() {
    fill();

    requireAll(other.open(path), true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void clear_oneLevel_hidesTheEntriesOnAllServers(int level) {
    fill();
    requireAll(other.open(path), true);

    other.clear(List.of(path).subList(0, level + 1).toArray(String[]::new));

    requireAll(namespace, false);
    requireAll(other.open(path), false);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void restartEmpty_serverOfALevel_hidesTheEntriesOnAllServers(int level) {
    assumeThat(server(level).isManaged()).isTrue();
    fill();
    Namespace theirs = other.open(path);
    requireAll(theirs, true);

    server(level).restart();
    awaitAllServers(namespace);
    awaitAllServers(theirs);

    requireAll(namespace, false);
    requireAll(theirs, false);
    fill();
    requireAll(theirs, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void serverOfALevelIsAway_nothingIsServedOrStored(int level) {
    assumeThat(server(level).isManaged()).isTrue();
    fill();
    server(level).kill();
    String gone = server(level).address();

    try {
      for (int i = 0; i < 10; i++) {
        String key = "k" + i;
        assertThatExceptionOfType(CacheException.class)
            .isThrownBy(() -> OtherProcess.get(namespace, key))
            .withMessageStartingWith("get on '" + namespace + "' failed after ")
            .withMessageContaining(gone);
      }
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> OtherProcess.put(other.open(path), "k0", "stored under a guess"))
          .withMessageContaining(gone);
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(
              () -> process.clear(List.of(path).subList(0, level + 1).toArray(String[]::new)))
          .withMessageContaining(gone);
    } finally {
      server(level).restart();
    }
    awaitAllServers(namespace);
    requireAll(namespace, false);
  }

  /** Returns the servers in the order of the cluster's settings. */
  private MemcachedServer server(int index) {
    ServerAddress address = process.cluster().servers().get(index);
    return servers.servers().stream()
        .filter(server -> server.port() == address.port())
        .findFirst()
        .orElseThrow();
  }

  private String nameOn(int server, List<String> parents) {
    for (int i = 0; ; i++) {
      String name = "level" + i;
      List<String> names = new ArrayList<>(parents);
      names.add(name);
      if (process.cluster().serverOf(PathKey.of(names).versionKey()) == server) {
        return name;
      }
    }
  }

  private void fill() {
    for (int i = 0; i < 30; i++) {
      OtherProcess.put(namespace, "k" + i, "v" + i);
    }
  }

  private static void requireAll(Namespace namespace, boolean there) {
    for (int i = 0; i < 30; i++) {
      assertThat(OtherProcess.get(namespace, "k" + i))
          .as("k" + i)
          .isEqualTo(there ? "v" + i : null);
    }
  }

  private static void awaitAllServers(Namespace namespace) {
    await("all servers are used again")
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              try {
                OtherProcess.versions(namespace);
                return true;
              } catch (CacheException e) {
                return false;
              }
            });
  }
}
