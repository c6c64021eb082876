// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.time.Instant;

/**
 * Since when a server is down, and why connecting failed last. No exception: a server may be down
 * for long, and the stack trace would keep the classes of an application that was undeployed.
 *
 * @param sinceNanos the same moment as {@code since}, by {@link System#nanoTime}
 */
record Outage(Instant since, long sinceNanos, String why, boolean refusesAccess) {

  /** Returns one that begins now. */
  static Outage begin(String why, boolean refusesAccess) {
    return new Outage(Instant.now(), System.nanoTime(), why, refusesAccess);
  }

  /** Returns the same one after another failure. */
  Outage goOn(String newWhy, boolean nowRefusesAccess) {
    return new Outage(since, sinceNanos, newWhy, nowRefusesAccess);
  }
}
