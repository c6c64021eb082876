package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.common.Failures;
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
 * them can't reach it, it notes that the server has left, and then tries once more, before the
 * clear returns. A server that was not in the list, or had left, gets a floor when it joins:
 * versions below it are void there.
 *
 * <p><b>Why nobody uses a server that a clear has missed.</b> Who has a server join writes that to
 * the other servers, reads what they have, and starts again if one of them says that it has left.
 * Who can't reach it writes that it has left, reads what the others have, and then tries again,
 * under the name that they give it, too. So on each server that both write to, one of them finds
 * what the other one wrote; or the server was joined before, and then the second attempt reaches it
 * if anybody else does.
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

  /** Other processes change the list of a server now and then, not all the time. */
  private static final int MAX_ATTEMPTS = 20;

  /** The identity of a server that keeps none. */
  private static final String NOBODY = "";

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

  /** Those that are about to join by a new connection: their name leads to them now. */
  private final Set<Server> joining = new HashSet<>();

  /** Which members had the name of a server when a connection to it was opened. */
  private final Map<Server, Set<String>> namesakes = new HashMap<>();

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

  /**
   * Returns the servers that have joined, by whichever process: clears have to reach them. By their
   * identities, with where this process finds them.
   */
  public synchronized Map<String, ServerAddress> joined() {
    return known.joined().stream().collect(Collectors.toMap(Member::id, this::addressOf));
  }

  /** Returns whether a name led to a server when that was asked last. */
  public synchronized boolean isAt(ServerAddress address, String id) {
    return id.equals(ids.get(address));
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
    return known.joined().stream()
        .map(this::addressOf)
        .filter(address -> !own.contains(address))
        .distinct()
        .toList();
  }

  /** Returns the read of what a server keeps, to be {@linkplain #learn learned}. */
  public GetRequest newRead() {
    return new GetRequest(List.of(ServerNotes.IDENTITY, ServerNotes.MEMBERS), false);
  }

  /** Takes note of what servers have answered; what failed is skipped. */
  public void learn(Map<ServerAddress, GetRequest> reads) {
    reads.forEach(
        (address, read) -> {
          if (read.failure() == null) {
            learn(
                address, ServerNotes.identityOf(read.item(0)), ServerNotes.membersOf(read.item(1)));
          }
        });
    warnOfOthers();
  }

  private synchronized void learn(ServerAddress address, @Nullable String id, MemberList members) {
    if (id != null) {
      ids.put(address, id);
    } else if (listed.stream().noneMatch(server -> server.address().equals(address))) {
      ids.put(address, NOBODY);
    }
    learn(trusted(id, members));
  }

  private synchronized void learn(MemberList members) {
    known = known.merge(members);
  }

  /** Returns what a server keeps; it has left if it only says itself that it has not. */
  private synchronized MemberList trusted(@Nullable String id, MemberList members) {
    if (id == null || known.isEmpty() || known.get(id) != null) {
      return members;
    }
    Member own = members.get(id);
    return own == null || !own.joined() ? members : members.with(own.left(floorNow()));
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
        learn(server.address(), notes.identity(), notes.members());
        return;
      }
      learn(trusted(notes.identity(), notes.members()));
      if (isAlone()) {
        return;
      }
      begin(server, session);
      learn(server.address(), notes.requireIdentity(), notes.members());
      ask();
      awaitOthers(server, deadline);
      settleAll();
      tell(notes, list -> {});
      // Those that were asked before, and those that began to join meanwhile.
      ask().forEach(this::tryToTell);
      warnOfOthers();
    } catch (OverSession.RefusedException e) {
      warn(server, e);
    } finally {
      end(server);
    }
  }

  private synchronized void begin(Server server, Session session) {
    sessions.put(server, session);
    joining.add(server);
  }

  private synchronized void end(Server server) {
    joining.remove(server);
    namesakes.put(server, namesakesOf(server));
  }

  private Set<String> namesakesOf(Server server) {
    String name = server.address().toString();
    return known.joined().stream()
        .filter(member -> member.name().equals(name))
        .map(Member::id)
        .collect(Collectors.toSet());
  }

  /**
   * Looks at what all servers keep, so that they don't evict it, what other processes have changed
   * is known, and what is missing is written again.
   */
  public void refresh() {
    if (isAlone()) {
      return; // clears look, too
    }
    Map<Server, ServerNotes> asked = ask();
    settleAll();
    asked.forEach(this::tryToTell);
    warnOfOthers();
    // Another process, which connected later, was led to another one by the same name.
    Failures.forEach(
        asked.keySet(),
        server -> {
          if (isNameOfNewcomer(server)) {
            server.hasMoved();
          }
        });
  }

  private synchronized boolean isNameOfNewcomer(Server server) {
    return !namesakes.getOrDefault(server, Set.of()).containsAll(namesakesOf(server));
  }

  /**
   * What came of a note that servers have left.
   *
   * @param isTaken whether a server of the list has taken it, so that other processes know
   * @param again where they may be in use all the same, by who had them join meanwhile
   */
  public record Leaving(boolean isTaken, Set<ServerAddress> again) {}

  /**
   * Takes note that a clear did not reach servers.
   *
   * @param unreached their identities
   */
  public Leaving leave(Collection<String> unreached) {
    Map<Server, ServerNotes> asked = ask();
    Set<ServerAddress> again = new HashSet<>();
    synchronized (this) {
      for (Member member : known.joined()) {
        if (unreached.contains(member.id())) {
          again.add(member.address());
          known = known.with(member.left(floorNow()));
          LOG.debug("memcached {} was not reached by a clear: {}", member.name(), member);
        }
      }
    }
    Consumer<MemberList> seen =
        list ->
            list.joined().stream()
                .filter(member -> unreached.contains(member.id()))
                .forEach(member -> again.add(member.address()));
    boolean isTaken = false;
    for (Map.Entry<Server, ServerNotes> each : asked.entrySet()) {
      isTaken |= tryToTell(each.getKey(), each.getValue(), seen);
    }
    listed().forEach(server -> again.remove(server.address()));
    return new Leaving(isTaken, again);
  }

  /** Returns whether this process has one server, and it isn't known that others have more. */
  private synchronized boolean isAlone() {
    return listed.size() <= 1 && known.isEmpty();
  }

  private synchronized List<Server> listed() {
    return listed;
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
                learn(server.address(), notes.requireIdentity(), notes.members());
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
   * Has all servers of the list join that have not, and tells what the floors of versions are. The
   * first servers of all have none: nobody had a list that one of them was missing from.
   */
  private synchronized void settleAll() {
    boolean first = known.isEmpty();
    for (Server server : sessions().keySet()) {
      String id = ids.get(server.address());
      if (id != null && !id.equals(NOBODY)) {
        settle(server, id, first);
      }
    }
  }

  private void settle(Server server, String id, boolean first) {
    String name = server.address().toString();
    Member before = known.get(id);
    Member own;
    if (before == null || !before.joined()) {
      own = Member.joining(id, name, first ? 0 : floorAfter(before), before);
      LOG.debug("memcached {} joins: {}", name, own);
    } else {
      own = joining.contains(server) ? before.named(name) : before;
    }
    known = known.with(own);
    floors.accept(server.address(), own.floor());
  }

  private long floorNow() {
    return clock.instant().plus(CLOCKS).toEpochMilli() << VERSION_BITS;
  }

  private long floorAfter(@Nullable Member before) {
    long floor = floorNow();
    return before == null
        ? floor
        : Math.max(floor, before.floor() + (MARGIN.toMillis() << VERSION_BITS));
  }

  private boolean tryToTell(Server server, ServerNotes notes) {
    return tryToTell(server, notes, list -> {});
  }

  /** Writes what is known to a server; returns whether it has it now. */
  private boolean tryToTell(Server server, ServerNotes notes, Consumer<MemberList> seen) {
    try {
      tell(notes, seen);
      return true;
    } catch (OverSession.RefusedException e) {
      warn(server, e);
    } catch (IOException e) {
      LOG.debug("memcached {} was not told which servers are used", server.address(), e);
    }
    return false;
  }

  /** Writes what is known to a server; shows what was there. */
  private void tell(ServerNotes notes, Consumer<MemberList> seen) throws IOException {
    for (int attempts = 0; ; attempts++) {
      MemberList list = notes.members();
      seen.accept(list);
      learn(list);
      settleAll(); // one that has left meanwhile starts again
      MemberList all = known();
      if (all.equals(list)) {
        return;
      }
      if (attempts == MAX_ATTEMPTS) {
        throw new OverSession.RefusedException("its list of servers can't be changed");
      }
      if (notes.write(all)) {
        return;
      }
    }
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
