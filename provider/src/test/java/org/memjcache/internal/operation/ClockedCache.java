package org.memjcache.internal.operation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.expiry.ExpiryPolicy;
import org.memjcache.internal.client.ClusterLease;
import org.memjcache.internal.client.Clusters;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.config.ClusterSettings;
import org.memjcache.internal.config.ServerAddress;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheStatistics;
import org.memjcache.internal.metrics.MissCounters;
import org.memjcache.internal.namespace.ConsistencyPolicy;
import org.memjcache.internal.namespace.Namespaces;

/**
 * The operations of a cache of strings in a real memcached, under a clock that a test can turn. The
 * cache is empty at first. To be closed after use.
 */
final class ClockedCache implements AutoCloseable {

  /** For machines that are busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ClusterLease lease;
  private final CacheContext<String, String> parts;
  final CacheStatistics statistics = new CacheStatistics();
  final Reads<String, String> reads;
  final Writes<String, String> writes;
  final Removals<String, String> removals;
  final Processors<String, String> processors;

  ClockedCache(String host, int port, ExpiryPolicy policy, InstantSource clock) {
    lease =
        Clusters.shared()
            .acquire(
                new ClusterSettings(List.of(new ServerAddress(host, port)), PATIENCE, PATIENCE, 1));
    JavaSerializer serializer = new JavaSerializer(null, AllowList.jdkTypes());
    statistics.setEnabled(true);
    parts =
        new CacheContext<>(
            new Namespaces(lease.cluster(), clock, () -> lease)
                .open(List.of(UUID.randomUUID().toString()), ConsistencyPolicy.STRICT),
            new EntryKeyCodec(serializer),
            new EnvelopeCodec(serializer),
            new EntryTypes<>(String.class, String.class),
            new Expiry(policy, clock),
            new EventPublisher<>(null), // nobody listens
            statistics,
            new MissCounters(),
            Loader.of(null),
            false,
            Writer.of(null));
    reads = new Reads<>(parts);
    writes = new Writes<>(parts);
    removals = new Removals<>(parts, true);
    processors = new Processors<>(parts);
  }

  /** Returns the keys that an iterator shows. */
  List<String> iterated() {
    List<String> keys = new ArrayList<>();
    for (EntryIterator<String, String> i = new EntryIterator<>(parts, () -> false); i.hasNext(); ) {
      Cache.Entry<String, String> entry = i.next();
      keys.add(entry.getKey());
    }
    return keys;
  }

  @Override
  public void close() {
    lease.close();
  }
}
