package org.memjcache.chaos;

import java.time.Duration;

/**
 * What a process was promised, by the options that it works with.
 *
 * @param strict whether its operations fail while a server is away; if not, what it did may have
 *     been lost although it returned, and its clears are certain for itself only
 * @param staleness how late it may come to know of the clears of others
 */
record Promise(boolean strict, Duration staleness) {

  static final Promise STRICT = new Promise(true, Duration.ZERO);

  static Promise bounded(Duration staleness) {
    return new Promise(true, staleness);
  }

  /** With {@code failure=miss}. */
  static Promise missing() {
    return new Promise(false, Duration.ZERO);
  }
}
