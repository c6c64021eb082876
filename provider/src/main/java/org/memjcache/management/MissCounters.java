package org.memjcache.management;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.memjcache.namespace.MissReason;

/**
 * The misses of one cache in this process, by reason. Counting never blocks.
 *
 * <p>Thread-safe.
 */
public final class MissCounters {

  /** Complete from the beginning, so that it is only read later. */
  private final Map<MissReason, LongAdder> counters = new EnumMap<>(MissReason.class);

  /** Makes counters at zero. */
  public MissCounters() {
    for (MissReason reason : MissReason.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  /**
   * Counts one miss.
   *
   * @param reason why nothing was found
   */
  public void count(MissReason reason) {
    counter(reason).increment();
  }

  /**
   * Returns how many misses had this reason.
   *
   * @param reason why nothing was found
   * @return the count since the cache was made
   */
  public long of(MissReason reason) {
    return counter(reason).sum();
  }

  private LongAdder counter(MissReason reason) {
    return Objects.requireNonNull(counters.get(reason));
  }
}
