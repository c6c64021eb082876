// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.ServerList;
import org.memjcache.internal.client.UsedServers;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.ServerCounts;
import org.memjcache.internal.namespace.VersionProtocol.ClearOutcome;

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

  private List<Shard> shards(ServerList servers) {
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
    List<Shard> cleared = shards(servers);
    if (servers == shared.cluster().undiscovered()) {
      cleared.forEach(Shard::markForClear);
      return;
    }
    metrics.recordRoundTrip();
    ClearOutcome first = clear(clear, cleared, grace);
    // With its own time: a server has not failed because another one used that up.
    first.addAll(clearBesides(clear.nextPart(), grace, serversOf(cleared), first));
    RequestFailedException toThrow = null;
    for (ClearOutcome.Failed failed : first.failed()) {
      recordFailure(failed.failure());
      if (isTolerated(failed.failure())) {
        shard(serverOf(failed.level())).markForClear();
      } else {
        toThrow = toThrow == null ? failed.failure() : toThrow;
      }
    }
    if (toThrow != null) {
      throw failure(clear, toThrow);
    }
    for (ClearOutcome.Refused refused : first.refused()) {
      throw refused.reason();
    }
  }

  private ClearOutcome clear(Operation clear, List<Shard> toClear, Duration grace) {
    List<Level> levels = toClear.stream().map(Shard::cache).toList();
    return shared.pendingClears().clearOnRequest(clear, levels, grace, shared);
  }

  /**
   * Clears what servers have that are in the lists of other processes, or in a new list of this
   * one. Those of others that can't be reached serve nothing any more of what they have.
   *
   * @param asked those that were asked before
   * @param first what came of that
   * @return those that may serve it
   */
  private ClearOutcome clearBesides(
      Operation clear, Duration grace, Set<Integer> asked, ClearOutcome first) {
    UsedServers servers = shared.cluster().used();
    Map<String, Integer> used = servers.all();
    used.keySet().removeAll(first.reached());
    used.values().removeAll(serversOf(first)); // an error, or cleared later
    ClearOutcome open = ClearOutcome.empty();
    Set<Integer> own = IntStream.of(list().indices()).boxed().collect(Collectors.toSet());
    Set<Integer> more = new HashSet<>(own);
    more.removeAll(asked);
    more.addAll(used.values());
    if (more.isEmpty()) {
      return open;
    }
    ClearOutcome second = clearAt(clear, grace, servers.tryAgain(more, asked, used.keySet()));
    open.refused().addAll(second.refused());
    for (ClearOutcome.Failed each : second.failed()) {
      if (!each.failure().isOfServer() || own.contains(serverOf(each.level()))) {
        open.failed().add(each);
      }
    }
    used.keySet().removeAll(second.reached());
    used.values().removeAll(serversOf(open));
    if (used.isEmpty()) {
      return open;
    }
    Set<Integer> again = servers.noteLeaving(used.keySet());
    if (again == null) { // nobody will know: it may be served
      if (!Thread.currentThread().isInterrupted()) { // which isn't a failure of the server
        used.values().removeAll(serversOf(second));
      }
      used.values().forEach(server -> second.fail(shard(server).cache(), servers.unnoted(server)));
      return second;
    }
    ClearOutcome third =
        clearAt(clear.nextPart(), grace, servers.tryAgain(again, asked, used.keySet()));
    open.refused().addAll(third.refused());
    third.failed().stream()
        .filter(each -> !each.failure().isOfServer())
        .forEach(open.failed()::add);
    used.keySet().removeAll(third.reached());
    used.values().removeAll(serversOf(open));
    if (!used.isEmpty()) {
      servers.noteLeft(used.keySet());
    }
    return open;
  }

  private static Set<Integer> serversOf(List<Shard> shards) {
    return shards.stream().map(Shard::server).collect(Collectors.toSet());
  }

  private Set<Integer> serversOf(ClearOutcome outcome) {
    return outcome.uncleared().map(this::serverOf).collect(Collectors.toSet());
  }

  private ClearOutcome clearAt(Operation clear, Duration grace, Set<Integer> servers) {
    if (servers.isEmpty()) {
      return ClearOutcome.empty();
    }
    metrics.recordRoundTrip();
    return clear(clear, servers.stream().map(this::shard).toList(), grace);
  }

  private int serverOf(Level level) {
    return shared.cluster().indexOf(level.server());
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
