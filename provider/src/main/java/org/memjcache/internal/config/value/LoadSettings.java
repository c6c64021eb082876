// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.config.value;

import java.time.Duration;

/**
 * When an entry is loaded, by whom, and what is served meanwhile.
 *
 * @param patience how long one waits for another one's load
 * @param lease how long a process has the right to load an entry that others wait for; zero if
 *     processes don't wait for each other
 * @param forNull for how long it is remembered that there is nothing to be loaded; zero if not
 * @param grace for how long what was cleared is served while it is loaded; zero if not at all
 * @param plainGrace whether a read without a loader is served it, too
 * @param refreshAfter from which age on an entry is loaded anew; zero if none is
 */
public record LoadSettings(
    Duration patience,
    Duration lease,
    Duration forNull,
    Duration grace,
    boolean plainGrace,
    Duration refreshAfter) {

  /** Returns whether processes tell each other of their loads. */
  public boolean areShared() {
    return areAskedFor() || !refreshAfter.isZero();
  }

  /** Returns whether who misses an entry asks what others know of its load. */
  public boolean areAskedFor() {
    return !lease.isZero() || !forNull.isZero();
  }

  /**
   * Returns whether a read that finds nothing, and asks no loader, may be served what was there.
   */
  public boolean servesPlainReads() {
    return plainGrace && !lease.isZero();
  }
}
