package org.memjcache.internal.namespace;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.metrics.MissReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to the versions in memcached what the protocol asks for: creates a missing one, increments
 * one to clear its level, pushes one forward that went back.
 *
 * <p>Each method leaves the level with the highest number that was seen. Other processes may do the
 * same at the same time, and all end up with the same number. Thread-safe.
 */
final class VersionProtocol {

  private static final Logger LOG = LoggerFactory.getLogger(VersionProtocol.class);

  private static final int NO_FLAGS = 0;

  private final Cluster cluster;
  private final VersionGenerator generator;

  VersionProtocol(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.generator = new VersionGenerator(clock);
  }

  /** Reads the versions of {@code levels} in one round trip, and creates those that are missing. */
  void read(List<Level> levels) {
    long askedAt = System.nanoTime();
    RoundTrip trip = cluster.newRoundTrip();
    List<GetRequest> reads = new ArrayList<>(levels.size());
    long[] highestBefore = levels.stream().mapToLong(Level::highest).toArray();
    for (Level level : levels) {
      GetRequest read = new GetRequest(List.of(level.versionKey()), false);
      reads.add(read);
      trip.add(level.server(), read);
    }
    trip.run();
    for (int i = 0; i < highestBefore.length; i++) {
      Level level = levels.get(i);
      Item item = reads.get(i).item(0);
      if (item == null) {
        create(level);
      } else {
        adopt(level, VersionNumber.decode(level, item), highestBefore[i], askedAt);
      }
    }
  }

  /**
   * Compares a version as read with the one that a batch was made under, and adopts it.
   *
   * @param askedAt when memcached was asked, as of {@link System#nanoTime()}
   * @return null if it held, else why not
   */
  @Nullable MissReason compare(Level level, long expected, @Nullable Item item, long askedAt) {
    if (item == null) {
      create(level); // evicted, or its server came back empty
      return MissReason.VERSION_LOST;
    }
    long found = VersionNumber.decode(level, item);
    adopt(level, found, expected, askedAt);
    if (found < expected) {
      return MissReason.VERSION_LOST;
    }
    // If another thread clears while our response is on its way, what we did was done before that.
    // To repeat it would do it twice.
    return found == expected ? null : MissReason.CLEARED;
  }

  /**
   * Takes note of a version that was found in memcached. One below the highest that was seen before
   * is pushed forward: a server came back with old memory, or the key was set back.
   *
   * @param highestBefore the highest version that was seen before memcached was asked; a clear by
   *     another thread of this process may have raised it meanwhile, which means nothing
   */
  void adopt(Level level, long version, long highestBefore, long askedAt) {
    if (version < highestBefore) {
      pushForward(level, highestBefore);
    } else {
      level.saw(version, askedAt);
    }
  }

  /** Creates the version of a level that has none in memcached, or reads the one that won. */
  void create(Level level) {
    for (int attempts = 0; ; attempts++) {
      RetryLimit.check(attempts, "creating a version", level.name());
      long askedAt = System.nanoTime();
      long highestBefore = level.highest();
      long version = generator.above(highestBefore);
      StoreRequest add =
          StoreRequest.add(
              level.versionKey(), NO_FLAGS, Exptime.NEVER, VersionNumber.encode(version));
      run(level, add);
      switch (add.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          return;
        }
        case NOT_STORED -> {
          Item item = get(level, false);
          if (item != null) {
            adopt(level, VersionNumber.decode(level, item), highestBefore, askedAt);
            return;
          }
        }
        default -> throw rejected(level, add);
      }
    }
  }

  /**
   * Clears a level: one increment, by a random step. With steps of one, a clear after a server came
   * back with old memory would end at a number that another process has used already, without this
   * one having seen it.
   */
  void increment(Level level) {
    long askedAt = System.nanoTime();
    long before = level.highest();
    long step = generator.step();
    IncrementRequest increment = new IncrementRequest(level.versionKey(), step);
    run(level, increment);
    if (increment.value().isEmpty()) {
      create(level); // a new starting value is as good as an increment
      LOG.debug("Cleared '{}': it had no version, now {}", level.name(), level.highest());
    } else {
      long version = VersionNumber.check(level, increment.value().getAsLong());
      if (version > before) {
        level.saw(version, askedAt);
      } else {
        pushForward(level, before + 1);
      }
      LOG.debug(
          "Cleared '{}': version {} became {}", level.name(), version - step, level.highest());
    }
    level.cleared();
  }

  /**
   * Moves a version that went back past all that was seen, unless another process has done so.
   *
   * @param least what it has to be at least; above the highest that was seen if need be
   */
  private void pushForward(Level level, long least) {
    for (int attempts = 0; ; attempts++) {
      RetryLimit.check(attempts, "clearing", level.name());
      long askedAt = System.nanoTime();
      Item item = get(level, true);
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
      long version = generator.above(wanted);
      StoreRequest push =
          StoreRequest.cas(
              level.versionKey(),
              NO_FLAGS,
              Exptime.NEVER,
              VersionNumber.encode(version),
              item.token());
      run(level, push);
      switch (push.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          LOG.warn(
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
        case EXISTS, NOT_FOUND -> {} // another process was faster: look again
        default -> throw rejected(level, push);
      }
    }
  }

  private CacheException rejected(Level level, StoreRequest store) {
    return new CacheException(
        String.format(
            "The version of '%s' can't be stored: server %s answered %s to a value of 19 bytes;"
                + " give memcached more memory (-m)",
            level.name(), server(level), store.result()));
  }

  private ServerAddress server(Level level) {
    return cluster.servers().get(level.server());
  }

  private @Nullable Item get(Level level, boolean withToken) {
    GetRequest get = new GetRequest(List.of(level.versionKey()), withToken);
    run(level, get);
    return get.item(0);
  }

  private void run(Level level, Request request) {
    cluster.newRoundTrip().add(level.server(), request).run();
  }
}
