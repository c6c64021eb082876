// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.memjcache.internal.client.membership.Membership;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks which servers other processes use, in the background, while there are connections. Never
 * does so twice at the same time: servers that are silent make it take long. Thread-safe.
 */
final class MembershipRefresh {

  private static final Logger LOG = LoggerFactory.getLogger(MembershipRefresh.class);

  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Membership membership;
  private final Executor background;

  /** When the next one is due, by {@link System#nanoTime}; far ahead while one goes on. */
  private final AtomicLong due = new AtomicLong(System.nanoTime() + INTERVAL_NANOS);

  MembershipRefresh(Membership membership, Executor background) {
    this.membership = membership;
    this.background = background;
  }

  /** To be told the time, by {@link System#nanoTime}. */
  void ifDue(long now) {
    long next = due.get();
    if (now - next > 0 && due.compareAndSet(next, now + Long.MAX_VALUE)) {
      try {
        background.execute(this::run);
      } catch (RuntimeException | Error e) { // such as no memory for a thread
        due.set(now + INTERVAL_NANOS);
        LOG.debug("Not looked which servers other processes use: {}", e.toString());
      }
    }
  }

  private void run() {
    long begin = System.nanoTime();
    try {
      membership.refresh();
    } catch (RuntimeException | Error e) {
      LOG.warn("Looking which servers other processes use failed", e);
    } finally {
      due.set(begin + INTERVAL_NANOS);
    }
  }
}
