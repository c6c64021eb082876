// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.SharedCluster;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** Changes of entries on two servers, one of which is away, with {@code failure=miss}. */
@Memcached(servers = 2)
class AwayServerTest {

  private final MemcachedCluster servers;
  private final SharedCluster shared;

  AwayServerTest(MemcachedCluster servers) {
    this.servers = servers;
    this.shared =
        SharedCluster.acquire(
            new ClusterSettings(
                servers.servers().stream().map(TestClusters::address).toList(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(1),
                1));
  }

  @AfterEach
  void close() {
    shared.release(Duration.ZERO);
  }

  @Tag("slow")
  @Test
  void change_onBothServers_isMadeAtOnceOnTheOneThatIsThere() {
    assumeThat(servers.server(1).isManaged()).isTrue();
    EntryStore<String, String> store = store();
    List<EntryKey> keys =
        IntStream.range(0, 40).mapToObj(i -> store.encodeKey("key " + i)).toList();
    store.readAll(new Operation("get"), keys, true);
    servers.server(1).kill();
    try {
      List<Snapshot<String>> seen = store.readAll(new Operation("put"), keys, true);
      List<PlannedChange<String>> changes =
          seen.stream().map(entry -> new PlannedChange<>(entry, value(store), true)).toList();

      List<Outcome> outcomes = store.change(new Operation("put"), changes);

      assertThat(seen).anyMatch(Snapshot::isAway).anyMatch(entry -> !entry.isAway());
      assertThat(outcomes).allMatch(Outcome::isDone);
      List<Snapshot<String>> now = store.readAll(new Operation("get"), keys, true);
      for (int i = 0; i < keys.size(); i++) {
        assertThat(now.get(i).isLive()).isNotEqualTo(seen.get(i).isAway());
      }
    } finally {
      servers.server(1).restart();
    }
  }

  private static Change value(EntryStore<String, String> store) {
    return new Change.Store(store.encodeValue("new"), Deadline.ETERNAL, true);
  }

  /** Returns a store whose versions are on the first server. */
  private EntryStore<String, String> store() {
    String name =
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> "hotels" + i)
            .filter(
                candidate -> shared.cluster().list().serverOf(() -> candidate + ":version") == 0)
            .findFirst()
            .orElseThrow();
    JavaSerializer serializer = new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes());
    return new MemcachedEntryStore<>(
        shared.open(
            PathKey.of(List.of(name)),
            ConsistencyPolicy.of(Duration.ZERO, true),
            new CacheMetrics()),
        new EntryKeyCodec(serializer),
        new ValueReader<>(
            new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING)),
            String.class,
            false),
        String.class,
        InstantSource.system(),
        false);
  }
}
