// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

/**
 * A change of an entry that is made only if the entry is still as it was seen.
 *
 * @param before what was seen
 * @param change what to do to it
 * @param matters whether the older value would be wrong if the change gets lost with its server. A
 *     value that a loader brought for a miss doesn't make it wrong.
 */
public record PlannedChange<V>(Snapshot<V> before, Change change, boolean matters) {

  boolean outdatesEntry() {
    return matters && change.outdatesEntry();
  }
}
