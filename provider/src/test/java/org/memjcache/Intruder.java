package org.memjcache;

import java.util.ArrayList;
import java.util.List;
import org.memjcache.codec.AllowList;
import org.memjcache.codec.EntryKeyCodec;
import org.memjcache.codec.Envelope;
import org.memjcache.codec.EnvelopeCodec;
import org.memjcache.codec.ItemKey;
import org.memjcache.codec.JavaSerializer;
import org.memjcache.codec.KeyPrefix;
import org.memjcache.codec.PathKey;
import org.memjcache.codec.Serializer;
import org.memjcache.store.Cluster;
import org.memjcache.store.ClusterLease;
import org.memjcache.store.ClusterSettings;
import org.memjcache.store.Clusters;
import org.memjcache.store.Deletion;
import org.memjcache.store.Item;
import org.memjcache.store.Request;
import org.memjcache.store.Retrieval;
import org.memjcache.store.ServerAddress;
import org.memjcache.store.Storage;
import org.memjcache.testkit.MemcachedServer;

/**
 * Somebody who can connect to memcached, and has read the source of MemJCache: makes item keys and
 * envelopes as well as the provider does, but has no secret. To be closed after use.
 */
final class Intruder implements AutoCloseable {

  private final ClusterLease lease;
  private final Cluster cluster;
  private final EntryKeyCodec keys =
      new EntryKeyCodec(new JavaSerializer(null, AllowList.jdkTypes()));

  Intruder(MemcachedServer server) {
    lease =
        new Clusters().acquire(ClusterSettings.of(new ServerAddress(server.host(), server.port())));
    cluster = lease.cluster();
  }

  private <R extends Request> R run(R request) {
    cluster.newTrip().add(0, request).run();
    return request;
  }

  Item get(String key) {
    return run(new Retrieval(List.of(key), false)).item(0);
  }

  void set(String key, int flags, byte[] bytes) {
    Storage.Result result = run(Storage.set(key, flags, 0, bytes)).result();
    if (result != Storage.Result.STORED) {
      throw new AssertionError(key + ": " + result);
    }
  }

  void set(ItemKey key, Envelope envelope) {
    set(key.text(), envelope.flags(), envelope.bytes());
  }

  void set(ItemKey key, Item item) {
    set(key.text(), item.flags(), item.data());
  }

  void delete(String key) {
    run(new Deletion(key));
  }

  static String versionKey(String... path) {
    return PathKey.of(List.of(path)).versionKey();
  }

  /** Returns what all item keys of a cache begin with at present. */
  KeyPrefix prefix(String... path) {
    long[] versions = new long[path.length];
    List<String> names = new ArrayList<>();
    for (int i = 0; i < path.length; i++) {
      names.add(path[i]);
      String version = new String(get(PathKey.of(names).versionKey()).data());
      versions[i] = Long.parseLong(version);
    }
    return PathKey.of(names).prefix(versions);
  }

  /** Returns the key of an entry as it is at present. */
  ItemKey itemKey(Object key, String... path) {
    return prefix(path).itemKey(keys.encode(key));
  }

  Item get(ItemKey key) {
    return get(key.text());
  }

  /** Returns an envelope with the right checksum. */
  Envelope forged(ItemKey key, Object value, long deadline) {
    return new EnvelopeCodec(new JavaSerializer(null, AllowList.jdkTypes()))
        .seal(key, value, deadline);
  }

  /** Returns an envelope with the right checksum around bytes that the deserializer will get. */
  Envelope serialized(ItemKey key, byte[] bytes) {
    Serializer given =
        new Serializer() {
          @Override
          public byte[] serialize(Object value) {
            return bytes;
          }

          @Override
          public Object deserialize(byte[] all, int offset, int length) {
            throw new AssertionError("Not read here");
          }
        };
    return new EnvelopeCodec(given).seal(key, new Object(), EnvelopeCodec.NEVER);
  }

  @Override
  public void close() {
    lease.close();
  }
}
