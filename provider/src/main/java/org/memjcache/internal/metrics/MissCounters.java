package org.memjcache.internal.metrics;

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * The misses of one cache in this process, by reason, and the items that iterations skipped.
 * Counting never blocks.
 *
 * <p>Thread-safe.
 */
public final class MissCounters extends Counters<MissReason> {

  private static final AtomicLongFieldUpdater<MissCounters> SKIPPED =
      AtomicLongFieldUpdater.newUpdater(MissCounters.class, "skipped");

  private volatile long skipped;

  /** Makes counters at zero. */
  public MissCounters() {
    super(MissReason.class);
  }

  /**
   * Counts one miss.
   *
   * @param reason why nothing was found
   */
  public void count(MissReason reason) {
    add(reason, 1);
  }

  /**
   * Returns how many misses had this reason.
   *
   * @param reason why nothing was found
   * @return the count since the cache was made
   */
  public long of(MissReason reason) {
    return sum(reason);
  }

  /** Counts an item that an iteration found and skipped. */
  public void countSkipped() {
    SKIPPED.incrementAndGet(this);
  }

  /**
   * Returns how many items iterations found and skipped.
   *
   * @return the count since the cache was made
   */
  public long skipped() {
    return skipped;
  }
}
