package org.memjcache.management;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.memjcache.namespace.MissReason;

/**
 * The misses of one cache in this process, by reason. Counting never blocks.
 *
 * <p>Thread-safe.
 */
public final class MissCounters {

  private final LongAdder[] counters = new LongAdder[MissReason.values().length];

  /** Makes counters at zero. */
  public MissCounters() {
    Arrays.setAll(counters, i -> new LongAdder());
  }

  /**
   * Counts one miss.
   *
   * @param reason why nothing was found
   */
  public void count(MissReason reason) {
    counters[reason.ordinal()].increment();
  }

  /**
   * Returns how many misses had this reason.
   *
   * @param reason why nothing was found
   * @return the count since the cache was made
   */
  public long of(MissReason reason) {
    return counters[reason.ordinal()].sum();
  }
}
