package org.memjcache.internal.config.value;

import java.time.Duration;

/**
 * What happens when several want to load the same entry.
 *
 * @param patience how long one waits for another one's load
 * @param lease how long a process has the right to load an entry that others wait for; zero if
 *     processes don't wait for each other
 * @param forNull for how long it is remembered that there is nothing to be loaded; zero if not
 */
public record LoadSettings(Duration patience, Duration lease, Duration forNull) {

  /** Returns whether processes tell each other of their loads. */
  public boolean areShared() {
    return !lease.isZero() || !forNull.isZero();
  }

  /** Returns these settings with those of a cache. */
  public LoadSettings with(Duration ofLease, Duration ofNull) {
    return new LoadSettings(patience, ofLease, ofNull);
  }
}
