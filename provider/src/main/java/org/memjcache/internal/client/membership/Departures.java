// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * Tells other processes which servers have missed a clear, so that nobody uses what these have.
 *
 * <p>Thread-safe. Waits for the servers of the list.
 */
public final class Departures {

  private final Membership membership;
  private final MembershipView view;

  Departures(Membership membership, MembershipView view) {
    this.membership = membership;
    this.view = view;
  }

  /**
   * What came of a note that a clear may have missed servers.
   *
   * @param isTaken whether a server of the list has taken it, so that other processes know
   * @param again where they may be in use all the same, by who had them join meanwhile
   */
  public record Leaving(boolean isTaken, Set<ServerAddress> again) {}

  /**
   * Notes that a clear may have missed servers, to be done before it tries once more. From then on
   * nobody uses them who connects to them, before they have joined again.
   *
   * @param ids their identities
   */
  public Leaving leaving(Set<String> ids) {
    Map<Server, ServerNotes> asked = membership.askAndCompare();
    Set<ServerAddress> again = view.leaving(ids);
    Consumer<MemberList> seen =
        list ->
            list.used().stream()
                .filter(member -> ids.contains(member.id()))
                .forEach(member -> again.add(member.address()));
    boolean isTaken = false;
    for (Map.Entry<Server, ServerNotes> each : asked.entrySet()) {
      isTaken |= membership.tryToTell(each.getKey(), each.getValue(), seen);
    }
    return new Leaving(isTaken, again);
  }

  /**
   * Notes that a server which isn't in the list is leaving, or that it has left if that was noted
   * before.
   *
   * @return whether nobody uses what it has any more
   */
  public boolean giveUp(Server server) {
    Set<String> ids = view.usedAt(server.address());
    if (!ids.isEmpty()) {
      boolean wereLeaving = view.areLeaving(ids);
      if (!leaving(ids).isTaken() || !wereLeaving) {
        server.tryAgain();
        return false;
      }
      left(ids);
    } else if (membership.askAndCompare().isEmpty()) {
      return false; // perhaps it is used, and nobody has said so yet
    }
    return view.outdate(server.address());
  }

  /**
   * Returns where a server is used that had an address when this process connected to it there
   * last; null if it isn't known to be used.
   */
  public @Nullable ServerAddress placeOf(ServerAddress before) {
    String id = view.identityOf(before);
    return id == null ? null : view.used().get(id);
  }

  /** Notes that a clear could not reach servers after that either, so that others need not try. */
  public void left(Set<String> ids) {
    Map<Server, ServerNotes> asked = membership.askAndCompare();
    view.left(ids);
    asked.forEach(membership::tryToTell);
  }
}
