// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import org.memjcache.internal.client.command.LateResponse;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.PathKey;

/**
 * An entry that is to be removed because changes of it were lost. Immutable: when another change is
 * lost, another object takes its place.
 */
final class PendingRemoval {

  final EntryKey key;

  /** The levels of its namespace, outermost first, and the same as names. */
  final Level[] levels;

  final PathKey path;

  /** Whose client removes it, or that of another one, if this process does not use it again. */
  final SharedCluster.Reference cluster;

  /** What becomes of the lost writes that may still be carried out. */
  private final List<LateResponse> late;

  PendingRemoval(
      EntryKey key,
      Level[] levels,
      PathKey path,
      SharedCluster.Reference cluster,
      List<LateResponse> late) {
    this.key = key;
    this.levels = levels;
    this.path = path;
    this.cluster = cluster;
    this.late = late;
  }

  /** Returns what takes the place of this one when a change is lost that is pending, too. */
  PendingRemoval replacedBy(PendingRemoval newer) {
    List<LateResponse> all = new ArrayList<>(newer.late);
    for (LateResponse response : late) {
      if (response.state() != LateResponse.State.CAME) {
        all.add(response);
      }
    }
    return new PendingRemoval(key, newer.levels, path, newer.cluster, all);
  }

  /** Returns the level of its cache. */
  Level cache() {
    return levels[levels.length - 1];
  }

  boolean isWithin(Level level) {
    for (Level own : levels) {
      if (own == level) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether one of the lost writes stands like this. */
  boolean isAny(LateResponse.State state) {
    for (LateResponse response : late) {
      if (response.state() == state) {
        return true;
      }
    }
    return false;
  }
}
