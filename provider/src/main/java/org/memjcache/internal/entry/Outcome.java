// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a {@link PlannedChange}. Immutable.
 *
 * @param isDone whether the change is in force, or given up for good
 * @param rejection why the server would not take the value, null if it did; the older entry is gone
 *     then
 */
public record Outcome(boolean isDone, @Nullable CacheException rejection) {

  static final Outcome DONE = new Outcome(true, null);

  /** Another process changed the entry or cleared its namespace: decide again. */
  static final Outcome CONFLICT = new Outcome(false, null);

  static Outcome rejected(CacheException rejection) {
    return new Outcome(false, rejection);
  }
}
