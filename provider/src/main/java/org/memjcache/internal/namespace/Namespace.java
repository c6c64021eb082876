// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.ServerList;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ConsistencyPolicy;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.ServerCounts;

/**
 * A path of levels, each of which can be cleared on its own. Its entries are spread over the
 * servers, each of which has its {@link Shard} of them.
 *
 * <p>After {@link #clear()} returned, no batch that begins later reaches what was stored before: at
 * once in this process and wherever versions are checked in each round trip, else within {@code
 * staleness}.
 *
 * <p>Thread-safe. Creating one costs no round trip.
 */
public final class Namespace {

  private final SharedCluster shared;
  private final PathKey path;
  private final ConsistencyPolicy policy;
  private final CacheMetrics metrics;

  /**
   * By server. Each is created when it is used. Two threads may create one each, or one of them
   * lose what the other has created, which does no harm.
   */
  private volatile @Nullable Shard[] shards = {};

  Namespace(SharedCluster shared, PathKey path, ConsistencyPolicy policy, CacheMetrics metrics) {
    this.shared = shared;
    this.path = path;
    this.policy = policy;
    this.metrics = metrics;
  }

  public Cluster cluster() {
    return shared.cluster();
  }

  public CacheMetrics metrics() {
    return metrics;
  }

  public PathKey path() {
    return path;
  }

  ConsistencyPolicy policy() {
    return policy;
  }

  /** Returns whether what was so at some moment may be relied on now; never if this is strict. */
  public boolean isWithinStaleness(long then, long now) {
    return now - then < policy.stalenessNanos();
  }

  /**
   * Returns the shard that an entry belongs to. It depends on the names and the entry, not on
   * versions: what is stored after a clear is where it was before.
   */
  public Shard shardOf(EntryKey entry) {
    return shardOf(list(), entry);
  }

  private Shard shardOf(ServerList servers, EntryKey entry) {
    return shard(servers.serverOf(() -> path.text() + ':' + entry.text()));
  }

  /**
   * To be called when entries could not be changed that a writer was given: what is stored of them
   * is outdated, and is removed before it is served again. Does nothing without a writer.
   */
  public void removeLaterIfWritten(Collection<EntryKey> entries) {
    if (!isWrittenThrough()) {
      return;
    }
    Cluster cluster = shared.cluster();
    ServerList servers = cluster.discover() ? cluster.knownList() : cluster.undiscovered();
    for (EntryKey entry : entries) {
      shardOf(servers, entry).markForRemoval(entry, null);
    }
  }

  /**
   * Returns the batch of one operation for what was read under these versions of a server.
   *
   * @param batches those that the operation has begun, by server
   */
  public VersionedBatch batchUnder(
      Versions versions, Operation operation, Map<Integer, VersionedBatch> batches) {
    return batches.computeIfAbsent(
        versions.server(), server -> shard(server).newBatchUnder(versions, operation, 0));
  }

  /** Returns what a server has, which is given by its index. */
  public Shard shard(int server) {
    @Nullable Shard[] known = shards;
    Shard shard = server < known.length ? known[server] : null;
    return shard == null ? newShard(server) : shard;
  }

  /** Keeps it, and forgets those whose servers have no keys any more. */
  private Shard newShard(int server) {
    Shard shard = new Shard(this, shared, server);
    @Nullable Shard[] known = shards;
    @Nullable Shard[] kept = new Shard[Math.max(known.length, server + 1)];
    for (int listed : shared.cluster().knownList().indices()) {
      if (listed < known.length) {
        kept[listed] = known[listed];
      }
    }
    kept[server] = shard;
    shards = kept;
    return shard;
  }

  /** Returns what each server has that has keys now; nothing if none is known. */
  public List<Shard> shards() {
    ServerList servers = list();
    return servers == shared.cluster().undiscovered() ? List.of() : shards(servers);
  }

  List<Shard> shards(ServerList servers) {
    return IntStream.of(servers.indices()).mapToObj(this::shard).toList();
  }

  /**
   * Returns the servers that have keys. Where they are to be discovered and aren't known, it is an
   * error, unless the policy is to miss: then it is what stands for them.
   */
  private ServerList list() {
    try {
      return shared.cluster().list();
    } catch (RequestFailedException e) {
      recordFailure(e);
      if (isTolerated(e)) {
        return shared.cluster().undiscovered();
      }
      throw new CacheException(
          String.format(
              "'%s' can't be used, after %d ms: %s", this, e.waited().toMillis(), e.getMessage()),
          e);
    }
  }

  /**
   * Reads the versions of shards that this process knows nothing of, in one round trip. To leave
   * this out costs each of them one of its own.
   *
   * @throws CacheException if a server doesn't answer, unless the policy is to miss
   */
  public void readUnknown(Operation operation, Collection<Shard> needed) {
    try {
      read(operation, needed.stream().flatMap(Shard::unknownLevels).toList());
    } catch (RequestFailedException e) {
      recordFailure(e);
      throwUnlessTolerated(operation, e);
    }
  }

  void read(Operation operation, List<Level> unknown) {
    if (!unknown.isEmpty()) {
      metrics.recordRoundTrip();
      shared.protocol().read(operation, unknown);
    }
  }

  /**
   * Clears this namespace, its last level, by one increment on each server, in one round trip.
   *
   * @throws CacheException if a server doesn't do it in time, unless the policy is to miss; what
   *     the others have is cleared all the same
   */
  public void clear() {
    clear(Duration.ZERO);
  }

  /**
   * Does the same, but for what loads of entries may serve for a while of what was there ({@link
   * Shard#older}). What can't be cleared now is cleared without that.
   *
   * @param grace for how long; zero for not at all
   */
  public void clear(Duration grace) {
    Operation clear = new Operation("clear");
    ServerList servers = list();
    if (servers == shared.cluster().undiscovered()) {
      shards(servers).forEach(Shard::markForClear);
      return;
    }
    try {
      shared.pendingClears().clearUndiscovered(clear, path, shared);
    } catch (RequestFailedException e) {
      recordFailure(e);
      throwUnlessTolerated(clear, e);
    }
    new NamespaceClear(this, shared, clear, grace, false).run(servers);
  }

  /** Makes up for a clear while no server was known: on all of them, which are known now. */
  void clearAll(Operation clear) {
    new NamespaceClear(this, shared, clear, Duration.ZERO, true).run(list());
  }

  /**
   * Does what a clear could not do because it missed a server, which has been cleared since.
   *
   * @param missed what it has done
   * @param settled the address of the server that it had missed
   */
  void clearMissed(Operation clear, PendingClear.Missed missed, ServerAddress settled) {
    new NamespaceClear(this, shared, clear, Duration.ZERO, true).finish(missed, settled);
  }

  /** Returns how often this process cleared each level, by its path, application first. */
  public Map<String, Long> clears() {
    Map<String, Long> clears = new LinkedHashMap<>();
    for (Shard shard : shards(shared.cluster().knownList())) {
      for (Level level : shard.levels()) {
        clears.merge(level.name(), level.clears(), Math::max);
      }
    }
    return clears;
  }

  /** Returns what is known of the servers now. */
  public ServerCounts serverCounts() {
    Cluster cluster = shared.cluster();
    return new ServerCounts(
        cluster.knownList().indices().length,
        cluster.used().outside().size(),
        cluster.lookups(),
        cluster.failedLookups(),
        cluster.listChanges());
  }

  /**
   * Throws the {@link #failure}, unless operations go on without the server that failed, as with
   * {@code failure=miss}.
   */
  public void throwUnlessTolerated(Operation operation, RequestFailedException e) {
    if (!isTolerated(e)) {
      throw failure(operation, e);
    }
  }

  boolean isWrittenThrough() {
    return policy.writtenThrough();
  }

  boolean isTolerated(RequestFailedException e) {
    return isTolerant() && e.isOfServer();
  }

  /** Returns whether operations go on without what a server doesn't do. */
  public boolean isTolerant() {
    return policy.missWhenAway();
  }

  /** Returns the error for the caller: names operation, namespace, time waited and server. */
  public CacheException failure(Operation operation, RequestFailedException e) {
    return new CacheException(
        String.format(
            "%s on '%s' failed after %d ms: %s",
            operation, this, e.waited().toMillis(), e.getMessage()),
        e);
  }

  void recordFailure(RequestFailedException e) {
    metrics.recordFailure(e.kind() == RequestFailedException.Kind.TIMEOUT);
  }

  @Override
  public String toString() {
    return path.canonical();
  }
}
