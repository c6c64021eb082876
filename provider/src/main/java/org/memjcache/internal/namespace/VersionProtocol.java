package org.memjcache.internal.namespace;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.config.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to the versions in memcached what the protocol asks for: creates a missing one, increments
 * one to clear its level, pushes one forward that went back.
 *
 * <p>Each method leaves the level with the highest number that was seen. Thread-safe; other
 * processes may do the same at the same time, and all end up with the same number.
 */
final class VersionProtocol {

  private static final Logger log = LoggerFactory.getLogger(VersionProtocol.class);

  private static final int NO_FLAGS = 0;
  private static final int NEVER_EXPIRES = 0;

  private final Cluster cluster;
  private final VersionGenerator fresh;

  VersionProtocol(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.fresh = new VersionGenerator(clock);
  }

  /** Reads the versions of {@code levels} in one round trip, and creates those that are missing. */
  void read(List<Level> levels) {
    long askedAt = System.nanoTime();
    RoundTrip trip = cluster.newTrip();
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
      pushForward(level, highestBefore);
    } else {
      level.saw(version, askedAt);
    }
  }

  /** Creates the version of a level that has none in memcached, or reads the one that won. */
  void create(Level level) {
    for (int tries = 0;
        ;
        tries = RetryLimit.checked(tries + 1, "creating a version", level.name())) {
      long askedAt = System.nanoTime();
      long highestBefore = level.highest();
      long version = fresh.above(highestBefore);
      StoreRequest add =
          StoreRequest.add(
              level.versionKey(), NO_FLAGS, NEVER_EXPIRES, VersionNumber.encode(version));
      run(level, add);
      switch (add.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          return;
        }
        case NOT_STORED -> {
          GetRequest winner = new GetRequest(List.of(level.versionKey()), false);
          run(level, winner);
          Item item = winner.item(0);
          if (item != null) {
            found(level, VersionNumber.decode(level, item), highestBefore, askedAt);
            return;
          }
        }
        default -> throw refused(level, add);
      }
    }
  }

  /**
   * Clears a level: one increment, by a random step. By steps of one, a clear after a server came
   * back with old memory would end at a number that another process has used already, without this
   * one having seen it.
   */
  void increment(Level level) {
    long askedAt = System.nanoTime();
    long before = level.highest();
    long step = fresh.step();
    IncrementRequest increment = new IncrementRequest(level.versionKey(), step);
    run(level, increment);
    if (increment.value().isEmpty()) {
      create(level); // a new starting value is as good as an increment
      log.debug("Cleared '{}': it had no version, now {}", level.name(), level.highest());
    } else {
      long version = VersionNumber.check(level, increment.value().getAsLong());
      if (version > before) {
        level.saw(version, askedAt);
      } else {
        pushForward(level, before + 1);
      }
      log.debug(
          "Cleared '{}': version {} became {}", level.name(), version - step, level.highest());
    }
    level.cleared();
  }

  /**
   * Moves a version that went back past all that was seen, unless somebody else has done so.
   *
   * @param least what it has to be at least; above the highest that was seen if need be
   */
  private void pushForward(Level level, long least) {
    for (int tries = 0; ; tries = RetryLimit.checked(tries + 1, "clearing", level.name())) {
      long askedAt = System.nanoTime();
      GetRequest read = new GetRequest(List.of(level.versionKey()), true);
      run(level, read);
      Item item = read.item(0);
      if (item == null) {
        create(level);
        return;
      }
      long found = VersionNumber.decode(level, item);
      long wanted = Math.max(least, level.highest());
      if (found >= wanted) {
        level.saw(found, askedAt);
        return;
      }
      // Compared, not added: many threads and processes see this at once, and if each of them added
      // the distance, the number would leave the range of versions for good.
      long version = fresh.above(wanted);
      StoreRequest push =
          StoreRequest.cas(
              level.versionKey(),
              NO_FLAGS,
              NEVER_EXPIRES,
              VersionNumber.encode(version),
              item.token());
      run(level, push);
      switch (push.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          log.warn(
              "The version of '{}' had gone back from {} to {}: server {} returned with old memory,"
                  + " or the key '{}' was set from outside. It was moved forward to {}, which"
                  + " clears the level.",
              level.name(),
              wanted,
              found,
              server(level),
              level.versionKey(),
              version);
          return;
        }
        case EXISTS, NOT_FOUND -> {} // somebody else was faster: look again
        default -> throw refused(level, push);
      }
    }
  }

  private CacheException refused(Level level, StoreRequest storage) {
    return new CacheException(
        "The version of '"
            + level.name()
            + "' can't be stored: server "
            + server(level)
            + " answered "
            + storage.result()
            + " to a value of 19 bytes; give memcached more memory (-m)");
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
    final GetRequest read;

    Look(Level level) {
      this.level = level;
      this.highestBefore = level.highest();
      this.read = new GetRequest(List.of(level.versionKey()), false);
    }
  }
}
