// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.memjcache.internal.metrics.CacheMetrics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the events that an asynchronous listener will not hear, and logs their number: at most
 * once a minute, and when the listener has caught up.
 *
 * <p>Thread-safe.
 */
final class DroppedEvents {

  private static final Logger LOG = LoggerFactory.getLogger(DroppedEvents.class);
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final CacheMetrics metrics;
  private final String listener;
  private final LongSupplier nanoTime;

  // All below is guarded by this.
  private long unlogged;
  private boolean behind;
  private boolean everLogged;
  private long lastLogged;

  /**
   * Creates the count of one listener.
   *
   * @param listener what the log calls it
   * @param nanoTime as {@link System#nanoTime}
   */
  DroppedEvents(CacheMetrics metrics, String listener, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  /** Counts events that found no room. */
  void add(int events) {
    metrics.recordDroppedEvents(events);
    long count;
    synchronized (this) {
      unlogged += events;
      if (everLogged && nanoTime.getAsLong() - lastLogged < SILENCE_NANOS) {
        return;
      }
      everLogged = true;
      lastLogged = nanoTime.getAsLong();
      behind = true;
      count = takeUnlogged();
    }
    LOG.warn(
        "The asynchronous listener {} is too slow: as much waits for it as the options"
            + " 'listener.events' and 'listener.bytes' allow, and what comes now is dropped ({}"
            + " events since the last message)",
        listener,
        count);
  }

  /** To be called when nothing waits for the listener any more. */
  void listenerHasCaughtUp() {
    long count;
    synchronized (this) {
      if (!behind) {
        return;
      }
      behind = false;
      count = takeUnlogged();
    }
    LOG.warn(
        "The asynchronous listener {} has caught up; {} more events had been dropped",
        listener,
        count);
  }

  /** Counts events that were still waiting when the listener was closed. */
  void addLeft(int events) {
    metrics.recordDroppedEvents(events);
    long count;
    synchronized (this) {
      unlogged += events;
      count = takeUnlogged();
    }
    if (count > 0) {
      LOG.warn(
          "The asynchronous listener {} was too slow to hear {} events before it was closed",
          listener,
          count);
    }
  }

  private long takeUnlogged() {
    long count = unlogged;
    unlogged = 0;
    return count;
  }
}
