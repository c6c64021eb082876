// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.operation.concurrency.SharedLoad.Place;

/**
 * A change of an entry that depends on what is there, from before the writer is told of it until
 * its end. While there is one, no load of this cache is stored: it may have read what the writer
 * has just written, and the change would find that in its place, take it for the change of another
 * process, and be made a second time on top of itself.
 *
 * <p>Thread-safe.
 */
public final class ToldChange implements AutoCloseable {

  /** How many there are of each entry. */
  private static final Map<Place, Integer> UNDER_WAY = new ConcurrentHashMap<>();

  private final Place place;

  /** To be closed once, however the change ends. */
  public ToldChange(EntryStore<?, ?> cache, EntryKey key) {
    this.place = new Place(cache, key.text());
    UNDER_WAY.merge(place, 1, Integer::sum);
  }

  static boolean isUnderWay(Place place) {
    return UNDER_WAY.containsKey(place);
  }

  @Override
  public void close() {
    UNDER_WAY.computeIfPresent(place, (same, count) -> count == 1 ? null : count - 1);
  }
}
