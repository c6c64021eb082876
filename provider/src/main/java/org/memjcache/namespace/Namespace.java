package org.memjcache.namespace;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.codec.PathKey;
import org.memjcache.store.Cluster;
import org.memjcache.store.Item;
import org.memjcache.store.StoreException;

/**
 * A path of levels, each of which can be cleared on its own, with the versions that this process
 * knows.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>An attempt whose {@link Attempt#run()} returned true read and wrote under the versions that
 *       were in force during that round trip.
 *   <li>After {@link #clear()} returned, no attempt that begins later, in any process, reaches what
 *       was stored before.
 *   <li>Nothing is read or stored under a version lower than one that this process saw.
 *   <li>While a version can't be read, attempts fail; nothing is done under a guess.
 * </ul>
 *
 * <p>Thread-safe. Making one costs no round trip.
 */
public final class Namespace {

  private final Cluster cluster;
  private final VersionKeeper keeper;
  private final Level[] levels;
  private final PathKey path;
  private final String name;
  private volatile @Nullable Versions lastKnown;

  Namespace(Cluster cluster, VersionKeeper keeper, Level[] levels, PathKey path, String name) {
    this.cluster = cluster;
    this.keeper = keeper;
    this.levels = levels;
    this.path = path;
    this.name = name;
  }

  /** Returns the cluster that this namespace is kept in. */
  public Cluster cluster() {
    return cluster;
  }

  /**
   * Begins a round trip under the newest versions that this process knows.
   *
   * @param operation what is being done, for messages
   * @throws CacheException if the versions are unknown and can't be read
   */
  public Attempt attempt(String operation) {
    return new Attempt(this, versions(operation), operation);
  }

  /**
   * Begins a round trip under versions that were in force before. If a level was cleared since, its
   * {@link Attempt#run()} returns false and what it wrote is out of reach.
   *
   * @param versions what was in force when the caller saw what it now acts on
   * @param operation what is being done, for messages
   */
  public Attempt attemptUnder(Versions versions, String operation) {
    return new Attempt(this, versions, operation);
  }

  /**
   * Clears this namespace, its last level: everything in it is out of reach at once, for all
   * processes. Costs one round trip.
   *
   * @throws CacheException if the server that holds the version doesn't do it in time; then it
   *     isn't known whether the namespace is cleared
   */
  public void clear() {
    try {
      keeper.increment(levels[levels.length - 1]);
    } catch (StoreException e) {
      throw failure("clear", e);
    }
  }

  private Versions versions(String operation) {
    Versions known = lastKnown;
    if (known != null && known.areHighest(levels)) {
      return known;
    }
    readUnknown(operation);
    long[] numbers = new long[levels.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = levels[i].highest();
    }
    Versions newest = new Versions(numbers, path.prefix(numbers));
    lastKnown = newest;
    return newest;
  }

  private void readUnknown(String operation) {
    List<Level> unknown = new ArrayList<>(levels.length);
    for (Level level : levels) {
      if (level.highest() == 0) {
        unknown.add(level);
      }
    }
    if (!unknown.isEmpty()) {
      try {
        keeper.read(unknown);
      } catch (StoreException e) {
        throw failure(operation, e);
      }
    }
  }

  Level level(int index) {
    return levels[index];
  }

  int depth() {
    return levels.length;
  }

  /**
   * Compares one version as read with the one that an attempt was made under.
   *
   * @return true if it held
   */
  boolean held(int index, long expected, @Nullable Item item) {
    Level level = levels[index];
    if (item == null) {
      keeper.create(level); // evicted, or its server came back empty
      return false;
    }
    long found = VersionNumber.decode(level, item);
    if (found < expected) {
      keeper.found(level, found);
      return false;
    }
    level.saw(found);
    // Equal, but another thread saw a higher one meanwhile: our answer may be from before that.
    return found == expected && level.highest() == expected;
  }

  /** Returns the error for the caller: names operation, namespace, server and time waited. */
  public CacheException failure(String operation, StoreException e) {
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
