// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

import java.time.Duration;

/**
 * What a process was promised, by the options that it works with.
 *
 * @param strict whether its operations fail while a server is away; if not, what it did may have
 *     been lost although it returned, and its clears are certain for itself only
 * @param staleness how late it may come to know of the clears of others
 * @param near whether it may come to know that late of other changes, too
 * @param grace for how long a get may be served what was cleared
 */
record Guarantee(boolean strict, Duration staleness, boolean near, Duration grace) {

  static final Guarantee STRICT = new Guarantee(true, Duration.ZERO, false, Duration.ZERO);

  static Guarantee bounded(Duration staleness) {
    return new Guarantee(true, staleness, false, Duration.ZERO);
  }

  /** With {@code failure=miss}. */
  static Guarantee missing() {
    return new Guarantee(false, Duration.ZERO, false, Duration.ZERO);
  }

  /** With {@code near}; whether its operations fail while a server is away is said apart. */
  static Guarantee near(boolean strict, Duration staleness) {
    return new Guarantee(strict, staleness, true, Duration.ZERO);
  }

  /**
   * With {@code clear.grace} and {@code clear.grace.plain}; whether its operations fail while a
   * server is away is said apart.
   */
  static Guarantee graced(boolean strict, Duration grace) {
    return new Guarantee(strict, Duration.ZERO, false, grace);
  }
}
