// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.util.concurrent.TimeUnit;

/**
 * How long to leave a server alone before the next attempt to connect to it: not at all at first,
 * then for a pause that grows to half a second while attempts fail, or while sessions are lost as
 * soon as they are open. (xmemcached would wait longer after each failure, without bound, and up to
 * a minute for a host that swallows packets.) When the server refuses access it is five seconds.
 *
 * <p>Not thread-safe: guarded by the lock of its {@link Server}.
 */
final class Backoff {

  private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** A server that doesn't let us in won't in half a second either, and may count the attempts. */
  private static final long REFUSED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private int troubles; // failures in a row, sessions that were lost at once among them
  private long notBefore = System.nanoTime();
  private long lastOpened = notBefore - MAX_PAUSE_NANOS;

  /** Returns how long to wait now, in nanoseconds; not positive if not at all. */
  long pause() {
    return notBefore - System.nanoTime();
  }

  /** Takes note that a session was opened and works. */
  void opened() {
    lastOpened = System.nanoTime();
  }

  /**
   * Takes note that an attempt has failed.
   *
   * @param since when it began, by {@link System#nanoTime}
   */
  void failed(long since, boolean refusesAccess) {
    troubles++;
    notBefore = since + (refusesAccess ? REFUSED_PAUSE_NANOS : pauseAfterTrouble());
  }

  /**
   * Takes note that a session was lost.
   *
   * @param now by {@link System#nanoTime}
   * @return whether sessions are opened and lost again and again: no hurry with the next one then
   */
  boolean lost(long now) {
    if (now - lastOpened >= MAX_PAUSE_NANOS) {
      troubles = 0;
      return false;
    }
    troubles++;
    if (troubles > 1) {
      notBefore = now + pauseAfterTrouble();
    }
    return troubles > 1;
  }

  private long pauseAfterTrouble() {
    return Math.min(MAX_PAUSE_NANOS, MIN_PAUSE_NANOS << Math.min(troubles - 1, 10));
  }
}
