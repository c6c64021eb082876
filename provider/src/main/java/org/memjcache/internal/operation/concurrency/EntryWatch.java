// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;
import org.memjcache.internal.entry.EntryStore;
import org.memjcache.internal.entry.Snapshot;
import org.memjcache.internal.operation.concurrency.SharedLoad.Place;

/**
 * Notices whether this cache changes an entry while a thread loads it: what was loaded is older
 * then, and must not stay. It begins before the loader is asked, and is closed when the value is
 * stored. A change is noted ({@link SharedLoad#outdate})
 *
 * <ul>
 *   <li>When the writer was called, and the change is about to be sent. This is what keeps the
 *       older value out. A watch that begins after the note sees the source as the writer left it.
 *       One that began before is asked again once its value is stored: if it knows of no change
 *       even then, the change is sent later, and overwrites or removes the value.
 *   <li>Before the entry is read, too, if the change depends on what is there, and has no
 *       condition: what is missing then need not be removed, and nothing is sent. After the writer
 *       was called it is read again.
 *   <li>When the change has ended, for those who miss the entry after it: what they may join must
 *       have begun later still.
 * </ul>
 *
 * <p>Exact, where a count for each stripe of the keys would be cheaper: a busy cache changes some
 * entry of each stripe while a slow loader runs, so nothing slow would ever be kept.
 *
 * <p>Thread-safe.
 */
public final class EntryWatch implements AutoCloseable {

  private static final Map<Place, Unchanged> WATCHED = new ConcurrentHashMap<>();

  /** What the watches of an entry have in common until it changes. */
  private static final class Unchanged {

    /** How many watches are open, older ones, too. Changed by the map's atomic methods only. */
    private int watches;

    private volatile boolean isOver;

    /** What a load has stored last; null if it isn't known when that asked its loader. */
    private volatile @Nullable Stored stored;

    private Unchanged(int watches) {
      this.watches = watches;
    }
  }

  /** A value that was stored, and when its loader was asked, by {@link System#nanoTime}. */
  private record Stored(EncodedValue value, long askedAt) {}

  private final Place place;
  private final Unchanged unchanged;

  /** When the loader was asked, by {@link System#nanoTime}; null if that isn't known. */
  private volatile @Nullable Long askedAt;

  /** Begins to watch an entry. */
  public EntryWatch(EntryStore<?, ?> cache, EntryKey key) {
    this(new Place(cache, key.text()));
  }

  EntryWatch(Place place) {
    this.place = place;
    this.unchanged =
        WATCHED.compute(
            place,
            (same, known) -> {
              Unchanged joined = known == null ? new Unchanged(0) : known;
              joined.watches++;
              return joined;
            });
  }

  /** Returns whether this cache has changed the entry since, or is about to. */
  public boolean isOutdated() {
    return unchanged.isOver || ToldChange.isUnderWay(place);
  }

  /** Returns whether the loader was asked, or is about to be. */
  boolean isAsked() {
    return askedAt != null;
  }

  void asking() {
    askedAt = System.nanoTime();
  }

  /** Notes that what was loaded is stored. */
  public void stored(EncodedValue value) {
    Long asked = askedAt;
    // A copy, as the application may change an array.
    unchanged.stored = asked == null ? null : new Stored(value.copy(), asked);
  }

  void askedLike(EntryWatch other) {
    askedAt = other.askedAt;
  }

  SharedLoad.Order orderTo(Snapshot<?> entry) {
    Long asked = askedAt;
    Stored other = unchanged.stored;
    if (asked == null || other == null || !entry.holds(other.value)) {
      return SharedLoad.Order.UNKNOWN;
    }
    return other.askedAt - asked < 0 ? SharedLoad.Order.NEWER : SharedLoad.Order.OLDER;
  }

  /** Returns whether a thread of this process loads an entry, or is about to store its value. */
  public static boolean isOpen(EntryStore<?, ?> cache, EntryKey key) {
    return WATCHED.containsKey(new Place(cache, key.text()));
  }

  static boolean isNothingWatched() {
    return WATCHED.isEmpty();
  }

  /** Notes a change of an entry. */
  static void outdate(Place place) {
    WATCHED.computeIfPresent(
        place,
        (same, before) -> {
          before.isOver = true;
          return new Unchanged(before.watches);
        });
  }

  /** Does the same for all entries of a cache. */
  static void outdateAll(EntryStore<?, ?> cache) {
    WATCHED.keySet().stream().filter(place -> place.cache() == cache).forEach(EntryWatch::outdate);
  }

  /** To be called once. */
  @Override
  public void close() {
    WATCHED.computeIfPresent(place, (same, known) -> --known.watches == 0 ? null : known);
  }
}
