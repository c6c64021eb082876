package org.memjcache.namespace;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.memjcache.store.Cluster;
import org.memjcache.store.Increment;
import org.memjcache.store.Item;
import org.memjcache.store.Request;
import org.memjcache.store.Retrieval;
import org.memjcache.store.ServerAddress;
import org.memjcache.store.Storage;
import org.memjcache.store.Trip;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to the versions in memcached what the protocol asks for: creates a missing one, increments
 * one to clear its level, pushes one forward that went back.
 *
 * <p>Each method leaves the level with the highest number that was seen. Thread-safe; other
 * processes may do the same at the same time, and all end up with the same number.
 */
final class VersionKeeper {

  private static final Logger log = LoggerFactory.getLogger(VersionKeeper.class);

  private static final int NO_FLAGS = 0;
  private static final int NEVER_EXPIRES = 0;

  private final Cluster cluster;
  private final FreshVersion fresh;

  VersionKeeper(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.fresh = new FreshVersion(clock);
  }

  /** Reads the versions of {@code levels} in one round trip, and creates those that are missing. */
  void read(List<Level> levels) {
    long askedAt = System.nanoTime();
    Trip trip = cluster.newTrip();
    List<Look> looks = new ArrayList<>(levels.size());
    for (Level level : levels) {
      Look look = new Look(level);
      looks.add(look);
      trip.add(level.server(), look.read);
    }
    trip.run();
    for (Look look : looks) {
      Item item = look.read.item(0);
      if (item == null) {
        create(look.level);
      } else {
        found(look.level, VersionNumber.decode(look.level, item), look.highestBefore, askedAt);
      }
    }
  }

  /**
   * Takes note of a version that was found in memcached. One below the highest that was seen before
   * is pushed forward: a server came back with old memory, or somebody set the key back.
   *
   * @param highestBefore the highest version that was seen before memcached was asked; a clear by
   *     another thread of this process may have raised it meanwhile, which means nothing
   * @param askedAt when memcached was asked, as of {@link System#nanoTime()}
   */
  void found(Level level, long version, long highestBefore, long askedAt) {
    if (version < highestBefore) {
      pushForward(level, version);
    } else {
      level.saw(version, askedAt);
    }
  }

  /** Creates the version of a level that has none in memcached, or reads the one that won. */
  void create(Level level) {
    while (true) {
      long askedAt = System.nanoTime();
      long highestBefore = level.highest();
      long version = fresh.above(highestBefore);
      Storage add =
          Storage.add(level.versionKey(), NO_FLAGS, NEVER_EXPIRES, VersionNumber.encode(version));
      run(level, add);
      switch (add.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          return;
        }
        case NOT_STORED -> {
          Retrieval winner = new Retrieval(List.of(level.versionKey()), false);
          run(level, winner);
          Item item = winner.item(0);
          if (item != null) {
            found(level, VersionNumber.decode(level, item), highestBefore, askedAt);
            return;
          }
        }
        default ->
            throw new CacheException(
                "The version of '"
                    + level.name()
                    + "' can't be created: server "
                    + server(level)
                    + " answered "
                    + add.result()
                    + " to a value of 19 bytes; give memcached more memory (-m)");
      }
    }
  }

  /** Clears a level: one increment. */
  void increment(Level level) {
    long askedAt = System.nanoTime();
    long before = level.highest();
    Increment increment = new Increment(level.versionKey(), 1);
    run(level, increment);
    if (increment.value().isEmpty()) {
      create(level); // a new starting value is as good as an increment
    } else {
      long version = VersionNumber.check(level, increment.value().getAsLong());
      if (version > before) {
        level.saw(version, askedAt);
      } else {
        pushForward(level, version);
      }
    }
    level.cleared();
    log.debug("Cleared '{}': version {} became {}", level.name(), before, level.highest());
  }

  private void pushForward(Level level, long low) {
    long found = low;
    while (true) {
      long highest = level.highest();
      log.warn(
          "The version of '{}' went back from {} to {}: server {} returned with old memory, or the"
              + " key '{}' was set from outside. It is moved forward, which clears the level.",
          level.name(),
          highest,
          found,
          server(level),
          level.versionKey());
      // Added, not set: when several processes push at once, the number only grows.
      long askedAt = System.nanoTime();
      Increment increment = new Increment(level.versionKey(), fresh.above(highest) - found);
      run(level, increment);
      if (increment.value().isEmpty()) {
        create(level);
        return;
      }
      found = VersionNumber.check(level, increment.value().getAsLong());
      if (found > highest) {
        level.saw(found, askedAt);
        return;
      }
    }
  }

  private ServerAddress server(Level level) {
    return cluster.servers().get(level.server());
  }

  private void run(Level level, Request request) {
    cluster.newTrip().add(level.server(), request).run();
  }

  /** A version on its way from memcached. */
  private static final class Look {
    final Level level;
    final long highestBefore;
    final Retrieval read;

    Look(Level level) {
      this.level = level;
      this.highestBefore = level.highest();
      this.read = new Retrieval(List.of(level.versionKey()), false);
    }
  }
}
