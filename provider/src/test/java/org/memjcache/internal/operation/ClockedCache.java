// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.CompressionRule;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.EventQueueLimits;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.entry.MemcachedEntryStore;
import org.memjcache.internal.entry.ValueReader;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.SharedCluster;
import org.memjcache.support.LoadingAlone;

/**
 * The operations of a cache of strings in a real memcached, under a clock that a test can turn. The
 * cache is empty at first. To be closed after use.
 */
final class ClockedCache implements AutoCloseable {

  /** For machines that are busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SharedCluster cluster;
  private final CacheContext<String, String> context;
  final CacheMetrics metrics = new CacheMetrics();
  final Reads<String, String> reads;
  final Writes<String, String> writes;
  final Removals<String, String> removals;
  final Processors<String, String> processors;

  ClockedCache(String host, int port, ExpiryPolicy policy, InstantSource clock) {
    this(
        new ServerAddress(host, port),
        UUID.randomUUID().toString(),
        policy,
        clock,
        null,
        LoadingAlone.with(PATIENCE));
  }

  /**
   * Creates one that others may have, too.
   *
   * @param loader null if it doesn't load
   */
  ClockedCache(
      ServerAddress server,
      String name,
      ExpiryPolicy policy,
      InstantSource clock,
      @Nullable CacheLoader<String, String> loader,
      LoadSettings loading) {
    cluster = SharedCluster.acquire(new ClusterSettings(List.of(server), PATIENCE, PATIENCE, 1));
    JavaSerializer serializer = new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes());
    metrics.setEnabled(true);
    context =
        new CacheContext<>(
            new MemcachedEntryStore<>(
                cluster.open(PathKey.of(List.of(name)), ConsistencyPolicy.STRICT, metrics),
                new EntryKeyCodec(serializer),
                new ValueReader<>(
                    new EnvelopeCodec(new ValueCodec(serializer, CompressionRule.NOTHING)),
                    String.class,
                    false),
                String.class,
                clock,
                loading.areShared()),
            new EntryTypes<>(String.class, String.class),
            new Expiry<>(policy, clock),
            new EventPublisher<>(null, EventQueueLimits.DEFAULT, metrics), // nobody listens
            metrics,
            Loader.of(loader == null ? null : () -> loader),
            loader != null,
            loading,
            Writer.of(null));
    reads = new Reads<>(context, null);
    writes = new Writes<>(context);
    removals = new Removals<>(context, true);
    processors = new Processors<>(context);
  }

  /** Returns the keys that an iterator shows. */
  List<String> iterated() {
    List<String> keys = new ArrayList<>();
    for (EntryIterator<String, String> i = new EntryIterator<>(context, () -> false);
        i.hasNext(); ) {
      Cache.Entry<String, String> entry = i.next();
      keys.add(entry.getKey());
    }
    return keys;
  }

  @Override
  public void close() {
    cluster.release(Duration.ZERO);
  }
}
