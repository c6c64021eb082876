// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.memjcache.internal.client.ServerList;
import org.memjcache.internal.client.UsedServers;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.namespace.VersionProtocol.ClearOutcome;

/**
 * One clear of a namespace, on all servers that any process uses: in one round trip if these are
 * those of the list and all of them answer. What a server doesn't do is an error, or pending.
 *
 * <p>Used once, by one thread.
 */
final class NamespaceClear {

  private final Namespace namespace;
  private final SharedCluster shared;
  private final PendingClears pendingClears;
  private final Operation operation;
  private final Duration grace;
  private final boolean isMakingUp;

  /**
   * Creates a clear.
   *
   * @param grace for how long what was there may be served; zero for not at all
   * @param isMakingUp whether this is for a clear that was to be made before, and that no caller
   *     waits for: what can't be cleared at all is then pending, too
   */
  NamespaceClear(
      Namespace namespace,
      SharedCluster shared,
      Operation operation,
      Duration grace,
      boolean isMakingUp) {
    this.namespace = namespace;
    this.shared = shared;
    this.pendingClears = shared.pendingClears();
    this.operation = operation;
    this.grace = grace;
    this.isMakingUp = isMakingUp;
  }

  /** Clears what the servers of a list have, and then what those have that only others use. */
  void run(ServerList list) {
    Set<Integer> asked = indices(list);
    ClearOutcome outcome = clearAt(operation, asked);
    Set<Integer> done = serversOf(outcome); // an error, or cleared later
    // With its own time: a server has not failed because another one used that up.
    outcome.addAll(clearBesides(operation.nextPart(), asked, done, outcome.reached()));
    end(asked, outcome);
  }

  /**
   * Clears what is left of a clear that missed a server, which has been cleared since.
   *
   * @param missed what that clear has done, which what this does is added to
   * @param settled the address that this was missed at, and that is cleared now; another server may
   *     be there by now
   */
  void finish(PendingClear.Missed missed, ServerAddress settled) {
    ClearOutcome outcome = ClearOutcome.empty();
    outcome.reached().addAll(missed.reached());
    Set<Integer> asked =
        missed.asked().stream().map(shared.cluster()::indexOf).collect(Collectors.toSet());
    Set<Integer> all = indices(shared.cluster().knownList());
    all.addAll(asked);
    all.addAll(shared.cluster().used().all().values());
    Set<Integer> done = all.stream().filter(this::isPending).collect(Collectors.toSet());
    done.remove(shared.cluster().indexOf(settled));
    outcome.addAll(clearBesides(operation, asked, done, outcome.reached()));
    missed.reached().addAll(outcome.reached());
    end(all, outcome);
  }

  private boolean isPending(int server) {
    return pendingClears.isPending(namespace.shard(server).cache());
  }

  private static Set<Integer> indices(ServerList list) {
    return IntStream.of(list.indices()).boxed().collect(Collectors.toSet());
  }

  /** Has pending what servers have not done, or throws, as the policy is. */
  private void end(Set<Integer> asked, ClearOutcome outcome) {
    if (outcome.uncleared().findAny().isEmpty()) {
      return;
    }
    // By addresses: it may be made up for when this cluster has been closed.
    Set<ServerAddress> addresses =
        asked.stream().map(shared.cluster()::address).collect(Collectors.toSet());
    PendingClear.Missed missed = new PendingClear.Missed(addresses, ConcurrentHashMap.newKeySet());
    missed.reached().addAll(outcome.reached());
    RequestFailedException toThrow = null;
    for (ClearOutcome.Failed failed : outcome.failed()) {
      namespace.recordFailure(failed.failure());
      if (isToBePending(failed.failure())) {
        namespace.shard(serverOf(failed.level())).markForClear(missed);
      } else {
        toThrow = toThrow == null ? failed.failure() : toThrow;
      }
    }
    if (toThrow != null) {
      throw namespace.failure(operation, toThrow);
    }
    for (ClearOutcome.Refused refused : outcome.refused()) {
      if (!isMakingUp) {
        throw refused.reason();
      }
      namespace.shard(serverOf(refused.level())).markForClear(missed); // an error of who uses it
    }
  }

  private boolean isToBePending(RequestFailedException e) {
    return isMakingUp
        ? e.kind() != RequestFailedException.Kind.INTERRUPTED
        : namespace.isTolerated(e);
  }

  /**
   * Clears what servers have that are in the lists of other processes, or in a new list of this
   * one. Those of others that can't be reached serve nothing any more of what they have.
   *
   * @param asked those that were asked before
   * @param done those of which nothing more is expected
   * @param reached the identities of those that were cleared
   * @return those that may serve it, and those that were reached
   */
  private ClearOutcome clearBesides(
      Operation clear, Set<Integer> asked, Set<Integer> done, Set<String> reached) {
    UsedServers servers = shared.cluster().used();
    Map<String, Integer> used = servers.all();
    used.keySet().removeAll(reached);
    used.values().removeAll(done);
    Set<Integer> own = indices(shared.cluster().knownList()); // which may have changed meanwhile
    Set<Integer> more = new HashSet<>(own);
    more.removeAll(asked);
    more.removeAll(done);
    more.addAll(used.values());
    ClearOutcome open = ClearOutcome.empty();
    if (more.isEmpty()) {
      return open;
    }
    ClearOutcome second = clearAt(clear, servers.tryAgain(more, asked, used.keySet()));
    open.refused().addAll(second.refused());
    open.reached().addAll(second.reached());
    for (ClearOutcome.Failed each : second.failed()) {
      if (!each.failure().isOfServer() || own.contains(serverOf(each.level()))) {
        open.failed().add(each);
      }
    }
    used.keySet().removeAll(second.reached());
    used.values().removeAll(serversOf(open));
    if (used.isEmpty()) {
      return open;
    }
    Set<Integer> again = servers.noteLeaving(used.keySet());
    if (again == null) { // nobody will know: it may be served
      if (!Thread.currentThread().isInterrupted()) { // which isn't a failure of the server
        used.values().removeAll(serversOf(second));
      }
      used.values()
          .forEach(server -> second.fail(namespace.shard(server).cache(), servers.unnoted(server)));
      return second;
    }
    ClearOutcome third = clearAt(clear.nextPart(), servers.tryAgain(again, asked, used.keySet()));
    open.refused().addAll(third.refused());
    open.reached().addAll(third.reached());
    third.failed().stream()
        .filter(each -> !each.failure().isOfServer())
        .forEach(open.failed()::add);
    used.keySet().removeAll(third.reached());
    used.values().removeAll(serversOf(open));
    if (!used.isEmpty()) {
      servers.noteLeft(used.keySet());
    }
    return open;
  }

  private Set<Integer> serversOf(ClearOutcome outcome) {
    return outcome.uncleared().map(this::serverOf).collect(Collectors.toSet());
  }

  private int serverOf(Level level) {
    return shared.cluster().indexOf(level.server());
  }

  /**
   * Clears what servers have, which settles what was pending. It waits for a thread that is
   * clearing one of them, whose increment could otherwise come after what the caller stores next.
   * What was pending is cleared without grace: something in it is outdated.
   */
  private ClearOutcome clearAt(Operation clear, Collection<Integer> servers) {
    List<Level> unmarked = new ArrayList<>(servers.size());
    List<PendingClear> marked = new ArrayList<>(0);
    for (int server : servers) {
      Level level = namespace.shard(server).cache();
      PendingClear pending = pendingClears.pending.get(level);
      if (pending == null) {
        unmarked.add(level);
      } else {
        marked.add(pending);
      }
    }
    ClearOutcome outcome = ClearOutcome.empty();
    if (!servers.isEmpty()) {
      namespace.metrics().recordRoundTrip();
    }
    if (!unmarked.isEmpty()) {
      outcome.addAll(pendingClears.increment(clear, unmarked, grace, shared));
    }
    for (PendingClear pending : marked) {
      try {
        outcome.addAll(pendingClears.incrementInTurn(clear, pending, shared));
      } catch (RequestFailedException e) {
        outcome.fail(pending.level, e);
      } catch (CacheException e) {
        outcome.refuse(pending.level, e);
      }
    }
    return outcome;
  }
}
