// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.membership;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.connection.DisconnectReason;
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
 * them can't reach it, it notes that the server is leaving, and then tries once more, before the
 * clear returns; if that fails, too, the server has left, and no more clears go there. A server
 * that was not in the list, is leaving or has left gets a floor when it joins: versions below it
 * are void there.
 *
 * <p><b>Why nobody uses a server that a clear has missed.</b> Who has a server join writes that to
 * the other servers, reads what they have, and starts again if one of them says that it is leaving.
 * Who can't reach it writes that it is leaving, reads what the others have, and then tries again,
 * under the name that they give it, too. So on each server that both write to, one of them finds
 * what the other one wrote; or the server was joined before, and then the second attempt reaches it
 * if anybody else does.
 *
 * <p><b>Where not all servers could be asked.</b> Who has one join while another is away can't tell
 * that one, and clears may go by its list meanwhile. So the lists are compared whenever a server is
 * connected to: where one of them lacks a server that has joined, that server joins anew, with a
 * floor. Who has a server join writes that to the others first and to the server itself last, so
 * that this is seldom found of one that is just joining; if it is, that one loses what it got since
 * then.
 *
 * <p><b>Where the clock is wrong by decades.</b> A floor is made by the clock, so such a process
 * has no server join that needs one: it doesn't use that server. Where the lists differ, it notes
 * that the server is leaving, which hides from nobody that it needs a floor.
 *
 * <p>Where a process has one server, and that server keeps no list, there is nothing to be in step
 * with, and nothing is written.
 *
 * <p>Thread-safe. Waits in threads that connect only.
 */
public final class Membership {

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private static final long SLICE_MILLIS = 1;

  /** How long a look may wait for a silent server: what the others say counts only after that. */
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

  /** As with heartbeats, of which there are none over connections that this class uses. */
  private static final long LONGEST_SILENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /** Other processes change the list of a server now and then, not all the time. */
  private static final int MAX_ATTEMPTS = 20;

  private final Protocol protocol;
  private final Duration patience;
  private final long silenceLimitNanos;
  private final MembershipView view;

  /** Those outside the list that the log has named. Guarded by the view. */
  private List<ServerAddress> warnedOf = List.of();

  /**
   * Creates it.
   *
   * @param patience how long connecting to a server may wait for what others say
   * @param silenceLimitNanos how long a server may owe responses before its connection is given up
   * @param floors hears below which number versions on a server are void
   */
  public Membership(
      Protocol protocol,
      Duration patience,
      long silenceLimitNanos,
      InstantSource clock,
      ObjLongConsumer<ServerAddress> floors) {
    this.protocol = protocol;
    this.patience = patience;
    this.silenceLimitNanos = Math.min(silenceLimitNanos, LONGEST_SILENCE_NANOS);
    this.view = new MembershipView(clock, floors);
  }

  /** Takes note of the servers that have keys from now on. */
  public void use(List<Server> list) {
    view.use(list);
  }

  /**
   * Returns the servers that clears have to reach, since some process may use them: by their
   * identities, with where this process finds them.
   */
  public Map<String, ServerAddress> used() {
    return view.used();
  }

  /**
   * Returns the servers that other processes use and this one doesn't have in its list, as far as
   * it knows.
   */
  public List<ServerAddress> outside() {
    return view.outside();
  }

  /** Returns the read of what a server keeps, to be {@linkplain #learn learned}. */
  public GetRequest newRead() {
    return new GetRequest(List.of(ServerNotes.IDENTITY, ServerNotes.MEMBERS), false);
  }

  /**
   * Takes note of what servers have answered, and returns which ones those were, as far as they
   * keep an identity. What failed is skipped.
   */
  public Map<ServerAddress, String> learn(Map<ServerAddress, GetRequest> reads) {
    Map<ServerAddress, String> answered = new HashMap<>();
    reads.forEach(
        (address, read) -> {
          if (read.failureKind() == null) {
            view.learn(ServerNotes.membersOf(read.item(1)));
            String id = ServerNotes.identityOf(read.item(0));
            if (id == null) {
              id = view.identityOf(address); // it may have been evicted
            } else {
              view.identify(address, id);
            }
            if (id != null) {
              answered.put(address, id);
            }
          }
        });
    warnOfOthers();
    return answered;
  }

  /** To be called when the servers of the list were asked which they are. */
  private void warnOfOthers() {
    List<ServerAddress> outside;
    boolean isNews;
    synchronized (view) {
      outside = view.outside();
      isNews = !outside.isEmpty() && !outside.equals(warnedOf);
      warnedOf = outside;
    }
    if (isNews) {
      LOG.warn(
          "Other processes use {}, which this process does not have in its list of servers, {}:"
              + " what they store there it doesn't find, and the other way round. Clears go"
              + " there, too. Give all processes the same list",
          outside,
          view.listed().stream().map(Server::address).toList());
    }
  }

  /**
   * Has a server join, before any caller gets a connection to it.
   *
   * @throws IOException if it doesn't answer, or needs a floor while the clock is wrong
   */
  public void join(Server server, Session session) throws IOException, InterruptedException {
    join(server, session, true);
  }

  /** Does the same over a connection that was open before; its name may lead elsewhere by now. */
  public void joinAgain(Server server, Session session) throws IOException, InterruptedException {
    join(server, session, false);
  }

  private void join(Server server, Session session, boolean isNew)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      view.begin(server, session); // first: from now on others tell it, and who lists it knows
      boolean isListed = view.listed().contains(server);
      ServerNotes notes = read(session);
      view.identify(server, session, notes.identity());
      view.learn(notes.members());
      if (isListed && !view.isAlone()) {
        view.identify(server, session, notes.requireIdentity());
        awaitOthers(session, deadline);
        Set<Session> silent = new HashSet<>();
        share(server, session, silent);
        // Once more for those that began to join meanwhile, or that one was found to lack.
        share(server, session, silent);
        warnOfOthers();
      }
    } catch (OverSession.RefusedException e) {
      warn(server, e);
    } finally {
      view.end(server, isNew);
    }
    if (view.unsettled().contains(server)) {
      throw new IOException(view.whyUnsettled());
    }
  }

  /**
   * Returns the newest connection to a server, which it may be about to join by; null if there is
   * none.
   */
  public @Nullable Session newestSession(Server server) {
    return view.newestSession(server);
  }

  /** Waits until each server that is being connected to can be asked, or is down. */
  private void awaitOthers(Session session, long deadline) throws InterruptedException {
    while (System.nanoTime() - deadline < 0 && session.loss() == null && view.isAnyAwaited()) {
      TimeUnit.MILLISECONDS.sleep(SLICE_MILLIS);
    }
  }

  /** Asks all servers, and tells them what it comes to; the one that joins last. */
  private void share(Server joining, Session session, Set<Session> silent) throws IOException {
    Map<Server, ServerNotes> asked = askAndCompare(silent, patience);
    ServerNotes own = asked.remove(joining);
    asked.forEach(this::tryToTell);
    if (own == null || !own.isOver(session)) { // but over one that its name may have led to before
      throw new IOException("it did not say which servers are used");
    }
    tell(own, list -> {});
  }

  private Map<Server, ServerNotes> askAndCompare(Set<Session> silent, Duration eachPatience) {
    List<Member> used = view.known().used();
    Map<Server, ServerNotes> asked = ask(silent, eachPatience);
    if (!used.containsAll(view.known().used())) {
      asked = ask(silent, eachPatience); // what they say of those that others named
    }
    view.compare(asked.values().stream().map(ServerNotes::members).toList());
    view.settle();
    return asked;
  }

  /**
   * Looks at what all servers keep, so that they don't evict it, what other processes have changed
   * is known, and what is missing is written again.
   */
  public void refresh() {
    if (view.isAlone()) {
      return; // clears look, too
    }
    Duration brief = patience.compareTo(LONGEST_LOOK) < 0 ? patience : LONGEST_LOOK;
    Map<Server, ServerNotes> asked = askAndCompare(new HashSet<>(), brief);
    asked.forEach(this::tryToTell);
    warnOfOthers();
    followNames();
    List<Server> unsettled = view.unsettled();
    if (!unsettled.isEmpty()) {
      DisconnectReason reason = DisconnectReason.connection(view.whyUnsettled(), null);
      Failures.forEach(unsettled, server -> server.disconnect(reason));
    }
  }

  /**
   * Ends the connections to servers of the list by whose names another process, which connected
   * later, was led to others. Returns those.
   */
  public List<ServerAddress> followNames() {
    List<Server> moved = view.listed().stream().filter(view::isNameOfNewcomer).toList();
    Failures.forEach(moved, server -> server.disconnect(DisconnectReason.MOVED));
    return moved.stream().map(Server::address).toList();
  }

  /** Returns whether a name leads to one of some servers, as far as this process knows. */
  public boolean leadsTo(ServerAddress address, Set<String> ids) {
    String id = view.identityOf(address);
    return id != null && ids.contains(id);
  }

  /** Returns what is to be done about servers that clears don't reach. */
  public Departures departures() {
    return new Departures(this, view);
  }

  /**
   * Asks all servers that there is a connection to. Their lists are compared: to tell one of them
   * of a member that it lacks would hide that this may have missed clears.
   */
  Map<Server, ServerNotes> askAndCompare() {
    return askAndCompare(new HashSet<>(), patience);
  }

  /**
   * Asks all servers that there is a connection to, at the same time: those that are silent take no
   * longer than one of them.
   *
   * @param silent those that have not said it before, which are not asked again; grows
   * @param eachPatience how long to wait for each response
   */
  private Map<Server, ServerNotes> ask(Set<Session> silent, Duration eachPatience) {
    Map<Server, Session> sessions = view.sessions();
    sessions.values().removeAll(silent);
    Map<Server, ServerNotes.Asked> sent = new LinkedHashMap<>();
    sessions.forEach(
        (server, session) -> sent.put(server, ServerNotes.ask(over(session, eachPatience))));
    Map<Server, ServerNotes> answered = new LinkedHashMap<>();
    sessions.forEach(
        (server, session) -> {
          try {
            ServerNotes notes = Objects.requireNonNull(sent.get(server)).await();
            view.identify(server, session, notes.requireIdentity());
            view.learn(notes.members());
            answered.put(server, notes);
          } catch (IOException e) {
            silent.add(session);
            session.giveUpIfSilent(silenceLimitNanos); // perhaps nobody else uses it
            LOG.debug("memcached {} did not say which servers are used", server.address(), e);
          }
        });
    return answered;
  }

  private ServerNotes read(Session session) throws IOException {
    return ServerNotes.read(over(session, patience));
  }

  private OverSession over(Session session, Duration eachPatience) {
    return new OverSession(session, protocol, eachPatience);
  }

  boolean tryToTell(Server server, ServerNotes notes) {
    return tryToTell(server, notes, list -> {});
  }

  /** Writes what is known to a server; returns whether it has it now. */
  boolean tryToTell(Server server, ServerNotes notes, Consumer<MemberList> seen) {
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
      view.learn(list);
      view.settle(); // one that has left meanwhile starts again
      MemberList all = view.known();
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
    if (view.isAlone()) {
      return; // it can't be out of step with others
    }
    LOG.warn(
        "memcached {} keeps no list of the servers that are used: {}. If a server was out of the"
            + " list for a while and returns, cleared entries may be seen again",
        server.address(),
        e.getMessage());
  }
}
