// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.NotAVersionException;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.namespace.VersionProtocol.ClearOutcome;
import org.memjcache.internal.namespace.version.Grace;
import org.memjcache.internal.namespace.version.VersionNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears levels so that what was in them can still be served for a while.
 *
 * <p>The next version of a level is chosen first, and what may be served while it is in force is
 * stored beside it, under a key of its own. Then the version is put in the place of the present
 * one, if that is still as it was read, or all begins anew. So whoever sees a version finds what
 * may be served beside it, or nobody does any more, and a hard clear that comes in between is not
 * undone.
 *
 * <p>Where a version is missing or has gone back, the level is cleared hard: nobody knows what it
 * was.
 *
 * <p>Used once, by one thread.
 */
final class SoftClear {

  private static final Logger LOG = LoggerFactory.getLogger(SoftClear.class);

  private static final int NO_FLAGS = 0;

  private final Cluster cluster;
  private final VersionProtocol protocol;
  private final InstantSource clock;
  private final Operation operation;
  private final Duration grace;
  private final ClearOutcome outcome = ClearOutcome.empty();

  /** What memcached has of a level, or is to have. */
  private static final class Replacement {
    final Level level;
    final GetRequest read;
    @Nullable Item version;
    long number;
    @Nullable GetRequest graceRead;
    long next;
    Grace nextGrace = Grace.NONE;
    @Nullable StoreRequest graceStore;
    @Nullable StoreRequest versionStore;

    Replacement(Level level) {
      this.level = level;
      this.read = new GetRequest(List.of(level.versionKey()), /* withCas= */ true);
    }
  }

  SoftClear(
      Cluster cluster,
      VersionProtocol protocol,
      InstantSource clock,
      Operation operation,
      Duration grace) {
    this.cluster = cluster;
    this.protocol = protocol;
    this.clock = clock;
    this.operation = operation;
    this.grace = grace;
  }

  /** Clears levels; returns what came of it. */
  ClearOutcome run(List<Level> levels) {
    List<Level> left = levels;
    for (int attempts = 0; !left.isEmpty(); attempts++) {
      VersionProtocol.checkAttempts(attempts, operation, left.get(0).name());
      left = tryOnce(left);
    }
    return outcome;
  }

  /** Returns the levels that others have cleared at the same time. */
  private List<Level> tryOnce(List<Level> levels) {
    List<Replacement> all = readVersions(levels);
    readGraces(all);
    return replace(all);
  }

  private List<Replacement> readVersions(List<Level> levels) {
    long askedAt = ElapsedTime.now();
    List<Replacement> asked = new ArrayList<>(levels.size());
    RoundTrip trip = cluster.newRoundTrip(operation);
    for (Level level : levels) {
      Replacement replacement = new Replacement(level);
      asked.add(replacement);
      trip.add(indexOf(level), replacement.read);
    }
    run(trip);
    List<Replacement> found = new ArrayList<>(asked.size());
    List<Level> hard = new ArrayList<>(0);
    for (Replacement each : asked) {
      if (hasFailed(each, each.read)) {
        continue;
      }
      each.version = each.read.item(0);
      try {
        each.number = each.version == null ? 0 : each.level.versionIn(each.version);
      } catch (NotAVersionException e) { // the others are cleared all the same
        outcome.refuse(each.level, e);
        continue;
      }
      if (each.number < each.level.highest() || each.version == null) {
        hard.add(each.level);
      } else {
        each.level.saw(each.number, askedAt);
        found.add(each);
      }
    }
    if (!hard.isEmpty()) {
      outcome.addAll(protocol.increment(operation, hard));
    }
    return found;
  }

  /** Reads what may be served already, as far as this process doesn't know it. */
  private void readGraces(List<Replacement> all) {
    RoundTrip trip = cluster.newRoundTrip(operation);
    boolean isNeeded = false;
    for (Replacement each : all) {
      if (each.level.graceOf(each.number) == null) {
        each.graceRead = new GetRequest(List.of(each.level.graceKey(each.number)), false);
        trip.add(indexOf(each.level), each.graceRead);
        isNeeded = true;
      }
    }
    if (isNeeded) {
      run(trip);
      all.removeIf(each -> each.graceRead != null && hasFailed(each, each.graceRead));
    }
    for (Replacement each : all) {
      GetRequest read = each.graceRead;
      if (read != null) {
        each.level.learnGrace(each.number, Grace.decode(read.item(0)));
      }
    }
  }

  private List<Level> replace(List<Replacement> all) {
    if (all.isEmpty()) {
      return List.of();
    }
    long askedAt = ElapsedTime.now();
    long now = clock.millis();
    RoundTrip trip = cluster.newRoundTrip(operation);
    Set<Integer> asked = new HashSet<>();
    for (Replacement each : all) {
      addTo(trip, each, now);
      asked.add(indexOf(each.level));
    }
    Supplier<Map<Integer, String>> members = cluster.used().addReadsOfMembers(trip, asked);
    run(trip);
    Map<Integer, String> answered = members.get();
    List<Level> again = new ArrayList<>(0);
    for (Replacement each : all) {
      StoreRequest store = Objects.requireNonNull(each.versionStore);
      if (hasFailed(each, store)) {
        answered.remove(indexOf(each.level));
        continue;
      }
      switch (store.result()) {
        case STORED -> cleared(each, askedAt);
        case EXISTS, NOT_FOUND -> {
          answered.remove(indexOf(each.level));
          again.add(each.level);
        }
        default -> {
          answered.remove(indexOf(each.level));
          outcome.refuse(each.level, protocol.rejected(each.level, store));
        }
      }
    }
    outcome.reached().addAll(answered.values());
    return again;
  }

  private void addTo(RoundTrip trip, Replacement each, long now) {
    Level level = each.level;
    Grace before = level.graceOf(each.number);
    each.next = each.number + protocol.step();
    each.nextGrace =
        (before == null ? Grace.NONE : before)
            .at(now)
            .and(new Grace.Older(each.number, now, now + grace.toMillis()));
    each.graceStore =
        StoreRequest.set(
            level.graceKey(each.next),
            NO_FLAGS,
            Exptime.of(each.nextGrace.end(), now),
            each.nextGrace.encode());
    each.versionStore =
        StoreRequest.cas(
            level.versionKey(),
            NO_FLAGS,
            Exptime.NEVER,
            VersionNumber.encode(each.next),
            Objects.requireNonNull(each.version).token());
    trip.add(indexOf(level), each.graceStore); // first
    trip.add(indexOf(level), each.versionStore);
  }

  private void cleared(Replacement each, long askedAt) {
    each.level.saw(each.next, askedAt);
    StoreRequest stored = Objects.requireNonNull(each.graceStore);
    if (stored.failureKind() == null && stored.result() == StoreRequest.Result.STORED) {
      each.level.learnGrace(each.next, each.nextGrace);
    }
    LOG.debug(
        "Cleared '{}' on {} with a grace of {}: version {} became {}",
        each.level.name(),
        each.level.server(),
        grace,
        each.number,
        each.next);
    each.level.cleared();
  }

  private static void run(RoundTrip trip) {
    try {
      trip.run();
    } catch (RequestFailedException e) { // of one of them, which finds it at its request
      LOG.debug("A soft clear failed: {}", e.getMessage());
    }
  }

  private boolean hasFailed(Replacement each, Request request) {
    RequestFailedException failure = request.failure();
    if (failure != null) {
      outcome.fail(each.level, failure);
    }
    return failure != null;
  }

  private int indexOf(Level level) {
    return cluster.indexOf(level.server());
  }
}
