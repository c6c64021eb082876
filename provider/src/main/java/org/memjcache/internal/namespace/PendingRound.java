// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.cache.CacheException;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.RoundsThread;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the thread of pending clears does in a round: it tries what is pending on servers that this
 * process has an open client of, and forgets what is pending where nobody will ever see it.
 *
 * <p>Used by one thread at a time.
 */
final class PendingRound {

  private static final Logger LOG = LoggerFactory.getLogger(PendingRound.class);

  /** How much time a server gets in a round before it is the turn of others. */
  static final long TURN_NANOS = RoundsThread.REST_NANOS;

  private final PendingClears clears;
  private final PendingRemovals removals;
  private final UndiscoveredRemovals undiscovered;

  PendingRound(PendingClears clears, PendingRemovals removals, UndiscoveredRemovals undiscovered) {
    this.clears = clears;
    this.removals = removals;
    this.undiscovered = undiscovered;
  }

  private record ServerOfCluster(SharedCluster cluster, ServerAddress server) {}

  boolean isAnythingToDo() {
    return clears.pending.values().stream().anyMatch(clear -> !clear.openClusters().isEmpty())
        || removals.all().stream().anyMatch(removal -> removal.cluster.current() != null)
        || !undiscovered.clusters().isEmpty();
  }

  void run() {
    undiscovered.clusters().forEach(undiscovered::makePending);
    clearOnce();
    removals.removeOnce();
    forgetDropped();
  }

  /** Clears the levels whose servers answer. */
  private void clearOnce() {
    Map<ServerOfCluster, Long> spent = new HashMap<>();
    for (PendingClear clear : clears.pending.values()) {
      ServerAddress address = clear.level.server();
      for (SharedCluster cluster : clear.openClusters()) {
        ServerOfCluster server = new ServerOfCluster(cluster, address);
        boolean isKnown = !cluster.isUndiscovered(address) || cluster.cluster().discover();
        if (isKnown && spent.getOrDefault(server, 0L) < TURN_NANOS) {
          long begin = System.nanoTime();
          tryToClear(clear, cluster);
          spent.merge(server, System.nanoTime() - begin, Long::sum);
        }
      }
    }
  }

  private void tryToClear(PendingClear clear, SharedCluster cluster) {
    if (!clear.tryLock()) {
      return; // another thread is clearing it
    }
    try {
      clears.clear(new Operation("clear"), clear, cluster);
    } catch (CacheException | RequestFailedException e) {
      LOG.debug("Not cleared yet: {}", e.getMessage());
    } catch (RuntimeException | Error e) { // no memory for a moment, say
      RoundsThread.warn("Clearing '" + clear.level.name() + "' failed; retrying", e);
    } finally {
      clear.unlock();
    }
  }

  /** Forgets what is pending on servers that are in no list any more, and that don't answer. */
  private void forgetDropped() {
    Map<ServerAddress, SharedCluster> dropped = new HashMap<>();
    for (PendingClear clear : clears.pending.values()) {
      addIfDropped(dropped, clear.level.server(), clear.openClusters());
    }
    for (PendingRemoval removal : removals.all()) {
      SharedCluster cluster = removal.cluster.current();
      if (cluster != null) {
        addIfDropped(dropped, removal.cache().server(), List.of(cluster));
      }
    }
    dropped.forEach(
        (server, cluster) -> {
          if (cluster.cluster().used().giveUp(server)) {
            forget(server, cluster);
          }
        });
  }

  private static void addIfDropped(
      Map<ServerAddress, SharedCluster> dropped,
      ServerAddress server,
      List<SharedCluster> clusters) {
    for (SharedCluster cluster : clusters) {
      // A list that isn't known yet says nothing.
      if (!cluster.cluster().discover() || cluster.isAnyUsing(server)) {
        return;
      }
    }
    clusters.stream().findAny().ifPresent(any -> dropped.put(server, any));
  }

  private void forget(ServerAddress server, SharedCluster cluster) {
    Integer moved = cluster.cluster().used().placeOf(server);
    for (PendingClear clear : clears.pending.values()) {
      if (clear.level.server().equals(server)) {
        int changes = clear.changes.get();
        if (moved != null) {
          cluster.open(clear.path).shard(moved).markForClear(clear.missed);
        }
        clears.cleared(clear, changes);
      }
    }
    for (PendingRemoval removal : removals.all()) {
      if (removal.cache().server().equals(server)) {
        if (moved != null) {
          cluster.open(removal.path).shard(moved).markForRemoval(removal.key, null);
        }
        removals.forget(removal);
      }
    }
    LOG.info("memcached {} is not used any more: what was pending there is forgotten", server);
  }
}
