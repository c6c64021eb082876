// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation.concurrency;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.common.Pause;
import org.memjcache.internal.entry.EntryStore;

/**
 * What one operation does about other processes that change the same entry. If it expects any, it
 * asks for a lease on the entry, and pauses while another one has it. It does so
 *
 * <ul>
 *   <li>after a conflict;
 *   <li>if an operation of this process on the entry had reason to in the last second: otherwise
 *       the one that lost would go on losing against those that know of nothing;
 *   <li>if the last one took long to decide, such as a slow entry processor: whoever is quicker
 *       would come in between each time;
 *   <li>after a few changes of the entry in a row: another process may have lost against them.
 * </ul>
 *
 * <p>The pauses are random and grow. Between two tries they take half a second at most; then the
 * operation goes on without a lease. An interrupt ends them. Used by one thread.
 */
public final class Contention {

  private static final long MEMORY_NANOS = 1_000_000_000;
  private static final long MOST_NANOS = 500_000_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000;

  /** A decision that takes longer is slow, if a round trip is quicker. */
  private static final long SLOW_NANOS = 1_000_000;

  /** An entry that was contended, by the hash of its cache, which must not be kept. */
  private record Remembered(int cache, String key, long until) {}

  /** The last such entry of each stripe. */
  private static final AtomicReferenceArray<@Nullable Remembered> MEMORY =
      new AtomicReferenceArray<>(1 << 12);

  /** How many changes in a row go without a look for others. */
  private static final int MOST_IN_A_ROW = 6;

  /** How close they are in a row, in milliseconds of 2<sup>20</sup> nanoseconds. */
  private static final int ROW_MILLIS = 50;

  private static final int COUNT_BITS = 3;
  private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

  /** Of each stripe the millisecond of the last change, and how many there were in a row. */
  private static final AtomicLongArray CHANGES = new AtomicLongArray(1 << 14);

  private final int cache;
  private final String key;
  private final int hash;
  private boolean isExpected;
  private long left = MOST_NANOS;
  private long longestPause;

  public Contention(EntryStore<?, ?> cache, EntryKey entry) {
    this.cache = System.identityHashCode(cache);
    this.key = entry.text();
    int mixed = 31 * this.cache + key.hashCode();
    this.hash = mixed ^ (mixed >>> 16);
    long now = System.nanoTime();
    this.isExpected = isRemembered(now) || countInARow(now) >= MOST_IN_A_ROW;
  }

  private boolean isRemembered(long now) {
    Remembered last = MEMORY.get(hash & (MEMORY.length() - 1));
    return last != null && last.cache == cache && last.key.equals(key) && now - last.until < 0;
  }

  private int countInARow(long now) {
    long last = CHANGES.get(hash & (CHANGES.length() - 1));
    boolean isInARow = millis(now) - (last >> COUNT_BITS) < ROW_MILLIS;
    return isInARow ? (int) (last & COUNT_MASK) : 0;
  }

  private static long millis(long nanos) {
    return nanos >> 20;
  }

  /** Returns whether others are likely to change the entry at the same time. */
  public boolean isExpected() {
    return isExpected;
  }

  /** Called when another process has a lease on the entry. */
  public void met() {
    isExpected = true;
    Remembered here = new Remembered(cache, key, System.nanoTime() + MEMORY_NANOS);
    MEMORY.set(hash & (MEMORY.length() - 1), here);
  }

  /** Called when another process changed the entry first. */
  public void lost() {
    met();
    left = MOST_NANOS;
  }

  /** Called when the entry is changed. */
  public void won() {
    long now = System.nanoTime();
    int count = isExpected ? 0 : Math.min(countInARow(now) + 1, MOST_IN_A_ROW);
    CHANGES.set(hash & (CHANGES.length() - 1), (millis(now) << COUNT_BITS) | count);
  }

  /** Called with the time that reading the entry took, and then that of deciding on its change. */
  public void decided(long readNanos, long decisionNanos) {
    if (decisionNanos > SLOW_NANOS && decisionNanos > readNanos) {
      met();
    }
  }

  /**
   * Pauses.
   *
   * @param triedNanos how long it took to find that others were at work
   * @return false if it is time to go on, come what may
   */
  public boolean pause(long triedNanos) {
    if (left <= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    longestPause = Math.max(triedNanos, Math.min(LONGEST_PAUSE_NANOS, 2 * longestPause));
    long start = System.nanoTime();
    Pause.nanos(Math.min(left, ThreadLocalRandom.current().nextLong(longestPause + 1)));
    left -= System.nanoTime() - start;
    return true;
  }
}
