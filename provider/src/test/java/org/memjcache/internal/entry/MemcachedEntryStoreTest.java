// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
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
import org.memjcache.testkit.MemcachedServer;

/** The store that applications work on. */
@Memcached
class MemcachedEntryStoreTest extends EntryStoreContractTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final String name = UUID.randomUUID().toString();
  private final MemcachedServer server;
  private final SharedCluster cluster;
  private final EntryStore<String, String> store;

  MemcachedEntryStoreTest(MemcachedCluster servers) {
    server = servers.server(0);
    cluster =
        SharedCluster.acquire(
            new ClusterSettings(List.of(TestClusters.address(server)), PATIENCE, PATIENCE, 1));
    JavaSerializer serializer = new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes());
    store =
        new MemcachedEntryStore<>(
            cluster.open(
                PathKey.of(List.of(name)),
                ConsistencyPolicy.of(Duration.ZERO, true),
                new CacheMetrics()),
            new EntryKeyCodec(serializer),
            new ValueReader<>(
                new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING)),
                String.class,
                false),
            String.class,
            clock,
            true);
  }

  @AfterEach
  void close() {
    cluster.release(Duration.ZERO);
  }

  @Override
  EntryStore<String, String> store() {
    return store;
  }

  @Override
  void damage(EntryKey entry) {
    String key = store.read(new Operation("damage"), entry, false).itemKey().text();
    assertThat(server.command("set " + key + " 0 0 1\r\n?")).containsExactly("STORED");
  }

  @Override
  void clearElsewhere() {
    assertThat(server.command("incr " + name + ":version 1")).hasSize(1);
  }

  @Override
  void goAway() {
    assumeThat(server.isManaged()).isTrue();
    server.kill();
  }

  @Override
  void comeBack() {
    server.restart();
  }
}
