// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.common.VersionTime;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of the servers that any process uses, and what follows from it: which
 * have to join, and with what floor. Asks nobody. Thread-safe.
 */
final class MembershipView {

  private static final Logger LOG = LoggerFactory.getLogger(MembershipView.class);

  /**
   * By how much the clocks of two processes may differ, and how far versions may have gone beyond
   * the highest floor: half a second of it each time that one was evicted.
   */
  private static final long MARGIN = Duration.ofMinutes(10).toMillis() << VersionTime.LOW_BITS;

  private final InstantSource clock;
  private final ObjLongConsumer<ServerAddress> floors;

  // Guarded by this, as is all that follows.
  private MemberList known = MemberList.EMPTY;

  /** Those that have keys, in the list of this process. */
  private List<Server> listed = List.of();

  /** Which server each name in the list leads to, as far as it was asked. */
  private final Map<ServerAddress, String> ids = new HashMap<>();

  /**
   * The newest connection to each server, from when it begins to join; weakly, as one that was lost
   * may keep exceptions of an application.
   */
  private final Map<Server, WeakReference<Session>> sessions = new HashMap<>();

  /** Those that are about to join by a new connection: their name leads to them now. */
  private final Set<Server> joining = new HashSet<>();

  /**
   * Which members had the name of a server when a connection to it was opened, and which it was
   * found to be over that since: it may lose its identity, and gets another one.
   */
  private final Map<ServerAddress, Set<String>> namesakes = new HashMap<>();

  /** Those of the list that need a floor and have none. */
  private final Set<Server> unsettled = new HashSet<>();

  /**
   * Creates the view of a process that knows nothing yet.
   *
   * @param floors hears below which number versions on a server are void
   */
  MembershipView(InstantSource clock, ObjLongConsumer<ServerAddress> floors) {
    this.clock = clock;
    this.floors = floors;
  }

  synchronized void use(List<Server> list) {
    listed = list;
    unsettled.retainAll(list);
  }

  synchronized List<Server> listed() {
    return listed;
  }

  /** Returns whether this process has one server, and it isn't known that others have more. */
  synchronized boolean isAlone() {
    return listed.size() <= 1 && known.isEmpty();
  }

  synchronized MemberList known() {
    return known;
  }

  /** Returns those that clears go to: their identities, with where this process finds them. */
  synchronized Map<String, ServerAddress> used() {
    Map<String, ServerAddress> used = new HashMap<>();
    known.used().forEach(member -> used.put(member.id(), addressOf(member)));
    return used;
  }

  /** Returns where this process finds a member: by its own name of it, if it has one. */
  private ServerAddress addressOf(Member member) {
    return listed.stream()
        .map(Server::address)
        .filter(address -> member.id().equals(ids.get(address)))
        .findAny()
        .orElseGet(member::address);
  }

  synchronized List<ServerAddress> outside() {
    List<ServerAddress> own = listed.stream().map(Server::address).toList();
    return known.used().stream()
        .map(this::addressOf)
        .filter(address -> !own.contains(address))
        .distinct()
        .toList();
  }

  synchronized void learn(MemberList members) {
    known = known.merge(members);
  }

  /**
   * Takes note of which server a name leads to, as was found over a connection.
   *
   * @param id null if it keeps none
   */
  synchronized void identify(Server server, Session session, @Nullable String id) {
    Session newest = newestJoined(server);
    if (newest != null && newest != session) {
      return; // the name may have led elsewhere before
    }
    if (id == null) {
      ids.remove(server.address());
    } else {
      ids.put(server.address(), id);
      addNamesake(server.address(), id);
    }
  }

  /** Takes note of which server a name led to in a round trip, unless a connection has told. */
  synchronized void identify(ServerAddress address, String id) {
    ids.putIfAbsent(address, id);
    addNamesake(address, id);
  }

  private void addNamesake(ServerAddress address, String id) {
    namesakes.computeIfAbsent(address, any -> new HashSet<>()).add(id);
  }

  /** Returns which server a name led to when that was found last; null if it isn't known. */
  synchronized @Nullable String identityOf(ServerAddress address) {
    return ids.get(address);
  }

  synchronized void begin(Server server, Session session) {
    sessions.put(server, new WeakReference<>(session));
    joining.add(server);
  }

  /**
   * Takes note that a server has joined, or could not.
   *
   * @param isNew whether by a connection that was opened for that: then its name leads there now
   */
  synchronized void end(Server server, boolean isNew) {
    joining.remove(server);
    if (isNew) {
      namesakes.put(server.address(), namesakesOf(server.address()));
    }
  }

  private Set<String> namesakesOf(ServerAddress address) {
    String name = address.toString();
    return known.used().stream()
        .filter(member -> member.name().equals(name))
        .map(Member::id)
        .collect(Collectors.toCollection(HashSet::new));
  }

  /** Returns whether another server got the name of one since a connection to that was opened. */
  synchronized boolean isNameOfNewcomer(Server server) {
    ServerAddress address = server.address();
    return !namesakes.getOrDefault(address, Set.of()).containsAll(namesakesOf(address));
  }

  /** Returns the newest connection to a server; null if there is none. */
  synchronized @Nullable Session newestSession(Server server) {
    Session newest = newestJoined(server);
    return newest == null ? server.session() : newest;
  }

  /** Returns the one that joins, or was the last to, if it can be used. */
  private @Nullable Session newestJoined(Server server) {
    WeakReference<Session> known = sessions.get(server);
    Session session = known == null ? null : known.get();
    return session == null || session.whyUnusable() != null ? null : session;
  }

  /** Returns a connection to each server of the list that has one, or is about to. */
  synchronized Map<Server, Session> sessions() {
    Map<Server, Session> ofListed = new LinkedHashMap<>();
    for (Server server : listed) {
      Session session = newestSession(server);
      if (session != null) {
        ofListed.put(server, session);
      }
    }
    return ofListed;
  }

  /** Returns whether a server of the list is being connected to that could not be asked yet. */
  synchronized boolean isAnyAwaited() {
    Set<Server> connected = sessions().keySet();
    return listed.stream().anyMatch(server -> !connected.contains(server) && server.isConnecting());
  }

  /**
   * Takes note of what servers say. Where the list of one of them doesn't have a member, who knows
   * that list only has cleared without it: what the member has is void.
   */
  synchronized void compare(Collection<MemberList> lists) {
    for (Member member : known.used()) {
      if (member.isJoined() && !lists.stream().allMatch(list -> list.admits(member.id()))) {
        rejoin(member.id(), member.name(), member);
      }
    }
  }

  /**
   * Has all servers of the list join that have not, and tells what the floors of versions are. The
   * first servers of all have none: nobody had a list that one of them was missing from.
   */
  synchronized void settle() {
    boolean first = known.isEmpty();
    for (Server server : sessions().keySet()) {
      String id = ids.get(server.address());
      if (id != null) {
        settle(server, id, first);
      }
    }
  }

  private void settle(Server server, String id, boolean first) {
    String name = server.address().toString();
    Member before = known.get(id);
    if (before == null || !before.isJoined()) {
      if (first) {
        known = known.with(Member.joining(id, name, 0, null));
      } else {
        rejoin(id, name, before);
      }
    } else if (joining.contains(server)) {
      known = known.with(before.named(name));
    }
    Member own = known.get(id);
    if (own != null && own.isJoined()) {
      floors.accept(server.address(), own.floor());
      unsettled.remove(server);
    } else {
      unsettled.add(server);
    }
  }

  /** Returns those of the list that may not be used: they need a floor, and the clock is wrong. */
  synchronized List<Server> unsettled() {
    return List.copyOf(unsettled);
  }

  /** Returns why they may not. */
  String whyUnsettled() {
    return "it may have missed clears, and what it has can't be made void, as "
        + VersionTime.complaint(clock.instant());
  }

  /** Returns the identities of those that clears find under an address. */
  synchronized Set<String> usedAt(ServerAddress address) {
    Map<String, ServerAddress> there = used();
    there.values().removeIf(each -> !each.equals(address));
    return there.keySet();
  }

  /** Returns whether members are about to leave, or have left, by their identities. */
  synchronized boolean areLeaving(Set<String> ids) {
    return known.used().stream().noneMatch(each -> each.isJoined() && ids.contains(each.id()));
  }

  /**
   * Has all be void that a server has now, if this process uses it again.
   *
   * @return false if it isn't, as the clock is wrong
   */
  synchronized boolean outdate(ServerAddress server) {
    long floor = nextFloor();
    floors.accept(server, floor);
    return floor > 0;
  }

  /** Has a server join with a floor, or leave if the clock is wrong: then others have it join. */
  private void rejoin(String id, String name, @Nullable Member before) {
    long floor = nextFloor();
    if (floor > 0) {
      Member joining = Member.joining(id, name, floor, before);
      LOG.debug("memcached {} joins: {}", name, joining);
      known = known.with(joining);
    } else if (before != null) {
      known = known.with(before.leaving());
    }
  }

  /**
   * Returns a number above all versions on any server, 0 if the clock is wrong. It is above the
   * highest floor, too: what had the name of another server once, or the other way round, may have
   * versions above the floor of that one.
   */
  private long nextFloor() {
    Instant now = clock.instant();
    return VersionTime.isPossible(now)
        ? Math.max(VersionTime.number(now), known.highestFloor()) + MARGIN
        : 0;
  }

  /** Notes that a clear may have missed members, by their identities; returns where they were. */
  synchronized Set<ServerAddress> leaving(Set<String> ids) {
    Set<ServerAddress> were = new HashSet<>();
    for (Member member : known.used()) {
      if (ids.contains(member.id())) {
        were.add(member.address());
        known = known.with(member.leaving());
        LOG.debug("memcached {} was not reached by a clear: {}", member.name(), member);
      }
    }
    return were;
  }

  /** Notes that members have left that were {@linkplain #leaving about to}. */
  synchronized void left(Set<String> ids) {
    for (Member member : known.used()) {
      if (ids.contains(member.id()) && !member.isJoined()) {
        long number = Math.max(known.highestFloor(), VersionTime.SMALLEST) + 1; // by no clock
        known = known.with(member.left(number));
        LOG.debug("memcached {} has left: {}", member.name(), member);
      }
    }
  }
}
