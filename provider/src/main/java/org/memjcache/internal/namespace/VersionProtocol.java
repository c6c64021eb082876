// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.KeyChunk;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.metrics.MissReason;
import org.memjcache.internal.namespace.version.Grace;
import org.memjcache.internal.namespace.version.VersionGenerator;
import org.memjcache.internal.namespace.version.VersionNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does to the versions in memcached what the protocol asks for: creates missing ones, increments
 * one to clear its level, pushes one forward that went back.
 *
 * <p>Each method leaves the levels with the highest numbers that were seen. Other processes may do
 * the same at the same time, and all end up with the same numbers. Thread-safe.
 */
final class VersionProtocol {

  private static final Logger LOG = LoggerFactory.getLogger(VersionProtocol.class);

  /** No operation loses so often against clears that have a purpose. */
  static final int MAX_ATTEMPTS = 1_000;

  private static final int NO_FLAGS = 0;

  private final Cluster cluster;
  private final InstantSource clock;
  private final VersionGenerator generator;

  VersionProtocol(Cluster cluster, InstantSource clock) {
    this.cluster = cluster;
    this.clock = clock;
    this.generator = new VersionGenerator(clock);
  }

  /**
   * Bounds how often an operation is repeated because a version changed. Otherwise a client that
   * changes a version all the time would keep all others from ever finishing.
   *
   * @param name the namespace or level, for the error
   */
  static void checkAttempts(int attempts, Object operation, Object name) {
    if (attempts >= MAX_ATTEMPTS) {
      throw new CacheException(
          String.format(
              "%s on '%s' gave up after %d attempts: another client keeps clearing it or changing"
                  + " its version",
              operation, name, attempts));
    }
  }

  /**
   * Reads the versions in force of levels on one server, in one round trip, and changes nothing.
   *
   * @param server its index
   * @param levels each with the path of one level
   * @return the version of each that has one; 0 if there is something else in its place
   */
  Map<PathKey, Long> peek(Operation operation, int server, Collection<PathKey> levels) {
    Map<PathKey, Long> versions = new HashMap<>();
    if (levels.isEmpty()) {
      return versions;
    }
    List<Runnable> takes = new ArrayList<>(levels.size());
    KeyChunk last = new KeyChunk(levels.size(), null);
    for (PathKey level : levels) {
      KeyChunk chunk = last.isFull() ? new KeyChunk(levels.size(), last) : last;
      int index = chunk.add(level.versionKey());
      takes.add(
          () -> {
            Item item = chunk.item(index);
            if (item != null) {
              versions.put(level, VersionNumber.read(item));
            }
          });
      last = chunk;
    }
    RoundTrip trip = cluster.newRoundTrip(operation);
    last.addTo(trip, server, /* withTokens= */ false);
    trip.run();
    takes.forEach(Runnable::run);
    return versions;
  }

  /** Reads the versions of {@code levels} in one round trip, and creates those that are missing. */
  void read(Operation operation, List<Level> levels) {
    create(operation, readExisting(operation, levels));
  }

  /** Creates the versions of levels that have none in memcached, or reads those that won. */
  void create(Operation operation, List<Level> levels) {
    List<Level> missing = levels;
    for (int attempts = 0; !missing.isEmpty(); attempts++) {
      checkAttempts(attempts, "creating a version", missing.get(0).name());
      missing = readExisting(operation, addMissing(operation, missing));
    }
  }

  /** Reads versions in one round trip; returns the levels that have none. */
  private List<Level> readExisting(Operation operation, List<Level> levels) {
    if (levels.isEmpty()) {
      return levels;
    }
    long askedAt = ElapsedTime.now();
    long[] highestBefore = levels.stream().mapToLong(Level::highest).toArray();
    RoundTrip trip = cluster.newRoundTrip(operation);
    List<GetRequest> reads = new ArrayList<>(levels.size());
    for (Level level : levels) {
      GetRequest read = new GetRequest(List.of(level.versionKey()), false);
      reads.add(read);
      trip.add(indexOf(level), read);
    }
    trip.run();
    List<Level> missing = new ArrayList<>(levels.size());
    for (int i = 0; i < highestBefore.length; i++) {
      Level level = levels.get(i);
      Item item = reads.get(i).item(0);
      if (item == null) {
        missing.add(level);
      } else {
        adopt(operation, level, level.versionIn(item), highestBefore[i], askedAt);
      }
    }
    return missing;
  }

  /** Reads in one round trip what may be served while versions are in force. */
  void readGraces(Operation operation, Level[] levels, Versions current) {
    RoundTrip trip = cluster.newRoundTrip(operation);
    List<GetRequest> reads = new ArrayList<>(levels.length);
    for (int i = 0; i < levels.length; i++) {
      GetRequest read = new GetRequest(List.of(levels[i].graceKey(current.number(i))), false);
      reads.add(read);
      trip.add(indexOf(levels[i]), read);
    }
    trip.run();
    for (int i = 0; i < levels.length; i++) {
      levels[i].learnGrace(current.number(i), Grace.decode(reads.get(i).item(0)));
    }
  }

  /** Adds versions in one round trip; returns the levels that another process was faster with. */
  private List<Level> addMissing(Operation operation, List<Level> levels) {
    long askedAt = ElapsedTime.now();
    long[] versions =
        levels.stream().mapToLong(l -> generator.above(l.name(), l.highest())).toArray();
    RoundTrip trip = cluster.newRoundTrip(operation);
    List<StoreRequest> adds = new ArrayList<>(levels.size());
    for (int i = 0; i < versions.length; i++) {
      Level level = levels.get(i);
      byte[] version = VersionNumber.encode(versions[i]);
      StoreRequest add = StoreRequest.add(level.versionKey(), NO_FLAGS, Exptime.NEVER, version);
      adds.add(add);
      trip.add(indexOf(level), add);
    }
    trip.run();
    List<Level> taken = new ArrayList<>(0);
    for (int i = 0; i < versions.length; i++) {
      switch (adds.get(i).result()) {
        case STORED -> levels.get(i).saw(versions[i], askedAt);
        case NOT_STORED -> taken.add(levels.get(i));
        default -> throw rejected(levels.get(i), adds.get(i));
      }
    }
    return taken;
  }

  /**
   * Compares a version as read with the one that a batch was made under, and adopts it. Returns
   * null if it held, else why not.
   */
  @Nullable MissReason compare(
      Operation operation, Level level, long expected, Item item, long askedAt) {
    long found = level.versionIn(item);
    long least = Math.max(expected, level.floor()); // the server may have joined meanwhile
    adopt(operation, level, found, least, askedAt);
    if (found < least) {
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
  void adopt(Operation operation, Level level, long version, long highestBefore, long askedAt) {
    if (version < highestBefore) {
      pushForward(operation, level, highestBefore);
    } else {
      level.saw(version, askedAt);
    }
  }

  /**
   * Clears levels.
   *
   * @param grace for how long what was there may be served; zero if not at all
   */
  ClearOutcome clear(Operation operation, List<Level> levels, Duration grace) {
    return grace.isZero()
        ? increment(operation, levels)
        : new SoftClear(cluster, this, clock, operation, grace).run(levels);
  }

  /** Returns by how much the next version of a level is above the present one. */
  long step() {
    return generator.step();
  }

  /** Clears levels so that nothing of what was there is served any more. */
  ClearOutcome increment(Operation operation, List<Level> levels) {
    return new HardClear(cluster, this, operation).run(levels);
  }

  /**
   * What came of the attempt to clear levels on some servers.
   *
   * @param failed those whose server didn't do it
   * @param refused those that can't be cleared as long as nobody mends something, such as one whose
   *     version key has something else than a version
   * @param reached the identities of the servers that did it, of those that keep one
   */
  record ClearOutcome(List<Failed> failed, List<Refused> refused, Set<String> reached) {

    /** A level that could not be cleared, and why. */
    record Failed(Level level, RequestFailedException failure) {}

    /** A level that can't be cleared, and why. */
    record Refused(Level level, CacheException reason) {}

    /** Returns an outcome to be filled. */
    static ClearOutcome empty() {
      return new ClearOutcome(new ArrayList<>(0), new ArrayList<>(0), new HashSet<>());
    }

    void fail(Level level, RequestFailedException failure) {
      failed.add(new Failed(level, failure));
    }

    void refuse(Level level, CacheException reason) {
      refused.add(new Refused(level, reason));
    }

    void addAll(ClearOutcome other) {
      failed.addAll(other.failed);
      refused.addAll(other.refused);
      reached.addAll(other.reached);
    }

    /** Returns all levels that were not cleared. */
    Stream<Level> uncleared() {
      return Stream.concat(
          failed.stream().map(Failed::level), refused.stream().map(Refused::level));
    }
  }

  /** Fails if a level has something else than a version. */
  void requireVersion(Operation operation, Level level) {
    Item item = get(operation, level);
    if (item != null) {
      level.versionIn(item);
    }
  }

  /**
   * Moves a version that went back past all that was seen, unless another process has done so.
   *
   * @param least what it has to be at least; above the highest that was seen if need be
   */
  void pushForward(Operation operation, Level level, long least) {
    for (int attempts = 0; ; attempts++) {
      checkAttempts(attempts, "clearing", level.name());
      long askedAt = ElapsedTime.now();
      Item item = get(operation, level);
      if (item == null) {
        create(operation, List.of(level));
        return;
      }
      long found = level.versionIn(item);
      long wanted = Math.max(least, level.highest());
      if (found >= wanted) {
        level.saw(found, askedAt);
        return;
      }
      // Compared, not added: many threads and processes see this at once, and if each of them added
      // the distance, the number would leave the range of versions for good.
      long version = generator.above(level.name(), wanted);
      byte[] text = VersionNumber.encode(version);
      StoreRequest push =
          StoreRequest.cas(level.versionKey(), NO_FLAGS, Exptime.NEVER, text, item.token());
      run(operation, level, push);
      switch (push.result()) {
        case STORED -> {
          level.saw(version, askedAt);
          if (found < level.floor()) {
            LOG.debug(
                "The version {} of '{}' on {} was from before the server joined; now {}",
                found,
                level.name(),
                level.server(),
                version);
            return;
          }
          LOG.warn(
              "The version of '{}' had gone back from {} to {}: server {} returned with old memory,"
                  + " or the key '{}' was set from outside. It was moved forward to {}, which"
                  + " clears the level.",
              level.name(),
              wanted,
              found,
              level.server(),
              level.versionKey(),
              version);
          return;
        }
        case EXISTS, NOT_FOUND -> {} // another process was faster: look again
        default -> throw rejected(level, push);
      }
    }
  }

  CacheException rejected(Level level, StoreRequest store) {
    return new CacheException(
        String.format(
            "The version of '%s' can't be stored: server %s answered %s to a value of 19 bytes;"
                + " give memcached more memory (-m)",
            level.name(), level.server(), store.result()));
  }

  private int indexOf(Level level) {
    return cluster.indexOf(level.server());
  }

  private @Nullable Item get(Operation operation, Level level) {
    GetRequest get = new GetRequest(List.of(level.versionKey()), true);
    run(operation, level, get);
    return get.item(0);
  }

  private void run(Operation operation, Level level, Request request) {
    cluster.newRoundTrip(operation).add(indexOf(level), request).run();
  }
}
