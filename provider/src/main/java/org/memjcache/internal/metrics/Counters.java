package org.memjcache.internal.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that many threads count up, one for each constant of an enum. Takes next to no memory
 * until the first of them is counted: most caches of most tenants never count.
 *
 * <p>Thread-safe.
 *
 * @param <E> what is counted
 */
public abstract class Counters<E extends Enum<E>> {

  private final Class<E> type;
  private volatile @Nullable Map<E, LongAdder> adders;

  /**
   * Makes counters that are all zero.
   *
   * @param type what is counted
   */
  protected Counters(Class<E> type) {
    this.type = type;
  }

  /**
   * Counts.
   *
   * @param which the counter
   * @param count what is added to it
   */
  protected final void add(E which, long count) {
    Map<E, LongAdder> counting = adders;
    adder(counting == null ? begin() : counting, which).add(count);
  }

  /** Makes all adders, none of which is replaced as long as the map is in use. */
  private synchronized Map<E, LongAdder> begin() {
    Map<E, LongAdder> made = adders;
    if (made == null) {
      made = new EnumMap<>(type);
      for (E each : type.getEnumConstants()) {
        made.put(each, new LongAdder());
      }
      adders = made;
    }
    return made;
  }

  /**
   * Returns what was counted.
   *
   * @param which the counter
   * @return the sum so far
   */
  protected final long sum(E which) {
    Map<E, LongAdder> counting = adders;
    return counting == null ? 0 : adder(counting, which).sum();
  }

  /** Sets all counters to zero. */
  protected final synchronized void reset() {
    adders = null;
  }

  private static <E> LongAdder adder(Map<E, LongAdder> adders, E which) {
    return Objects.requireNonNull(adders.get(which));
  }
}
