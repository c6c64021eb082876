// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.authentication.RefusedAccessException;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server of a cluster: its open sessions, and how they come back when they are lost.
 *
 * <p>While sessions are missing, and only then, one thread tries to open them, with a {@link
 * Backoff} between the attempts, looking up the host name again each time. Trips wait while the
 * first attempt since the start or the loss is under way; once it has failed, or takes longer than
 * it may, the server is down, and they fail at once.
 *
 * <p>Thread-safe; {@link #session} takes no lock.
 */
public final class Server {

  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private static final String OVERDUE =
      "connecting takes longer than it may, perhaps for want of an answer to the look-up of its"
          + " name";

  private static final Session[] NONE = {};

  /** Opens one more session to a server and tells it by {@link Server#opened}. */
  @FunctionalInterface
  public interface Opener {
    void open(Server server) throws IOException, InterruptedException;

    /** Called about once a second for each open session, on a thread that must not wait. */
    default void watched() {}
  }

  private final int index;
  private final ServerAddress address;
  private final int connections;
  private final Opener opener;
  private final Executor background;

  private final Object lock = new Object();
  private volatile boolean opening; // changed under the lock, or by the thread that opens
  private final Backoff backoff = new Backoff(); // guarded by the lock
  private volatile int opened;
  private int lives;
  private volatile int failed;
  private volatile Session[] sessions = NONE;
  private volatile boolean connecting = true;
  private long connectingSince;
  private volatile @Nullable Outage outage;
  private volatile boolean closed;

  /** Whether connecting goes on until it succeeds, or is tried once when somebody asks. */
  private volatile boolean listed;

  /** Those that callers use no more, and that have not ended yet. Guarded by the lock. */
  private final List<Session> unused = new ArrayList<>(0);

  public Server(
      int index, ServerAddress address, int connections, Opener opener, Executor background) {
    this.index = index;
    this.address = address;
    this.connections = connections;
    this.opener = opener;
    this.background = background;
  }

  public int index() {
    return index;
  }

  public ServerAddress address() {
    return address;
  }

  /** Returns an open session, or null if there is none. The same thread mostly gets the same. */
  public @Nullable Session session() {
    Session[] open = sessions;
    int count = open.length;
    if (count <= 1) {
      return count == 0 ? null : open[0];
    }
    return open[(int) (Thread.currentThread().getId() % count)];
  }

  /** Returns how many sessions have been opened until now, those that have ended among them. */
  public int opened() {
    return opened;
  }

  /** Returns how many attempts to open a session have failed until now. */
  public int failed() {
    return failed;
  }

  /** Returns whether there are fewer open sessions than there should be. */
  public boolean isIncomplete() {
    return !closed && sessions.length < connections;
  }

  /**
   * Returns whether it pays to wait for a session: the outcome of an attempt is not known yet, or a
   * session was open a moment ago. To be asked before {@link #session}: no session after a false
   * means that the server is down or closed.
   */
  public boolean isConnecting() {
    return !closed && (connecting || outage == null);
  }

  /** Returns whether there is no session, and none is awaited. */
  public boolean isDown() {
    return !isConnecting() && session() == null; // in this order
  }

  /** Returns why there is no session. */
  public RequestFailedException unreachable(Duration waited) {
    if (closed) {
      return RequestFailures.closed(address);
    }
    open(); // in vain, unless the thread that did it has failed
    return RequestFailures.unconnected(address, waited, outage);
  }

  /**
   * Starts to open the missing sessions, unless that is being done or the server is closed. If
   * there is no stack or memory for it now, the next round trip to this server tries again.
   */
  public void open() {
    if (opening || closed || sessions.length >= connections) {
      return;
    }
    synchronized (lock) {
      if (opening || closed || sessions.length >= connections) {
        return;
      }
      opening = true;
      connectingSince = System.nanoTime();
    }
    boolean started = false;
    try {
      background(this::openMissing);
      started = true;
    } finally {
      if (!started) {
        opening = false;
      }
    }
  }

  /** Called about once a second for each open session. */
  void watched() {
    opener.watched();
  }

  /** Has connections be opened, and again whenever they are lost, until {@link #unlist}. */
  public void list() {
    listed = true;
    open();
  }

  /** Has callers wait for one more attempt, if there is no connection. */
  public void tryAgain() {
    synchronized (lock) {
      connecting |= sessions.length == 0 && !closed;
      connectingSince = System.nanoTime();
    }
    open();
  }

  /** Has no more connections be opened unless somebody asks for one. Those that are open stay. */
  public void unlist() {
    listed = false;
  }

  /**
   * Lets no more callers wait for an attempt that goes on for longer than this: it has a limit, but
   * the look-up of a name, or a thread that gets no processor, has none.
   */
  public void stopAwaiting(long limitNanos) {
    boolean first;
    synchronized (lock) {
      long age = System.nanoTime() - connectingSince;
      if (!connecting || age < limitNanos) {
        return;
      }
      first = markDown(OVERDUE, false);
    }
    if (first) {
      LOG.warn("memcached {} is down: {}; retrying", address, OVERDUE);
    }
  }

  /**
   * Takes a session that was opened.
   *
   * @param sameAs one that was open at the same time and surely leads to the same memcached; null
   *     if there is none
   */
  public void opened(Session session, @Nullable Session sameAs) {
    boolean isBack = false;
    DisconnectReason unusable;
    synchronized (lock) {
      unusable = closed ? DisconnectReason.CLOSED : session.whyUnusable();
      if (unusable != null) {
        backoff.failed(System.nanoTime(), false);
        markDown(unusable.reason(), false);
      } else {
        Session[] more = Arrays.copyOf(sessions, sessions.length + 1);
        more[sessions.length] = session;
        opened++;
        session.setLife(sameAs == null ? ++lives : sameAs.life());
        sessions = more;
        isBack = outage != null;
        outage = null;
        connecting = false;
        backoff.opened();
      }
    }
    if (isBack) {
      LOG.info("memcached {} is back", address);
    }
    if (unusable != null) {
      session.lose(unusable); // or ends what is left of it
    }
  }

  /** Ends all sessions; others are opened in their place. */
  public void disconnect(DisconnectReason reason) {
    Failures.forEach(List.of(sessions), session -> session.lose(reason));
  }

  /** Drops a session that was given up, has ended or is about to, and starts to replace it. */
  public void lost(Session session, DisconnectReason reason) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      unused.remove(session);
      List<Session> rest = new ArrayList<>(List.of(sessions));
      if (!rest.remove(session)) {
        return;
      }
      connecting = rest.isEmpty(); // first: who finds no session must find that one is awaited
      sessions = rest.toArray(NONE);
      long now = System.nanoTime();
      connectingSince = now;
      if (reason.isSilence()) {
        unused.add(session);
        // It has kept callers waiting for long: no more of them until it has answered.
        markDown(reason.reason(), false);
      } else if (backoff.lost(now)) {
        markDown(reason.reason(), false);
      }
    }
    LOG.warn("The connection to memcached {} was closed: {}", address, reason.reason());
    open();
  }

  /** Begins no more attempts, so that no caller waits for one. To be called before threads end. */
  public void refuse() {
    synchronized (lock) {
      closed = true;
    }
  }

  /** Ends all attempts and sessions; may be called again, if something was thrown. */
  public void close() {
    List<Session> toLose;
    synchronized (lock) {
      closed = true;
      unused.addAll(List.of(sessions));
      sessions = NONE;
      toLose = List.copyOf(unused);
    }
    Failures.forEach(toLose, session -> session.lose(DisconnectReason.CLOSED));
    synchronized (lock) {
      unused.clear();
    }
  }

  /** Runs a task on a thread that may block, or on this one when the cluster is being closed. */
  public void background(Runnable task) {
    try {
      background.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  /**
   * Runs a task on a thread that may block; returns false if there is none, as the cluster is being
   * closed, or the system has no more.
   */
  boolean tryInBackground(Runnable task) {
    try {
      background.execute(task);
      return true;
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      return false;
    }
  }

  private void openMissing() {
    try {
      while (isOpenMissing()) {
        if (!openOne() && !listed) {
          opening = false;
          if (listed) { // since just now, when somebody tried already
            open();
          }
          return;
        }
      }
    } catch (RuntimeException | Error e) { // not even memory to note a failure
      synchronized (lock) {
        opening = false;
        markDown("connecting failed, the log says why", false); // no memory for more words
      }
      LOG.error("Connecting to memcached {} ended; the next request tries again", address, e);
    }
  }

  private boolean openOne() {
    do { // an interrupt, as a resolver may leave behind, ends a pause before it has begun
      Thread.interrupted(); // who closes this has said so before
      LockSupport.parkNanos(this, pause());
    } while (!closed && pause() > 0);
    long start = System.nanoTime();
    try {
      if (!closed) {
        opener.open(this);
      }
      return true;
    } catch (IOException e) {
      failed(start, e);
    } catch (InterruptedException | RuntimeException | Error e) { // such as no memory for buffers
      failed(start, new IOException("connecting failed: " + e, e));
    }
    return false;
  }

  private boolean isOpenMissing() {
    synchronized (lock) {
      opening = !closed && sessions.length < connections;
      return opening;
    }
  }

  private long pause() {
    synchronized (lock) {
      return backoff.pause();
    }
  }

  private void failed(long start, IOException cause) {
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    boolean refused = cause instanceof RefusedAccessException;
    boolean first;
    synchronized (lock) {
      backoff.failed(start, refused);
      failed++;
      first = markDown(why, refused);
    }
    if (first && refused) {
      LOG.warn("memcached {} refuses access: {}", address, why);
    } else if (first) {
      LOG.warn("memcached {} is down: {}; retrying", address, why);
      LOG.debug("It was found out here", cause);
    }
  }

  /** Notes that there is no session and none to wait for; true if that is news. */
  private boolean markDown(String why, boolean refusesAccess) {
    if (sessions.length > 0 || closed) {
      connecting = false;
      return false;
    }
    Outage before = outage;
    outage = before == null ? Outage.begin(why, refusesAccess) : before.goOn(why, refusesAccess);
    connecting = false; // last: who finds nothing to wait for must find the reason
    return before == null;
  }
}
