// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.RequestFailedException.Unmade;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.ServerBatch;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.StackReserve;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.config.value.ServerAddress;

/**
 * One round trip to one or more servers.
 *
 * <p>All requests to one server travel in one piece over one connection, and are carried out in the
 * order they were added. All servers get theirs before any response is awaited, except what could
 * not be sent and goes over the next connection. Used once, by one thread.
 */
public final class RoundTrip {

  /** How often to look for a connection that is being made. */
  private static final long CONNECT_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** How long to wait for one server before the others are looked after. */
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Cluster cluster;
  private final Operation operation;

  /** What goes to one server. */
  private static final class Part {
    final int server;
    ServerBatch batch;
    @Nullable Session session;
    @Nullable Unmade failure;

    Part(int server, ServerBatch batch) {
      this.server = server;
      this.batch = batch;
    }
  }

  private final List<Part> parts = new ArrayList<>(1);
  private final List<Request> requests = new ArrayList<>(2);
  private boolean ran;

  /** When the operation would have begun, had it only waited since. */
  private long start;

  private long deadline;

  /** Whether one of the connections that are awaited just now is the first to its server. */
  private boolean awaitsFirst;

  RoundTrip(Cluster cluster, Operation operation) {
    this.cluster = cluster;
    this.operation = operation;
  }

  /**
   * Adds a request.
   *
   * @param server its index
   * @param request a request that is in no other trip
   * @return this
   * @throws IllegalStateException if the trip has run already, or the request is in a trip
   */
  public RoundTrip add(int server, Request request) {
    if (ran) {
      throw new IllegalStateException("The trip has run already");
    }
    request.joinTrip();
    part(server).batch.add(request);
    requests.add(request);
    return this;
  }

  private Part part(int server) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.server == server) {
        return part;
      }
    }
    Part part = new Part(server, new ServerBatch(cluster.settings().protocol()));
    parts.add(part);
    return part;
  }

  /**
   * Sends everything and waits for all answers, at most for what is left of the operation's
   * timeout. A wait for the first connection to a server is not taken from it, and has a limit of
   * its own: the connect timeout, for the whole operation.
   *
   * <p>When a server fails, the answers of the others are still waited for, then its failure is
   * thrown. Requests that were answered have their result all the same.
   *
   * @throws RequestFailedException the first failure, in the order requests were added; one that is
   *     not of a server, such as a refused command or an interrupt, before those that are
   * @throws IllegalStateException if the trip has run already
   */
  public void run() {
    if (ran) {
      throw new IllegalStateException("The trip has run already");
    }
    ran = true;
    StackReserve.require();
    long begin = System.nanoTime();
    cluster.refreshIfDue(begin);
    try {
      start = begin - operation.waitedNanos();
      deadline = start + cluster.operationTimeoutNanos() + operation.connectingNanos();
      exchange();
    } finally {
      operation.addWait(System.nanoTime() - begin);
    }
    RequestFailedException failure = failure();
    if (failure != null) {
      throw failure;
    }
  }

  private @Nullable RequestFailedException failure() {
    Request first = null;
    for (int i = 0; i < requests.size(); i++) {
      if (requests.get(i).failsBefore(first)) {
        first = requests.get(i);
      }
    }
    return first == null ? null : first.failure();
  }

  private void exchange() {
    send();
    awaitInTurn();
    for (int i = 0; i < parts.size(); i++) {
      await(parts.get(i));
      complete(parts.get(i));
    }
  }

  /**
   * Waits for several servers in turn, until all but one have responded: what one of them sends is
   * read, be it much, while another one is silent until the deadline.
   */
  private void awaitInTurn() {
    int awaited = parts.size();
    while (awaited > 1
        && deadline - System.nanoTime() > 0
        && !Thread.currentThread().isInterrupted()) {
      awaited = 0;
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        Session session = part.session;
        if (session != null && !part.batch.isFinished() && !session.isGivenUp()) {
          long turn = Math.min(TURN_NANOS, deadline - System.nanoTime());
          awaited += session.await(part.batch, System.nanoTime() + turn) ? 0 : 1;
        }
      }
    }
  }

  /** Sends each batch, as soon as its server has a connection if that is being made just now. */
  private void send() {
    Thread caller = Thread.currentThread();
    long from = System.nanoTime();
    while (trySend(caller.isInterrupted(), from - deadline >= 0)) {
      LockSupport.parkNanos(this, CONNECT_SLICE_NANOS);
      long now = System.nanoTime();
      if (awaitsFirst) {
        putOff(now - from);
      }
      from = now;
    }
  }

  /** Puts the deadline off by a wait for a first connection, as far as there is time for that. */
  private void putOff(long nanos) {
    long left = cluster.connectTimeoutNanos() - operation.connectingNanos();
    long granted = Math.min(nanos, left);
    operation.addConnecting(granted);
    deadline += granted;
  }

  /** Returns whether some batch still waits for a connection. */
  private boolean trySend(boolean interrupted, boolean late) {
    boolean connecting = false;
    awaitsFirst = false;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (part.session != null || part.failure != null) {
        continue;
      }
      Server server = cluster.server(part.server);
      // In this order: who learns that no connection is awaited any more must find the one made.
      boolean awaited = server.isConnecting();
      boolean first = server.opened() == 0;
      Session session = server.session();
      if (interrupted) {
        part.failure = interrupted(server.address(), false);
      } else if (session != null && late) {
        part.failure = timedOut(server.address(), true);
      } else if (session != null) {
        part.batch.sendOver(session.life());
        part.batch.prepare();
        session.submit(part.batch);
        part.session = session;
      } else if (awaited && !late) {
        server.open(); // in vain, unless whoever should have done it could not
        connecting = true;
        awaitsFirst |= first;
      } else {
        if (awaited) {
          server.stopAwaiting(cluster.connectTimeoutNanos());
        }
        part.failure = Unmade.of(server.unreachable(waited()));
      }
    }
    return connecting;
  }

  /** Waits for the responses of a server. What could not be sent goes over the next connection. */
  private void await(Part part) {
    Session session = part.session;
    while (session != null) {
      ServerBatch batch = part.batch;
      if (!session.await(batch, deadline)) {
        session.withdraw(batch);
        ServerAddress address = session.server().address();
        if (Thread.currentThread().isInterrupted()) {
          part.failure = interrupted(address, !batch.wasNeverSent());
        } else {
          part.failure = timedOut(address, batch.wasNeverSent());
          session.giveUpIfSilent(cluster.silenceLimitNanos());
        }
        return;
      }
      DisconnectReason loss = batch.loss();
      if (loss == null) {
        return;
      }
      if (!batch.wasNeverSent()) {
        part.failure =
            Unmade.of(RequestFailures.lost(session.server().address(), waited(), loss, false));
        return;
      }
      part.batch = batch.again();
      part.session = null;
      send();
      session = part.session;
    }
  }

  /** Gives each request to a server its result or its failure. */
  private void complete(Part part) {
    Unmade failure = part.failure;
    ServerBatch batch = part.batch;
    List<Request> all = batch.requests();
    int answered = failure == null ? all.size() : batch.answered();
    for (int i = 0; i < all.size(); i++) {
      Request request = all.get(i);
      if (i >= answered) {
        boolean isSent = !batch.wasNeverSent();
        request.giveUp(Objects.requireNonNull(failure), isSent ? batch.lateResponse(i) : null);
      } else {
        String refusal = request.refusal();
        request.complete(
            refusal == null
                ? null
                : RequestFailures.refused(cluster.address(part.server), waited(), refusal));
      }
    }
  }

  // These keep neither an exception nor this trip.

  private Unmade interrupted(ServerAddress server, boolean sent) {
    Duration waited = waited();
    return new Unmade(Kind.INTERRUPTED, () -> RequestFailures.interrupted(server, waited, sent));
  }

  private Unmade timedOut(ServerAddress server, boolean neverSent) {
    Duration waited = waited();
    return new Unmade(Kind.TIMEOUT, () -> RequestFailures.timedOut(server, waited, neverSent));
  }

  private Duration waited() {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
