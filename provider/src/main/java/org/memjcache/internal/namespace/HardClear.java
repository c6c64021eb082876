// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.namespace.VersionProtocol.ClearOutcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears levels so that nothing of what was in them is served any more: one increment each, by a
 * random step, in one round trip. With steps of one, a clear after a server came back with old
 * memory would end at a number that another process has used already, without this one having seen
 * it.
 *
 * <p>Which server did it is read in the same request as the increment, over the same connection:
 * the name of a server may lead to another one a moment later.
 *
 * <p>Where there is no version to be incremented, a new one is created, which is as good.
 *
 * <p>Used once, by one thread.
 */
final class HardClear {

  private static final Logger LOG = LoggerFactory.getLogger(HardClear.class);

  private final Cluster cluster;
  private final VersionProtocol protocol;
  private final Operation operation;
  private final ClearOutcome outcome = ClearOutcome.empty();

  private record Increment(Level level, long before, long step, IncrementRequest request) {}

  HardClear(Cluster cluster, VersionProtocol protocol, Operation operation) {
    this.cluster = cluster;
    this.protocol = protocol;
    this.operation = operation;
  }

  /** Clears levels; returns what came of it. */
  ClearOutcome run(List<Level> levels) {
    long askedAt = ElapsedTime.now();
    RoundTrip trip = cluster.newRoundTrip(operation);
    List<Increment> increments = new ArrayList<>(levels.size());
    Set<Integer> asked = new HashSet<>();
    for (Level level : levels) {
      long step = protocol.step();
      IncrementRequest request = new IncrementRequest(level.versionKey(), step);
      increments.add(new Increment(level, level.highest(), step, request));
      int server = indexOf(level);
      asked.add(server);
      trip.add(server, request);
    }
    Supplier<Map<Integer, String>> members = cluster.used().addReadsOfMembers(trip, asked);
    try {
      trip.run();
    } catch (RequestFailedException e) { // of one of them, which finds it at its request
      LOG.debug("{} failed: {}", operation, e.getMessage());
    }
    Map<Integer, String> answered = members.get();
    List<Level> missing = new ArrayList<>(0);
    for (Increment increment : increments) {
      try {
        if (isMissing(increment, askedAt)) {
          missing.add(increment.level);
        }
      } catch (RequestFailedException e) {
        answered.remove(indexOf(increment.level));
        outcome.fail(increment.level, e);
      } catch (CacheException e) { // the others are cleared all the same
        outcome.refuse(increment.level, e);
      }
    }
    outcome.reached().addAll(answered.values());
    create(missing);
    return outcome;
  }

  private int indexOf(Level level) {
    return cluster.indexOf(level.server());
  }

  /** Takes note of the new version; returns true if there was none to be incremented. */
  private boolean isMissing(Increment increment, long askedAt) {
    Level level = increment.level;
    RequestFailedException failure = increment.request.failure();
    if (failure != null) {
      if (failure.kind() == RequestFailedException.Kind.REFUSED_COMMAND) {
        // what is no number isn't incremented, but the server names no key
        protocol.requireVersion(operation, level);
      }
      throw failure;
    }
    if (increment.request.value().isEmpty()) {
      return true;
    }
    long version = level.checkVersion(increment.request.value().getAsLong());
    if (version > increment.before) {
      level.saw(version, askedAt);
    } else {
      protocol.pushForward(operation, level, increment.before + 1);
    }
    LOG.debug(
        "Cleared '{}' on {}: version {} became {}",
        level.name(),
        level.server(),
        version - increment.step,
        level.highest());
    level.cleared();
    return false;
  }

  private void create(List<Level> missing) {
    try {
      protocol.create(operation, missing);
    } catch (RequestFailedException | CacheException e) {
      if (missing.size() > 1) { // find out which
        missing.forEach(level -> create(List.of(level)));
      } else if (e instanceof RequestFailedException failure) {
        outcome.fail(missing.get(0), failure);
      } else {
        outcome.refuse(missing.get(0), (CacheException) e);
      }
      return;
    }
    for (Level level : missing) {
      LOG.debug(
          "Cleared '{}' on {}: it had no version, now {}",
          level.name(),
          level.server(),
          level.highest());
      level.cleared();
    }
  }
}
