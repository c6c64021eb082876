package org.memjcache.internal.namespace;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MissReason;

/**
 * A path of levels, each of which can be cleared on its own, with the versions that this process
 * knows.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A batch whose {@link VersionedBatch#run()} returned true read and wrote under versions that
 *       were in force during that round trip, or at most {@code staleness} before it.
 *   <li>After {@link #clear()} returned, no batch that begins later reaches what was stored before:
 *       at once in this process and wherever versions are checked in each round trip, else within
 *       {@code staleness}.
 *   <li>Nothing is read or stored under a version lower than one that this process saw.
 *   <li>While a version can't be read, nothing is done under a guess: batches fail, or find nothing
 *       and leave a {@linkplain PendingClears pending clear} for what they could not write.
 * </ul>
 *
 * <p>Thread-safe. Creating one costs no round trip.
 */
public final class Namespace {

  private final SharedCluster shared;
  private final Level[] levels;
  private final PathKey path;
  private final ConsistencyPolicy policy;
  private final CacheMetrics metrics;
  private volatile @Nullable Versions lastKnown;

  Namespace(
      SharedCluster shared,
      Level[] levels,
      PathKey path,
      ConsistencyPolicy policy,
      CacheMetrics metrics) {
    this.shared = shared;
    this.levels = levels;
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

  /**
   * Begins a round trip under the newest versions that this process knows.
   *
   * @param operation what is being done, for messages
   * @param reads how many items will be read
   * @throws CacheException if the versions can't be read, unless the policy is to miss
   */
  public VersionedBatch newBatch(Operation operation, int reads) {
    return newBatch(operation, reads, MissReason.COLD, 0, false);
  }

  VersionedBatch newBatch(
      Operation operation, int reads, MissReason reason, int attempts, boolean settling) {
    return new VersionedBatch(
        this, newest(operation), operation, reads, reason, attempts, settling);
  }

  /** Begins a round trip that settles what is pending, under versions that are checked. */
  VersionedBatch newSettlingBatch(Operation operation, int reads) {
    return newBatch(operation, reads, MissReason.COLD, 0, true);
  }

  VersionedBatch newSettlingBatch(Versions versions, Operation operation) {
    return new VersionedBatch(this, versions, operation, 0, MissReason.COLD, 0, true);
  }

  /**
   * Begins a round trip under versions that were in force before. If a level was cleared since,
   * {@link VersionedBatch#run()} returns false and what it wrote is out of reach.
   */
  public VersionedBatch newBatchUnder(Versions versions, Operation operation, int reads) {
    Versions under = versions;
    try {
      // If something was pending, the versions aren't in force any more.
      shared.pendingClears().clearPending(operation, levels, shared);
    } catch (RequestFailedException e) {
      throwUnlessTolerated(operation, e);
      under = Versions.unknown(path);
    }
    return new VersionedBatch(this, under, operation, reads, MissReason.COLD, 0, false);
  }

  /**
   * Clears this namespace, its last level, in one round trip.
   *
   * @throws CacheException if the server that holds the version doesn't do it in time, unless the
   *     policy is to miss; then it isn't known whether the namespace is cleared
   */
  public void clear() {
    Operation clear = new Operation("clear");
    metrics.recordRoundTrip();
    try {
      shared.pendingClears().clearOnRequest(clear, cache(), shared);
    } catch (RequestFailedException e) {
      recordFailure(e);
      throwUnlessTolerated(clear, e);
      markForClear();
    }
  }

  /**
   * Remembers that something in this namespace could not be changed: it is cleared before anything
   * in it is served again.
   */
  public void markForClear() {
    shared.pendingClears().markForClear(cache(), levels[0], shared);
  }

  boolean isClearPending() {
    return shared.pendingClears().isPending(cache());
  }

  /** Remembers that an entry could not be changed: it is removed before it is served again. */
  public void markForRemoval(Versions versions, ItemKey item) {
    markForRemoval(versions.prefix().entryKey(item), null);
  }

  /**
   * Remembers that an entry could not be changed.
   *
   * @param entry null if it isn't known which
   * @param late what becomes of a store that may replace what is there when it is carried out late
   */
  void markForRemoval(@Nullable EntryKey entry, @Nullable LateResponse late) {
    if (entry == null) {
      markForClear();
      return;
    }
    List<LateResponse> all = late == null ? List.of() : List.of(late);
    PendingRemoval removal = new PendingRemoval(entry, levels, path, shared, all);
    if (removal.isAny(LateResponse.State.LOST) || !shared.pendingClears().markForRemoval(removal)) {
      markForClear();
    }
  }

  boolean isAnyRemovalPending() {
    return !shared.pendingClears().removals().isEmpty();
  }

  /** Returns whether what is stored of an entry may be outdated. */
  public boolean isRemovalPending(EntryKey entry) {
    return shared.pendingClears().removals().contains(cache(), entry);
  }

  /** Removes entries whose removal is pending; returns those that could not be removed. */
  Set<EntryKey> settle(Operation operation, Set<EntryKey> entries) {
    return shared.pendingClears().removals().settle(this, operation, entries);
  }

  /** Returns how often this process cleared each level, by its path, application first. */
  public Map<String, Long> clears() {
    Map<String, Long> clears = new LinkedHashMap<>();
    for (Level level : levels) {
      clears.put(level.name(), level.clears());
    }
    return clears;
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

  /** Returns the last level, which {@link #clear} clears. */
  Level cache() {
    return levels[levels.length - 1];
  }

  private Versions newest(Operation operation) {
    try {
      shared.pendingClears().clearPending(operation, levels, shared);
      Versions known = lastKnown;
      if (known != null && known.areHighest(levels)) {
        return known;
      }
      readUnknown(operation);
    } catch (RequestFailedException e) {
      recordFailure(e);
      throwUnlessTolerated(operation, e);
      return Versions.unknown(path);
    }
    Versions newest = Versions.highestOf(levels, path);
    lastKnown = newest;
    return newest;
  }

  private void readUnknown(Operation operation) {
    List<Level> unknown = Arrays.stream(levels).filter(level -> level.highest() == 0).toList();
    if (!unknown.isEmpty()) {
      metrics.recordRoundTrip();
      shared.protocol().read(operation, unknown);
    }
  }

  VersionProtocol protocol() {
    return shared.protocol();
  }

  Level[] levels() {
    return levels;
  }

  /** Returns whether these versions may be relied on without asking for them. */
  boolean isFreshEnough(Versions versions) {
    if (policy.isStrict() || !versions.areKnown()) {
      return false;
    }
    long now = ElapsedTime.now();
    long staleness = policy.staleness().toNanos();
    for (Level level : levels) {
      if (level.ageNanos(now) >= staleness) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return path.canonical();
  }
}
