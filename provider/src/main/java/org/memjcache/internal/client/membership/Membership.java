package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a server which was out of the list for a while, or isn't in somebody's list,
 * serves nothing that was cleared meanwhile.
 *
 * <p>Each server keeps a {@link MemberList}, the same on all of them, of the servers that any
 * process uses. A server has joined before any process uses it. As long as it has joined, all
 * clears of all processes go to it, also of those that don't have it in their own list. If one of
 * them can't reach it, it notes that the server has left, before the clear returns. A server that
 * was not in the list, or had left, gets a floor when it joins: versions below it are void there.
 *
 * <p>Where a process has one server, and that server keeps no list, there is nothing to be in step
 * with, and nothing is written.
 *
 * <p>Thread-safe. Waits in threads that connect only.
 */
public final class Membership {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  /** By how much the clocks of two processes may differ. */
  private static final Duration CLOCKS = Duration.ofMinutes(10);

  /**
   * How far versions may have gone beyond a floor since a server joined, a second for each jump.
   */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  /** A version is a number of milliseconds with so many bits below. */
  private static final int VERSION_BITS = 20;

  private static final long SLICE_MILLIS = 1;

  private final Protocol protocol;
  private final Duration patience;
  private final InstantSource clock;
  private final ObjLongConsumer<ServerAddress> floors;

  // Guarded by this, as is all that follows.
  private MemberList known = MemberList.EMPTY;

  /** Those that have keys, in the list of this process. */
  private List<Server> listed = List.of();

  /** Which server each name in the list leads to, as far as it was asked. */
  private final Map<ServerAddress, String> ids = new HashMap<>();

  /** Those outside the list that the log has named. */
  private List<ServerAddress> warnedOf = List.of();

  /** The newest connection to each server, from when it begins to join. */
  private final Map<Server, Session> sessions = new HashMap<>();

  /**
   * Creates it.
   *
   * @param patience how long connecting to a server may wait for what others say
   * @param floors hears below which number versions on a server are void
   */
  public Membership(
      Protocol protocol,
      Duration patience,
      InstantSource clock,
      ObjLongConsumer<ServerAddress> floors) {
    this.protocol = protocol;
    this.patience = patience;
    this.clock = clock;
    this.floors = floors;
  }

  /** Takes note of the servers that have keys from now on. */
  public synchronized void use(List<Server> list) {
    listed = list;
  }

  /** Returns the servers that have joined, by whichever process: clears have to reach them. */
  public synchronized List<ServerAddress> joined() {
    return known.joined().stream().map(this::addressOf).distinct().toList();
  }

  /** Returns where this process finds a member: by its own name of it, if it has one. */
  private ServerAddress addressOf(Member member) {
    return listed.stream()
        .map(Server::address)
        .filter(address -> member.id().equals(ids.get(address)))
        .findAny()
        .orElseGet(member::address);
  }

  /**
   * Returns the servers that other processes use and this one doesn't have in its list, as far as
   * it knows.
   */
  public synchronized List<ServerAddress> outside() {
    List<ServerAddress> own = listed.stream().map(Server::address).toList();
    return joined().stream().filter(address -> !own.contains(address)).toList();
  }

  /** Returns the read of the list that a server keeps, to be {@linkplain #learn learned}. */
  public GetRequest newRead() {
    return new GetRequest(List.of(ServerNotes.MEMBERS), false);
  }

  /** Takes note of what servers have answered; what failed is skipped. */
  public void learn(Collection<GetRequest> reads) {
    for (GetRequest read : reads) {
      if (read.failure() == null) {
        learn(ServerNotes.membersOf(read.item(0)));
      }
    }
    warnOfOthers();
  }

  private synchronized void learn(MemberList members) {
    known = known.merge(members);
  }

  private synchronized void learn(Server server, String id, MemberList members) {
    ids.put(server.address(), id);
    learn(members);
  }

  /** To be called when the servers of the list were asked which they are. */
  private synchronized void warnOfOthers() {
    List<ServerAddress> outside = outside();
    if (!outside.isEmpty() && !outside.equals(warnedOf)) {
      LOG.warn(
          "Other processes use {}, which this process does not have in its list of servers, {}:"
              + " what they store there it doesn't find, and the other way round. Clears go there,"
              + " too. Give all processes the same list",
          outside,
          listed.stream().map(Server::address).toList());
    }
    warnedOf = outside;
  }

  /**
   * Has a server join, before any caller gets a connection to it.
   *
   * @throws IOException if it doesn't answer
   */
  public void join(Server server, Session session) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      ServerNotes notes = ServerNotes.read(new OverSession(session, protocol, patience));
      if (!isListed(server)) {
        learn(notes.members());
        requireMember(server, notes.identity());
        return;
      }
      if (isAlone() && notes.members().isEmpty()) {
        return;
      }
      begin(server, session);
      learn(server, notes.requireIdentity(), notes.members());
      ask();
      awaitOthers(server, deadline);
      settle(server, /* isNew= */ true);
      notes.add(known());
    } catch (OverSession.RefusedException e) {
      warn(server, e);
      return;
    }
    tell(ask()); // those that were asked before, and those that began to join meanwhile
    warnOfOthers();
  }

  private synchronized void begin(Server server, Session session) {
    sessions.put(server, session);
  }

  /**
   * Looks at what all servers keep, so that they don't evict it, what other processes have changed
   * is known, and what is missing is written again.
   */
  public void refresh() {
    if (isAlone() && isNothingKnown()) {
      return; // clears look, too
    }
    Map<Server, ServerNotes> asked = ask();
    asked.keySet().forEach(server -> settle(server, /* isNew= */ false));
    tell(asked);
    warnOfOthers();
  }

  /**
   * Takes note that clears did not reach servers outside the list.
   *
   * @return whether a server of the list has taken note, too
   */
  public boolean leave(Collection<ServerAddress> unreached) {
    synchronized (this) {
      for (Member member : known.joined()) {
        if (unreached.contains(member.address())) {
          known = known.with(member.left());
        }
      }
    }
    return tell(ask());
  }

  /** Makes sure that a name leads to the server that others mean by it. */
  private synchronized void requireMember(Server server, @Nullable String id) throws IOException {
    for (Member member : known.joined()) {
      if (member.name().equals(server.address().toString()) && !member.id().equals(id)) {
        throw new IOException("its name leads to another memcached than before");
      }
    }
  }

  private synchronized boolean isAlone() {
    return listed.size() <= 1;
  }

  private synchronized boolean isNothingKnown() {
    return known.isEmpty();
  }

  private synchronized boolean isListed(Server server) {
    return listed.contains(server);
  }

  /** Asks all servers that there is a connection to. */
  private Map<Server, ServerNotes> ask() {
    Map<Server, ServerNotes> asked = new LinkedHashMap<>();
    sessions()
        .forEach(
            (server, session) -> {
              try {
                ServerNotes notes = ServerNotes.read(new OverSession(session, protocol, patience));
                learn(server, notes.requireIdentity(), notes.members());
                asked.put(server, notes);
              } catch (IOException e) {
                LOG.debug("memcached {} did not say which servers are used", server.address(), e);
              }
            });
    return asked;
  }

  private synchronized Map<Server, Session> sessions() {
    sessions.values().removeIf(session -> session.loss() != null);
    Map<Server, Session> ofListed = new LinkedHashMap<>();
    for (Server server : listed) {
      Session session = sessions.getOrDefault(server, server.session());
      if (session != null) {
        ofListed.put(server, session);
      }
    }
    return ofListed;
  }

  private synchronized MemberList known() {
    return known;
  }

  /** Waits until each server that is being connected has said what it knows, or can't be asked. */
  private void awaitOthers(Server server, long deadline) throws InterruptedException {
    while (System.nanoTime() - deadline < 0 && isAnyAwaited(server)) {
      TimeUnit.MILLISECONDS.sleep(SLICE_MILLIS);
    }
  }

  private synchronized boolean isAnyAwaited(Server server) {
    return listed.stream()
        .anyMatch(
            other -> other != server && other.failed() == 0 && !ids.containsKey(other.address()));
  }

  /**
   * Has a server join if it has not, and tells what the floor of its versions is.
   *
   * @param isNew whether the connection is: then its name leads to it now, and not to another one
   */
  private void settle(Server server, boolean isNew) {
    @Nullable Member own;
    synchronized (this) {
      String id = ids.get(server.address());
      if (id == null) {
        return;
      }
      String name = server.address().toString();
      Member before = known.get(id);
      List<Member> others =
          known.joined().stream()
              .filter(member -> member.name().equals(name) && !member.id().equals(id))
              .toList();
      if (before != null && before.joined()) {
        own = before;
      } else if (isNew || others.isEmpty()) {
        own =
            new Member(
                id, name, floorAfter(before), before == null ? 1 : before.change() + 1, true);
        known = known.with(own);
        LOG.debug("memcached {} joins: {}", name, own);
      } else {
        own = null; // a process that connected later was led to another one by the name
      }
      if (isNew) { // the name has moved, or the server was restarted
        others.forEach(other -> known = known.with(other.left()));
      }
    }
    if (own == null) {
      server.hasMoved();
    } else {
      floors.accept(server.address(), own.floor());
    }
  }

  private long floorAfter(@Nullable Member before) {
    long floor = clock.instant().plus(CLOCKS).toEpochMilli() << VERSION_BITS;
    return before == null
        ? floor
        : Math.max(floor, before.floor() + (MARGIN.toMillis() << VERSION_BITS));
  }

  /** Writes what is known to servers; returns whether one of them has it now. */
  private boolean tell(Map<Server, ServerNotes> asked) {
    MemberList toTell = known();
    boolean[] told = new boolean[1];
    asked.forEach(
        (server, notes) -> {
          try {
            notes.add(toTell);
            told[0] = true;
          } catch (OverSession.RefusedException e) {
            warn(server, e);
          } catch (IOException e) {
            LOG.debug("memcached {} was not told which servers are used", server.address(), e);
          }
        });
    return told[0];
  }

  private void warn(Server server, OverSession.RefusedException e) {
    if (isAlone()) {
      return; // it can't be out of step with others
    }
    LOG.warn(
        "memcached {} keeps no list of the servers that are used: {}. If a server was out of the"
            + " list for a while and returns, cleared entries may be seen again",
        server.address(),
        e.getMessage());
  }
}
