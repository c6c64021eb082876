// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The last load of an entry, kept while processors wait for their turn at it. What one of them
 * loads belongs to all that were waiting when the load ended: otherwise each of them would ask a
 * loader that finds nothing, or fails, once more, one after the other. A value that is stored isn't
 * kept: who doesn't find it there comes after its deadline.
 *
 * <p>Thread-safe.
 */
final class KeptLoads {

  private static final Map<SharedLoad.Place, KeptLoads> ALL = new ConcurrentHashMap<>();

  /** How many processors wait, or have their turn. Changed by the map's own atomic methods only. */
  private int processors;

  private volatile @Nullable SharedLoad last;

  private KeptLoads() {}

  /** Called by a processor that begins to wait. */
  static void keep(SharedLoad.Place place) {
    ALL.compute(
        place,
        (same, known) -> {
          KeptLoads kept = known == null ? new KeptLoads() : known;
          kept.processors++;
          return kept;
        });
  }

  /** Called by a processor whose turn is over. */
  static void release(SharedLoad.Place place) {
    ALL.computeIfPresent(place, (same, kept) -> --kept.processors == 0 ? null : kept);
  }

  static void ended(SharedLoad.Place place, SharedLoad load) {
    KeptLoads kept = ALL.get(place);
    if (kept != null) {
      kept.last = load;
    }
  }

  static boolean isEmpty() {
    return ALL.isEmpty();
  }

  /** Called when the entry has changed since, or has the value that was loaded. */
  static void forget(SharedLoad.Place place) {
    KeptLoads kept = ALL.get(place);
    if (kept != null) {
      kept.last = null;
    }
  }

  /** Does the same for all entries of a cache. */
  static void forgetAll(Object cache) {
    ALL.forEach(
        (place, kept) -> {
          if (place.cache() == cache) { // what others keep isn't written: they may just forget it
            kept.last = null;
          }
        });
  }

  /** Returns the last load if it ended after an instant of {@link System#nanoTime}. */
  static @Nullable SharedLoad since(SharedLoad.Place place, long nanos) {
    KeptLoads kept = ALL.get(place);
    SharedLoad load = kept == null ? null : kept.last;
    return load != null && load.endedAt() - nanos >= 0 ? load : null;
  }
}
