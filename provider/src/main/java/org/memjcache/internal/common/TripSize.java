// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.util.List;
import java.util.function.ToLongFunction;

/** How much is stored by one round trip of an operation on many entries. */
public final class TripSize {

  private static final int MAX_ENTRIES = 5_000;
  private static final long MAX_BYTES = 4 << 20;

  private TripSize() {}

  /**
   * Returns where the round trip ends that begins with an entry, which it has in any case.
   *
   * @param from the index of that entry
   * @param size returns how many bytes of values are stored for an entry
   */
  public static <E> int end(List<E> entries, int from, ToLongFunction<? super E> size) {
    int most = Math.min(entries.size(), from + MAX_ENTRIES);
    int to = from;
    for (long bytes = 0; to < most && bytes < MAX_BYTES; to++) {
      bytes += size.applyAsLong(entries.get(to));
    }
    return to;
  }
}
