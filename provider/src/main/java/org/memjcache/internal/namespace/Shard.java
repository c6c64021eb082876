// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;

/**
 * What one server has of a namespace: entries, and the versions that they are stored under. Each
 * server has versions of its own, so that an entry and its versions are read from one server by one
 * request, and a server that joins or leaves changes nothing for the entries of the others.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A batch whose {@link VersionedBatch#run()} returned true read and wrote under versions that
 *       were in force during that round trip, or at most {@code staleness} before it.
 *   <li>Nothing is read or stored under a version lower than one that this process saw.
 *   <li>While a version can't be read, nothing is done under a guess: batches fail, or find nothing
 *       and leave a {@linkplain PendingClears pending clear} for what they could not write.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Shard {

  private final Namespace namespace;
  private final SharedCluster shared;
  private final int server;

  /** False if this stands for the servers while none is known. */
  private final boolean discovered;

  private final Level[] levels;

  /** Null before something is pending. */
  private volatile Level @Nullable [] ofAnyServer;

  private volatile @Nullable Versions lastKnown;

  Shard(Namespace namespace, SharedCluster shared, int server) {
    this.namespace = namespace;
    this.shared = shared;
    this.server = server;
    this.discovered = !shared.cluster().isUndiscovered(server);
    this.levels = shared.levels(server, namespace.path());
  }

  public Namespace namespace() {
    return namespace;
  }

  /** Returns the index of the server in the cluster. */
  public int server() {
    return server;
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
    if (!discovered) {
      return new VersionedBatch(this, under, operation, reads, MissReason.COLD, 0, false);
    }
    try {
      // If something was pending, the versions aren't in force any more.
      shared.pendingClears().clearPending(operation, this, shared);
    } catch (RequestFailedException e) {
      namespace.throwUnlessTolerated(operation, e);
      under = Versions.unknown(server, namespace.path());
    }
    return new VersionedBatch(this, under, operation, reads, MissReason.COLD, 0, false);
  }

  /**
   * Returns the older versions under which entries may be looked for that were cleared softly,
   * while {@code current} are in force. Asks memcached for what this process doesn't know, which it
   * learns once for each version.
   *
   * @param now in milliseconds since 1970
   * @throws CacheException if the server doesn't answer, unless the policy is to miss
   */
  public List<Versions> older(Operation operation, Versions current, long now) {
    try {
      return olderIfAnswered(operation, current, now);
    } catch (RequestFailedException e) {
      namespace.recordFailure(e);
      namespace.throwUnlessTolerated(operation, e);
      return List.of();
    }
  }

  /**
   * Does the same.
   *
   * @throws RequestFailedException if the server doesn't answer
   */
  List<Versions> olderIfAnswered(Operation operation, Versions current, long now) {
    if (!current.areKnown()) {
      return List.of();
    }
    boolean isKnown = true;
    for (int i = 0; i < levels.length; i++) {
      isKnown &= levels[i].graceOf(current.number(i)) != null;
    }
    if (!isKnown) {
      namespace.metrics().recordRoundTrip();
      shared.protocol().readGraces(operation, levels, current);
    }
    return OlderVersions.known(this, current, now);
  }

  /**
   * Returns the newest versions that this process knows.
   *
   * @throws CacheException if they can't be read, unless the policy is to miss
   */
  public Versions newest(Operation operation) {
    if (!discovered) {
      return Versions.unknown(server, namespace.path());
    }
    try {
      shared.pendingClears().clearPending(operation, this, shared);
      Versions known = lastKnown;
      if (known != null && known.areHighest(levels)) {
        return known;
      }
      namespace.read(operation, unknownLevels().toList());
    } catch (RequestFailedException e) {
      namespace.recordFailure(e);
      namespace.throwUnlessTolerated(operation, e);
      return Versions.unknown(server, namespace.path());
    }
    Versions newest = Versions.highestOf(server, levels, namespace.path());
    lastKnown = newest;
    return newest;
  }

  /** Returns the levels of which this process knows no version. */
  Stream<Level> unknownLevels() {
    return Arrays.stream(levels).filter(level -> !level.isKnown());
  }

  /**
   * Remembers that something could not be changed: what this server has of the namespace is cleared
   * before any of it is served again.
   */
  public void markForClear() {
    markForClear(null);
  }

  /**
   * Does the same.
   *
   * @param missed null if it isn't a clear that was missed
   */
  void markForClear(PendingClear.@Nullable Missed missed) {
    shared.pendingClears().markForClear(levels, namespace.path(), missed, shared);
  }

  /**
   * Returns the levels that may be pending: those of this server, and before them those of what
   * stands for all servers while none is known.
   */
  Level[] pendingLevels() {
    Level[] known = ofAnyServer;
    if (known == null) {
      known =
          discovered
              ? Stream.of(shared.undiscoveredLevels(namespace.path()), levels)
                  .flatMap(Arrays::stream)
                  .toArray(Level[]::new)
              : levels;
      ofAnyServer = known;
    }
    return known;
  }

  /** Returns whether the cache, or what it is in, is to be cleared before it is used again. */
  boolean isClearPending() {
    PendingClears pending = shared.pendingClears();
    if (!pending.pending.isEmpty()) {
      for (Level level : pendingLevels()) {
        if (pending.isPending(level, shared)) {
          return true;
        }
      }
    }
    return false;
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
    if (!discovered) {
      if (!shared.pendingClears().markUndiscovered(namespace.path(), entry, shared)) {
        markForClear();
      }
      return;
    }
    List<LateResponse> all = late == null ? List.of() : List.of(late);
    PendingRemoval removal =
        new PendingRemoval(entry, levels, namespace.path(), shared.reference(), all);
    if (removal.isAny(LateResponse.State.LOST) || !shared.pendingClears().markForRemoval(removal)) {
      markForClear();
    }
  }

  boolean isAnyRemovalPending() {
    return !shared.pendingClears().removals().isEmpty();
  }

  /** Returns whether what is stored of an entry may be outdated. */
  public boolean isRemovalPending(EntryKey entry) {
    return shared.pendingClears().isRemovalPending(this, entry, shared);
  }

  /** Removes entries whose removal is pending; returns those that could not be removed. */
  Set<EntryKey> settle(Operation operation, Set<EntryKey> entries) {
    return shared.pendingClears().removals().settle(this, operation, entries);
  }

  /** Returns the last level, which a clear of the namespace clears. */
  Level cache() {
    return levels[levels.length - 1];
  }

  VersionProtocol protocol() {
    return shared.protocol();
  }

  Level[] levels() {
    return levels;
  }

  /** Returns whether these versions may be relied on without asking for them. */
  boolean isFreshEnough(Versions versions) {
    return !namespace.policy().isStrict()
        && versions.areKnown()
        && isFreshEnough(ElapsedTime.now());
  }

  private boolean isFreshEnough(long now) {
    long staleness = namespace.policy().stalenessNanos();
    for (Level level : levels) {
      if (level.ageNanos(now) >= staleness) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns whether what was read of an entry under these versions may still be relied on, for all
   * that is known of versions and of what is pending.
   *
   * @param now by {@link ElapsedTime}
   */
  public boolean isTrusted(Versions versions, EntryKey entry, long now) {
    return isInForce(versions, entry) && isFreshEnough(now);
  }

  /**
   * Returns whether this process knows of no clear, or removal of the entry, since these versions
   * were in force.
   */
  public boolean isInForce(Versions versions, EntryKey entry) {
    // In this order: a clear isn't pending any more once its version is known.
    return !isClearPending() && !isRemovalPending(entry) && versions.areHighest(levels);
  }

  @Override
  public String toString() {
    return namespace + " on " + levels[0].server();
  }
}
