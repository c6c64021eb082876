package org.memjcache.internal.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.StackReserve;
import org.memjcache.internal.client.connection.xmemcached.ServerBatch;
import org.memjcache.internal.client.connection.xmemcached.ServerSession;

/**
 * One round trip to one or more servers.
 *
 * <p>All requests to one server travel in one piece over one connection, and are carried out in the
 * order they were added. All servers get theirs before any answer is waited for. Used once, by one
 * thread.
 */
public final class RoundTrip {

  /** How long to wait before looking whether something is wrong with the connection. */
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** How often to look for a connection that is being made. */
  private static final long CONNECT_SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Cluster cluster;
  private final @Nullable ServerBatch[] commands;
  private final @Nullable ServerSession[] sessions;
  private final @Nullable RequestFailedException[] failures;
  private final List<Request> requests = new ArrayList<>(2);
  private boolean ran;

  RoundTrip(Cluster cluster, int servers) {
    this.cluster = cluster;
    this.commands = new ServerBatch[servers];
    this.sessions = new ServerSession[servers];
    this.failures = new RequestFailedException[servers];
  }

  /**
   * Adds a request.
   *
   * @param server index into {@link Cluster#servers}
   * @param request a request that is in no other trip
   * @return this
   * @throws IndexOutOfBoundsException if there is no such server
   * @throws IllegalStateException if the trip has run already, or the request is in a trip
   */
  public RoundTrip add(int server, Request request) {
    if (ran) {
      throw new IllegalStateException("The trip has run already");
    }
    ServerBatch command = commands[server];
    if (command == null) {
      command = new ServerBatch(cluster.settings().protocol());
      commands[server] = command;
    }
    request.take();
    command.add(request);
    requests.add(request);
    return this;
  }

  /**
   * Sends everything and waits for all answers, at most the operation timeout of the settings.
   *
   * <p>When a server fails, the answers of the others are still waited for, then its failure is
   * thrown. Requests that were answered have their result all the same.
   *
   * @throws RequestFailedException the first failure, in the order requests were added
   * @throws IllegalStateException if the trip has run already
   */
  public void run() {
    if (ran) {
      throw new IllegalStateException("The trip has run already");
    }
    ran = true;
    StackReserve.require();
    long start = System.nanoTime();
    long deadline = start + cluster.operationTimeoutNanos();
    send(start, deadline);
    for (int server = 0; server < commands.length; server++) {
      ServerBatch command = commands[server];
      ServerSession session = sessions[server];
      if (command != null && session != null) {
        await(server, command, session, start, deadline);
      }
      if (command != null) {
        settle(server, command);
      }
    }
    for (int i = 0; i < requests.size(); i++) {
      RequestFailedException failure = requests.get(i).failure();
      if (failure != null) {
        throw failure;
      }
    }
  }

  /** Sends each command, as soon as its server has a connection if that is being made just now. */
  private void send(long start, long deadline) {
    Thread caller = Thread.currentThread();
    boolean interrupted = caller.isInterrupted();
    boolean connecting = trySend(caller, interrupted, start, false);
    while (connecting) {
      LockSupport.parkNanos(this, CONNECT_SLICE_NANOS);
      interrupted = caller.isInterrupted();
      boolean late = System.nanoTime() - deadline >= 0;
      connecting = trySend(caller, interrupted, start, late);
    }
  }

  /** Returns whether some command still waits for a connection. */
  private boolean trySend(Thread caller, boolean interrupted, long start, boolean late) {
    boolean connecting = false;
    for (int i = 0; i < commands.length; i++) {
      ServerBatch command = commands[i];
      if (command == null || sessions[i] != null || failures[i] != null) {
        continue;
      }
      Server server = cluster.server(i);
      // In this order: who learns that no connection is awaited any more must find the one made.
      boolean awaited = server.isConnecting();
      ServerSession session = server.session();
      if (interrupted) {
        failures[i] = RequestFailures.interrupted(server.address(), waited(start), false);
      } else if (session != null) {
        command.sendOver(session.number(), server.opened());
        command.prepare(caller);
        session.submit(command);
        sessions[i] = session;
      } else if (awaited && !late) {
        server.open(); // in vain, unless whoever should have done it could not
        connecting = true;
      } else {
        failures[i] = server.unreachable(waited(start));
      }
    }
    return connecting;
  }

  private void await(
      int server, ServerBatch command, ServerSession session, long start, long deadline) {
    Thread caller = Thread.currentThread();
    long now = System.nanoTime();
    while (!command.isFinished()) {
      if (caller.isInterrupted()) {
        command.withdraw();
        failures[server] =
            RequestFailures.interrupted(
                session.server().address(), waited(start), !command.wasNeverSent());
        return;
      }
      long left = deadline - now;
      if (left <= 0) {
        command.withdraw();
        failures[server] = cluster.timedOut(session, waited(start), command.wasNeverSent());
        return;
      }
      LockSupport.parkNanos(this, Math.min(left, SLICE_NANOS));
      if (command.isFinished()) {
        break;
      }
      long before = now;
      now = System.nanoTime();
      if (now - before >= SLICE_NANOS) {
        check(session, command);
      }
    }
    DisconnectReason loss = command.loss();
    if (loss != null) {
      failures[server] =
          RequestFailures.lost(
              session.server().address(), waited(start), loss, command.wasNeverSent());
    }
  }

  /** Looks after a session that is slow to answer: it may have ended, or its reactor may sleep. */
  private static void check(ServerSession session, ServerBatch command) {
    DisconnectReason loss = session.loss();
    if (loss == null) {
      session.nudge();
    } else {
      command.lose(loss);
    }
  }

  /** Gives each request of a command its outcome. */
  private void settle(int server, ServerBatch command) {
    RequestFailedException failure = failures[server];
    List<Request> all = command.requests();
    int answered = failure == null ? all.size() : command.answered();
    for (int i = 0; i < all.size(); i++) {
      Request request = all.get(i);
      if (i >= answered) {
        request.settle(failure);
      } else {
        String refusal = request.refusal();
        request.settle(
            refusal == null
                ? null
                : RequestFailures.refused(cluster.server(server).address(), refusal));
      }
    }
  }

  private static Duration waited(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
