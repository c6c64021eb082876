package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RequestFailedException;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.metrics.RequestMetrics;

/**
 * A path of levels, each of which can be cleared on its own, with the versions that this process
 * knows.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>An attempt whose {@link VersionedBatch#run()} returned true read and wrote under versions
 *       that were in force during that round trip, or at most {@code staleness} before it, by
 *       {@link ConsistencyPolicy}.
 *   <li>After {@link #clear()} returned, no attempt that begins later reaches what was stored
 *       before: at once in this process and wherever versions are checked in each round trip, else
 *       within {@code staleness}.
 *   <li>Nothing is read or stored under a version lower than one that this process saw.
 *   <li>While a version can't be read, nothing is done under a guess: attempts fail, or find
 *       nothing and remember what they could not write.
 * </ul>
 *
 * <p>Thread-safe. Making one costs no round trip.
 */
public final class Namespace {

  private final Cluster cluster;
  private final VersionProtocol keeper;
  private final PendingClears debts;
  private final Level[] levels;
  private final PathKey path;
  private final String name;
  private final ConsistencyPolicy rules;
  private final long stalenessNanos;
  private final RequestMetrics traffic = new RequestMetrics();
  private volatile @Nullable Versions lastKnown;

  Namespace(
      Cluster cluster,
      VersionProtocol keeper,
      PendingClears debts,
      Level[] levels,
      PathKey path,
      String name,
      ConsistencyPolicy rules) {
    this.cluster = cluster;
    this.keeper = keeper;
    this.debts = debts;
    this.levels = levels;
    this.path = path;
    this.name = name;
    this.rules = rules;
    this.stalenessNanos = rules.staleness().toNanos();
  }

  /**
   * Returns the cluster that this namespace is kept in.
   *
   * @return the cluster
   */
  public Cluster cluster() {
    return cluster;
  }

  /**
   * Returns what the operations through this object cost.
   *
   * @return the counters, which go on counting
   */
  public RequestMetrics traffic() {
    return traffic;
  }

  /**
   * Begins a round trip under the newest versions that this process knows.
   *
   * @param operation what is being done, for messages
   * @return the attempt, to which reads and writes are added
   * @throws CacheException if the versions are unknown and can't be read, unless the rules are to
   *     miss
   */
  public VersionedBatch attempt(String operation) {
    return attempt(operation, MissReason.COLD, 0);
  }

  VersionedBatch attempt(String operation, MissReason reason, int tries) {
    return new VersionedBatch(this, versions(operation), operation, reason, tries);
  }

  /**
   * Begins a round trip under versions that were in force before. If a level was cleared since, its
   * {@link VersionedBatch#run()} returns false and what it wrote is out of reach.
   *
   * @param versions what was in force when the caller saw what it now acts on
   * @param operation what is being done, for messages
   * @return the attempt, to which reads and writes are added
   */
  public VersionedBatch attemptUnder(Versions versions, String operation) {
    try {
      debts.settle(levels); // after which the versions aren't in force any more
    } catch (RequestFailedException e) {
      if (!toleratesAway(e)) {
        throw failure(operation, e);
      }
      return new VersionedBatch(this, Versions.unknown(path), operation, MissReason.COLD, 0);
    }
    return new VersionedBatch(this, versions, operation, MissReason.COLD, 0);
  }

  /**
   * Clears this namespace, its last level: everything in it is out of reach at once. Costs one
   * round trip.
   *
   * @throws CacheException if the server that holds the version doesn't do it in time, unless the
   *     rules are to miss; then it isn't known whether the namespace is cleared
   */
  public void clear() {
    traffic.roundTrip();
    try {
      keeper.increment(own());
    } catch (RequestFailedException e) {
      traffic.failed(e);
      if (!toleratesAway(e)) {
        throw failure("clear", e);
      }
      owe();
    }
  }

  /**
   * Remembers that something in this namespace could not be changed: it is cleared before anything
   * in it is served again.
   */
  public void owe() {
    debts.owe(own(), levels[0]);
  }

  /**
   * Returns how often this process cleared each level.
   *
   * @return counts by the path of the level, application first
   */
  public Map<String, Long> clears() {
    Map<String, Long> clears = new LinkedHashMap<>();
    for (Level level : levels) {
      clears.put(level.name(), level.clears());
    }
    return clears;
  }

  /**
   * Returns true if operations go on without the server that {@code failure} is about.
   *
   * @param failure what a server did
   * @return whether to go on
   */
  public boolean toleratesAway(RequestFailedException failure) {
    return rules.missWhenAway()
        && switch (failure.kind()) {
          case DOWN, TIMEOUT, PROTOCOL -> true;
          case REFUSED_ACCESS, REFUSED_COMMAND, INTERRUPTED, CLOSED -> false;
        };
  }

  private Level own() {
    return levels[levels.length - 1];
  }

  private Versions versions(String operation) {
    try {
      debts.settle(levels);
      Versions known = lastKnown;
      if (known != null && known.areHighest(levels)) {
        return known;
      }
      readUnknown();
    } catch (RequestFailedException e) {
      traffic.failed(e);
      if (!toleratesAway(e)) {
        throw failure(operation, e);
      }
      return Versions.unknown(path);
    }
    Versions newest = Versions.of(levels, path);
    lastKnown = newest;
    return newest;
  }

  private void readUnknown() {
    List<Level> unknown = new ArrayList<>(levels.length);
    for (Level level : levels) {
      if (level.highest() == 0) {
        unknown.add(level);
      }
    }
    if (!unknown.isEmpty()) {
      traffic.roundTrip();
      keeper.read(unknown);
    }
  }

  Level level(int index) {
    return levels[index];
  }

  int depth() {
    return levels.length;
  }

  /** Returns true if these versions may be relied on without asking for them. */
  boolean isFreshEnough(Versions versions) {
    if (stalenessNanos == 0) {
      return false;
    }
    long now = System.nanoTime();
    for (Level level : levels) {
      if (level.ageNanos(now) >= stalenessNanos) {
        return false;
      }
    }
    return versions.areKnown();
  }

  /** Returns true if no level was cleared since, as far as this process knows. */
  boolean isNewest(Versions versions) {
    return versions.areHighest(levels);
  }

  /**
   * Compares one version as read with the one that an attempt was made under.
   *
   * @param askedAt when memcached was asked, as of {@link System#nanoTime()}
   * @return null if it held, else why not
   */
  @Nullable MissReason moved(int index, long expected, @Nullable Item item, long askedAt) {
    Level level = levels[index];
    if (item == null) {
      keeper.create(level); // evicted, or its server came back empty
      return MissReason.VERSION_LOST;
    }
    long found = VersionNumber.decode(level, item);
    keeper.found(level, found, expected, askedAt);
    if (found < expected) {
      return MissReason.VERSION_LOST;
    }
    // If another thread clears while our answer is on its way, what we did was done before that. To
    // do it again would do it twice.
    return found == expected ? null : MissReason.CLEARED;
  }

  /**
   * Returns the error for the caller: names operation, namespace, server and time waited.
   *
   * @param operation what was being done
   * @param e what a server did
   * @return the error to throw
   */
  public CacheException failure(String operation, RequestFailedException e) {
    return new CacheException(
        operation
            + " on '"
            + name
            + "' failed after "
            + e.waited().toMillis()
            + " ms: "
            + e.getMessage(),
        e);
  }

  @Override
  public String toString() {
    return name;
  }
}
