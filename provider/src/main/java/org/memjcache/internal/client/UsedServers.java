// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.membership.Departures;
import org.memjcache.internal.client.membership.Membership;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * The servers that any process uses, as far as this one knows: those that a clear has to reach, and
 * what is to be done where it doesn't. Thread-safe.
 */
public final class UsedServers {

  private final Cluster cluster;
  private final Membership membership;
  private final Departures departures;

  UsedServers(Cluster cluster, Membership membership) {
    this.cluster = cluster;
    this.membership = membership;
    this.departures = membership.departures();
  }

  /**
   * Adds requests to a trip of clears by which {@link #all} learns which servers others use.
   *
   * @param asked the servers that the trip goes to
   * @return what takes note of the responses, after the trip, and returns the identities of the
   *     servers that have answered, by their indices
   */
  public Supplier<Map<Integer, String>> addReadsOfMembers(RoundTrip trip, Set<Integer> asked) {
    Map<ServerAddress, GetRequest> reads = new HashMap<>();
    for (int server : asked) {
      GetRequest read = membership.newRead();
      reads.put(cluster.address(server), read);
      trip.add(server, read);
    }
    return () -> {
      Map<Integer, String> answered = new HashMap<>();
      membership.learn(reads).forEach((address, id) -> answered.put(cluster.indexOf(address), id));
      return answered;
    };
  }

  /**
   * Returns the servers that any process uses, as far as this one knows: by their identities, with
   * where this process finds them. Two may be at the same place, if a name has moved.
   */
  public Map<String, Integer> all() {
    Map<String, Integer> all = new HashMap<>();
    membership.used().forEach((id, address) -> all.put(id, cluster.indexOf(address)));
    return all;
  }

  /**
   * Returns the servers that other processes use and this one doesn't have in its list, as far as
   * it knows.
   */
  public List<ServerAddress> outside() {
    return membership.outside();
  }

  /**
   * Takes note that a clear may have missed servers: what they have is void once they are used
   * again. To be called before the clear tries once more.
   *
   * @param ids their identities
   * @return where they may be in use all the same, by a process that could not know; null if no
   *     server of the list has taken note
   */
  public @Nullable Set<Integer> noteLeaving(Set<String> ids) {
    Departures.Leaving leaving = departures.leaving(ids);
    return leaving.isTaken()
        ? leaving.again().stream().map(cluster::indexOf).collect(Collectors.toSet())
        : null;
  }

  /** Takes note that a clear could not reach servers after that either: no more clears go there. */
  public void noteLeft(Set<String> ids) {
    departures.left(ids);
  }

  /**
   * Gives up a server that isn't in the list, if it can't be reached: others learn that it is
   * leaving, and in the next call that it has left, unless somebody has it join meanwhile. What it
   * has is void if it is ever used again, by others or by this process.
   *
   * @return false if it isn't given up, or not yet: it is to be tried again before the next call
   */
  public boolean giveUp(ServerAddress address) {
    Server server = cluster.server(cluster.indexOf(address));
    return server.isDown() && departures.giveUp(server);
  }

  /**
   * Returns where a server is that had another address before, as far as this process knows; null
   * if nobody uses it elsewhere.
   */
  public @Nullable Integer placeOf(ServerAddress before) {
    ServerAddress now = departures.placeOf(before);
    return now == null || now.equals(before) ? null : cluster.indexOf(now);
  }

  /** Returns the failure of a clear that did not reach a server and that no server took note of. */
  public RequestFailedException unnoted(int server) {
    return RequestFailures.unnoted(cluster.address(server), Thread.currentThread().isInterrupted());
  }

  /**
   * Returns which servers may lead to one that a trip of clears has not reached: all those that the
   * trip did not go to, and of the others those whose names lead elsewhere by now. The next trip to
   * one of them waits for one more attempt, if it has no connection.
   *
   * @param servers where those that were not reached may be
   * @param asked those that the trip went to
   * @param unreached the identities of those that were not reached
   */
  public Set<Integer> tryAgain(
      Collection<Integer> servers, Set<Integer> asked, Set<String> unreached) {
    List<ServerAddress> moved = membership.followNames();
    Set<Integer> again =
        servers.stream()
            .filter(
                server ->
                    !asked.contains(server)
                        || moved.contains(cluster.address(server))
                        || membership.leadsTo(cluster.address(server), unreached))
            .collect(Collectors.toSet());
    again.forEach(server -> cluster.server(server).tryAgain());
    return again;
  }
}
