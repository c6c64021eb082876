package org.memjcache.management;

import java.util.concurrent.atomic.AtomicLong;
import org.memjcache.namespace.Counters;
import org.memjcache.namespace.MissReason;

/**
 * The misses of one cache in this process, by reason, and the items that iterations skipped.
 * Counting never blocks.
 *
 * <p>Thread-safe.
 */
public final class MissCounters {

  /** Complete from the beginning, so that it is only read later. */
  private final Counters<MissReason> counters = new Counters<>(MissReason.class);

  private final AtomicLong skipped = new AtomicLong();

  /** Makes counters at zero. */
  public MissCounters() {}

  /**
   * Counts one miss.
   *
   * @param reason why nothing was found
   */
  public void count(MissReason reason) {
    counters.add(reason, 1);
  }

  /**
   * Returns how many misses had this reason.
   *
   * @param reason why nothing was found
   * @return the count since the cache was made
   */
  public long of(MissReason reason) {
    return counters.sum(reason);
  }

  /** Counts an item that an iteration found and skipped. */
  public void countSkipped() {
    skipped.incrementAndGet();
  }

  /**
   * Returns how many items iterations found and skipped.
   *
   * @return the count since the cache was made
   */
  public long skipped() {
    return skipped.get();
  }
}
