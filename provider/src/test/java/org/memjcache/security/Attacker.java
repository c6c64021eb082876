// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import java.util.List;
import org.memjcache.Serializer;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.TestClusters;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.envelope.Envelope;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.testkit.MemcachedServer;

/**
 * Somebody who can connect to memcached, and has read the source of MemJCache: makes item keys and
 * envelopes as well as the provider does, but has no secret. To be closed after use.
 */
final class Attacker implements AutoCloseable {

  private final Cluster cluster;
  private final EntryKeyCodec keys =
      new EntryKeyCodec(new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes()));

  Attacker(MemcachedServer server) {
    cluster = new Cluster(ClusterSettings.of(TestClusters.address(server)));
  }

  private <R extends Request> R run(R request) {
    cluster.newRoundTrip(new Operation("test")).add(0, request).run();
    return request;
  }

  Item get(String key) {
    return run(new GetRequest(List.of(key), false)).item(0);
  }

  void set(String key, int flags, byte[] bytes) {
    StoreRequest.Result result = run(StoreRequest.set(key, flags, 0, bytes)).result();
    if (result != StoreRequest.Result.STORED) {
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
    run(new DeleteRequest(key));
  }

  /** Returns the version key of a cache. */
  static String versionKey(String... path) {
    return PathKey.ofCache(List.of(path), false).versionKey();
  }

  /** Returns what all item keys of a cache begin with at present. */
  KeyPrefix prefix(String... path) {
    PathKey cache = PathKey.ofCache(List.of(path), false);
    long[] versions =
        cache.toEachLevel().stream()
            .mapToLong(level -> Long.parseLong(new String(get(level.versionKey()).data())))
            .toArray();
    return cache.prefix(versions);
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
    return envelope(
        new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes()), key, value, deadline);
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
    return envelope(given, key, new Object(), EnvelopeCodec.NEVER);
  }

  private static Envelope envelope(
      Serializer serializer, ItemKey key, Object value, long deadline) {
    EnvelopeCodec codec = new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING));
    return codec.seal(key, codec.encode(value), deadline);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
