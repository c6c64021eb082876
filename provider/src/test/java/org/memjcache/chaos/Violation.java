// SPDX-License-Identifier: Apache-2.0
package org.memjcache.chaos;

/** Something in a history that must never happen. */
record Violation(Kind kind, String text) {

  enum Kind {
    /** A read that began after a clear had returned shows what was written before it. */
    CLEARED,
    /** A value of another tenant, cache or key. */
    FOREIGN,
    /** A value that nobody wrote, or only later. */
    UNWRITTEN,
    /** An entry after its deadline. */
    EXPIRED,
    /**
     * A value that was replaced or removed: by the process itself before, or by another one longer
     * ago than the staleness.
     */
    OUTDATED,
    /** Two processors made the same update of the same value, or an update was undone. */
    LOST_UPDATE
  }
}
