// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link PlannedChange}. Immutable.
 *
 * @param isDone whether the change is in force, or given up for good
 * @param isLost whether it is given up because the server is away or would not take the value, and
 *     that is tolerated
 * @param rejection why the server would not take the value, null if it did; the older entry is gone
 *     then
 */
public record Outcome(boolean isDone, boolean isLost, @Nullable CacheException rejection) {

  static final Outcome DONE = new Outcome(true, false, null);
  static final Outcome LOST = new Outcome(true, true, null);

  /** Another process changed the entry or cleared its namespace: decide again. */
  static final Outcome CONFLICT = new Outcome(false, false, null);

  static Outcome rejected(CacheException rejection) {
    return new Outcome(false, false, rejection);
  }
}
