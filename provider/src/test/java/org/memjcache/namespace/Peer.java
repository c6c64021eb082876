package org.memjcache.namespace;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.codec.AllowList;
import org.memjcache.codec.EntryKey;
import org.memjcache.codec.EntryKeyCodec;
import org.memjcache.codec.JavaSerializer;
import org.memjcache.store.Cluster;
import org.memjcache.store.ClusterLease;
import org.memjcache.store.ClusterSettings;
import org.memjcache.store.Clusters;
import org.memjcache.store.Item;
import org.memjcache.store.ServerAddress;
import org.memjcache.store.Storage;
import org.memjcache.testkit.MemcachedCluster;

/** What a process has: a client of its own and a memory of its own for versions. */
final class Peer implements AutoCloseable {

  private static final EntryKeyCodec KEYS =
      new EntryKeyCodec(new JavaSerializer(Peer.class.getClassLoader(), AllowList.jdkTypes()));

  private final ClusterLease lease;
  private final Namespaces namespaces;

  private Peer(ClusterSettings settings, InstantSource clock) {
    Clusters clusters = new Clusters();
    this.lease = clusters.acquire(settings);
    this.namespaces =
        new Namespaces(
            lease.cluster(), clock, () -> clusters.acquire(settings), new LevelRegistry(100));
  }

  static Peer on(MemcachedCluster servers) {
    return on(servers, InstantSource.system());
  }

  /** Returns a peer whose clock tells another time. */
  static Peer on(MemcachedCluster servers, InstantSource clock) {
    return on(
        servers.servers().stream()
            .map(server -> new ServerAddress(server.host(), server.port()))
            .toArray(ServerAddress[]::new),
        clock);
  }

  static Peer on(ServerAddress[] servers, InstantSource clock) {
    ClusterSettings settings =
        new ClusterSettings(List.of(servers), Duration.ofSeconds(5), Duration.ofSeconds(1), 1);
    return new Peer(settings, clock);
  }

  Cluster cluster() {
    return lease.cluster();
  }

  Namespace open(String... path) {
    return namespaces.open(List.of(path), NamespaceRules.STRICT);
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
      Attempt attempt = namespace.attempt("put");
      Storage set = set(attempt, key, value);
      if (attempt.run()) {
        requireStored(set);
        return attempt.versions();
      }
    }
  }

  /** Stores under these versions, and returns whether they held. */
  static boolean putUnder(Namespace namespace, Versions versions, String key, String value) {
    Attempt attempt = namespace.attemptUnder(versions, "put");
    Storage set = set(attempt, key, value);
    boolean held = attempt.run();
    if (held) {
      requireStored(set);
    }
    return held;
  }

  /** Reads under the newest versions. */
  static @Nullable String get(Namespace namespace, String key) {
    while (true) {
      Attempt attempt = namespace.attempt("get");
      Attempt.Read read = attempt.read(itemKey(attempt.versions(), key));
      if (attempt.run()) {
        Item item = attempt.item(read);
        return item == null ? null : new String(item.data(), StandardCharsets.UTF_8);
      }
    }
  }

  /** Returns the versions in force. */
  static Versions versions(Namespace namespace) {
    while (true) {
      Attempt attempt = namespace.attempt("look");
      if (attempt.run()) {
        return attempt.versions();
      }
    }
  }

  static String itemKey(Versions versions, String key) {
    return versions.prefix().itemKey(key(key)).text();
  }

  private static Storage set(Attempt attempt, String key, String value) {
    String itemKey = itemKey(attempt.versions(), key);
    byte[] data = value.getBytes(StandardCharsets.UTF_8);
    return attempt.write(itemKey, Storage.set(itemKey, 0, 0, data), true);
  }

  private static void requireStored(Storage set) {
    if (set.result() != Storage.Result.STORED) {
      throw new AssertionError("not stored: " + set.result());
    }
  }

  @Override
  public void close() {
    lease.close();
  }
}
