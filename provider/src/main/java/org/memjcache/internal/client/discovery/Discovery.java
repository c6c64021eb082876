// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.discovery;

import static org.memjcache.internal.client.discovery.NamedServers.without;

import java.io.Closeable;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.common.ElapsedTime;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up which servers a service has, at once and then at each interval, and hands over the list
 * when it has changed. One thread does it, so there is never more than one look-up at a time, and
 * lists are handed over one after the other.
 *
 * <p>A look-up that fails changes nothing. A server that the service doesn't name any more keeps
 * its place until it has been absent for the grace.
 *
 * <p>Thread-safe.
 */
public final class Discovery implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  /** The pause before the next attempt while no list is known, unless the interval is shorter. */
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final String OVERDUE = "the look-up takes longer than it may";

  private final DiscoverySettings settings;
  private final ServiceLookup lookup;
  private final Executor background;
  private final Consumer<List<ServerAddress>> changed;
  private final NamedServers named;

  private final AtomicBoolean running = new AtomicBoolean();
  private final CountDownLatch firstAttempt = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What was handed over last; empty before. */
  private volatile List<ServerAddress> handedOver = List.of();

  /** Whether handing over has begun and not ended. For the thread of the look-ups. */
  private boolean isHalfHandedOver;

  /** Whether the last look-up failed. For the thread of the look-ups. */
  private boolean failing;

  /** Why the last look-up failed; empty if it didn't. */
  private volatile String problem = "";

  private final LongAdder lookups = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder changes = new LongAdder();

  /**
   * Prepares the look-ups that the settings of a cluster ask for; null if they ask for none.
   *
   * @param background runs them on a thread that may block
   * @param changed takes each new list, sorted, on that thread; if it throws, it is given the next
   *     one, too, be it the one before
   */
  public static @Nullable Discovery of(
      Connector connector,
      AdminConnections connections,
      Executor background,
      Consumer<List<ServerAddress>> changed) {
    DiscoverySettings settings = connector.settings().discovery();
    return settings == null
        ? null
        : new Discovery(
            settings,
            ServiceLookup.of(settings, connector, connections, ElapsedTime::now),
            background,
            changed,
            ElapsedTime::now);
  }

  Discovery(
      DiscoverySettings settings,
      ServiceLookup lookup,
      Executor background,
      Consumer<List<ServerAddress>> changed,
      LongSupplier elapsed) {
    this.settings = settings;
    this.lookup = lookup;
    this.background = background;
    this.changed = changed;
    this.named = new NamedServers(settings.grace(), elapsed);
  }

  /**
   * Begins to look up, unless that is being done or this is closed. If there is no stack or memory
   * for it now, the next call tries again; while a list is known, nobody needs to hear of that.
   */
  public void open() {
    if (isClosed() || running.get() || !running.compareAndSet(false, true)) {
      return;
    }
    boolean started = false;
    try {
      background.execute(this::run);
      started = true;
    } catch (RejectedExecutionException e) {
      LOG.trace("The cluster is being closed", e);
    } catch (RuntimeException | Error e) {
      if (!isKnown()) {
        throw e;
      }
      LOG.debug("There is no thread to look up the servers of {}", settings.name(), e);
    } finally {
      if (!started) {
        running.set(false);
      }
    }
  }

  /**
   * Waits until a list has been handed over: for the first attempt to look it up, unless a caller
   * before has waited in vain.
   *
   * @param nanos how long to wait at most
   * @throws RequestFailedException if there is none; the message says why
   */
  public void awaitFirst(long nanos) {
    long start = System.nanoTime();
    try {
      if (!isKnown() && !firstAttempt.await(nanos, TimeUnit.NANOSECONDS)) {
        problem = OVERDUE;
        firstAttempt.countDown();
        LOG.warn("Looking up the servers of {} goes on: {}", settings.name(), OVERDUE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(Kind.INTERRUPTED, start, "the calling thread was interrupted");
    }
    if (isClosed()) {
      throw unknown(Kind.CLOSED, start, "the cluster was closed");
    }
    if (!isKnown()) {
      throw unknown(Kind.DOWN, start, problem + "; looking up goes on in the background");
    }
  }

  private RequestFailedException unknown(Kind kind, long start, String why) {
    return new RequestFailedException(
        kind,
        Duration.ofNanos(System.nanoTime() - start),
        "the servers of " + settings.name() + " are not known: " + why,
        null,
        true);
  }

  /** Returns whether a list is known. */
  public boolean isKnown() {
    return !handedOver.isEmpty();
  }

  /** Returns why the last look-up failed; empty if it didn't. */
  public String problem() {
    return problem;
  }

  /** Returns how many look-ups have ended until now, those that failed among them. */
  public long lookups() {
    return lookups.sum();
  }

  /** Returns how many look-ups have failed until now. */
  public long failures() {
    return failures.sum();
  }

  /** Returns how often the list has changed until now, the first one left out. */
  public long changes() {
    return changes.sum();
  }

  private void run() {
    try {
      // A thread that follows one which has failed is in no more of a hurry.
      boolean goesOn = lookups() == 0 || isOpenAfterPause();
      while (goesOn) {
        lookUp();
        firstAttempt.countDown();
        goesOn = isOpenAfterPause();
      }
    } finally {
      running.set(false);
    }
  }

  private boolean isOpenAfterPause() {
    long end = System.nanoTime() + pause();
    while (true) {
      try {
        return !closed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        if (isClosed()) {
          return false;
        }
        LOG.debug("Something has interrupted this thread, perhaps the resolver", e);
      }
    }
  }

  private long pause() {
    long interval = settings.interval().toNanos();
    return isKnown() ? interval : Math.min(interval, FIRST_PAUSE_NANOS);
  }

  private void lookUp() {
    try {
      List<ServerAddress> gone = named.update(lookup.servers());
      if (!gone.isEmpty()) {
        LOG.info(
            "{} does not name {} any more, which keep their places for {} ms",
            settings.name(),
            gone,
            settings.grace().toMillis());
      }
      handOver(named.all());
      problem = "";
      if (failing) {
        failing = false;
        LOG.info("{} names its servers again", settings.name());
      }
    } catch (UnknownHostException e) {
      failed("its name can't be looked up: " + e.getMessage(), e);
    } catch (IOException e) {
      failed(e.getMessage() == null ? e.toString() : e.getMessage(), e);
    } catch (RuntimeException | Error e) { // such as no memory for the servers
      failed("it failed with " + e, e);
    } finally {
      lookups.increment();
    }
  }

  private void handOver(List<ServerAddress> servers) {
    List<ServerAddress> before = handedOver;
    if (servers.equals(before) && !isHalfHandedOver) {
      return;
    }
    isHalfHandedOver = true;
    changed.accept(servers);
    isHalfHandedOver = false;
    if (servers.equals(before)) {
      return;
    }
    handedOver = servers;
    if (before.isEmpty()) {
      LOG.info("{} has the servers {}", settings.name(), servers);
    } else {
      changes.increment();
      LOG.info(
          "The servers of {} are {} now: {} came, {} left",
          settings.name(),
          servers,
          without(servers, before),
          without(before, servers));
    }
  }

  private void failed(String why, Throwable cause) {
    if (isClosed()) {
      return;
    }
    failures.increment();
    problem = why;
    if (!failing) {
      failing = true;
      LOG.warn(
          "Looking up the servers of {} failed: {}; {}, and looking up goes on",
          settings.name(),
          why,
          isKnown() ? "the servers stay " + handedOver : "none is known");
      LOG.debug("It was found out here", cause);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Ends the look-ups, but for one that is under way, and wakes those that wait for the first. */
  @Override
  public void close() {
    closed.countDown();
    firstAttempt.countDown();
  }
}
