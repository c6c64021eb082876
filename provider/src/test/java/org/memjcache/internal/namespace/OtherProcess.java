// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.memjcache.NameResolver;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.testkit.MemcachedCluster;

/** What a process has: a client of its own and a memory of its own for versions. */
final class OtherProcess implements AutoCloseable {

  private static final EntryKeyCodec KEYS =
      new EntryKeyCodec(
          new JavaSerializer(
              ClassLookup.of(OtherProcess.class.getClassLoader()), AllowList.jdkTypes()));

  private final LevelRegistry levels;
  private final SharedCluster shared;

  private OtherProcess(ClusterSettings settings, InstantSource clock) {
    this(settings, clock, new LevelRegistry(100));
  }

  private OtherProcess(ClusterSettings settings, InstantSource clock, LevelRegistry levels) {
    this.levels = levels;
    this.shared = new SharedCluster(settings, clock, levels);
  }

  /** Returns the same process with another client. */
  OtherProcess with(NameResolver resolver, ServerAddress... servers) {
    return new OtherProcess(
        settings(servers, Duration.ofSeconds(1)).withResolver(resolver),
        InstantSource.system(),
        levels);
  }

  static OtherProcess on(MemcachedCluster servers) {
    return on(servers, InstantSource.system());
  }

  static ServerAddress[] addresses(MemcachedCluster servers) {
    return servers.servers().stream().map(TestClusters::address).toArray(ServerAddress[]::new);
  }

  /** Returns a process whose clock tells another time. */
  static OtherProcess on(MemcachedCluster servers, InstantSource clock) {
    return on(addresses(servers), clock);
  }

  static OtherProcess on(ServerAddress[] servers, InstantSource clock) {
    return new OtherProcess(settings(servers, Duration.ofSeconds(1)), clock);
  }

  static OtherProcess on(ServerAddress[] servers, Duration connectTimeout) {
    return new OtherProcess(settings(servers, connectTimeout), InstantSource.system());
  }

  /** Returns a process that looks up names in its own way. */
  static OtherProcess on(ServerAddress[] servers, Duration connectTimeout, NameResolver resolver) {
    return new OtherProcess(
        settings(servers, connectTimeout).withResolver(resolver), InstantSource.system());
  }

  private static ClusterSettings settings(ServerAddress[] servers, Duration connectTimeout) {
    return new ClusterSettings(List.of(servers), Duration.ofSeconds(5), connectTimeout, 1);
  }

  Cluster cluster() {
    return shared.cluster();
  }

  Namespace open(String... path) {
    return open(PathKey.of(List.of(path)));
  }

  Namespace open(PathKey path) {
    return shared.open(path, ConsistencyPolicy.STRICT, new CacheMetrics());
  }

  /** Opens a namespace that goes on without a server. */
  Namespace openTolerant(String... path) {
    return openTolerant(PathKey.of(List.of(path)));
  }

  Namespace openTolerant(PathKey path) {
    return shared.open(path, ConsistencyPolicy.of(Duration.ZERO, true), new CacheMetrics());
  }

  Map<PathKey, Long> readVersions(List<PathKey> levels) {
    return shared.readVersions(new Operation("test"), 0, levels);
  }

  PendingClears pendingClears() {
    return levels.pendingClears();
  }

  void clear(String... path) {
    open(path).clear();
  }

  static EntryKey key(Object key) {
    return KEYS.encode(key);
  }

  /** Stores under the newest versions, and returns them. */
  static Versions put(Namespace namespace, String key, String value) {
    while (true) {
      VersionedBatch batch = namespace.shardOf(key(key)).newBatch(new Operation("put"), 1);
      StoreRequest set = set(batch, key, value);
      if (batch.run()) {
        requireStored(set);
        return batch.versions();
      }
    }
  }

  /** Stores under these versions, and returns whether they held. */
  static boolean putUnder(Namespace namespace, Versions versions, String key, String value) {
    VersionedBatch batch =
        namespace.shardOf(key(key)).newBatchUnder(versions, new Operation("put"), 1);
    StoreRequest set = set(batch, key, value);
    boolean held = batch.run();
    if (held) {
      requireStored(set);
    }
    return held;
  }

  /** Reads under the newest versions. */
  static @Nullable String get(Namespace namespace, String key) {
    while (true) {
      VersionedBatch batch = namespace.shardOf(key(key)).newBatch(new Operation("get"), 1);
      VersionedBatch.Read read = batch.read(batch.prefix().itemKey(key(key)));
      if (batch.run()) {
        Item item = batch.item(read);
        return item == null ? null : new String(item.data(), StandardCharsets.UTF_8);
      }
    }
  }

  /** Returns the versions in force. */
  static Versions versions(Namespace namespace) {
    while (true) {
      VersionedBatch batch = namespace.shard(0).newBatch(new Operation("look"), 1);
      if (batch.run()) {
        return batch.versions();
      }
    }
  }

  static String itemKey(Versions versions, String key) {
    return versions.prefix().itemKey(key(key)).text();
  }

  private static StoreRequest set(VersionedBatch batch, String key, String value) {
    ItemKey itemKey = batch.prefix().itemKey(key(key));
    byte[] data = value.getBytes(StandardCharsets.UTF_8);
    return batch.write(itemKey, StoreRequest.set(itemKey.text(), 0, 0, data), true);
  }

  private static void requireStored(StoreRequest set) {
    if (set.result() != StoreRequest.Result.STORED) {
      throw new AssertionError("not stored: " + set.result());
    }
  }

  @Override
  public void close() {
    shared.release(Duration.ZERO);
  }
}
