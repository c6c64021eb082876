package org.memjcache.operation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.expiry.ExpiryPolicy;
import org.memjcache.codec.AllowList;
import org.memjcache.codec.EntryKeyCodec;
import org.memjcache.codec.EnvelopeCodec;
import org.memjcache.codec.JavaSerializer;
import org.memjcache.event.EventPublisher;
import org.memjcache.integration.Loader;
import org.memjcache.integration.Writer;
import org.memjcache.management.CacheStatistics;
import org.memjcache.management.MissCounters;
import org.memjcache.namespace.NamespaceRules;
import org.memjcache.namespace.Namespaces;
import org.memjcache.store.ClusterLease;
import org.memjcache.store.ClusterSettings;
import org.memjcache.store.Clusters;
import org.memjcache.store.ServerAddress;

/**
 * The operations of a cache of strings in a real memcached, under a clock that a test can turn. The
 * cache is empty at first. To be closed after use.
 */
final class ClockedCache implements AutoCloseable {

  /** For machines that are busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ClusterLease lease;
  private final CacheParts<String, String> parts;
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
        new CacheParts<>(
            new Namespaces(lease.cluster(), clock, () -> lease)
                .open(List.of(UUID.randomUUID().toString()), NamespaceRules.STRICT),
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
