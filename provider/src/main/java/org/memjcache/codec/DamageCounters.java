package org.memjcache.codec;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the items that were found under an item key but didn't count, by reason. The first of each
 * kind is logged at WARN with its key, but never with its bytes.
 *
 * <p>Thread-safe.
 */
public final class DamageCounters {

  private static final Logger LOG = LoggerFactory.getLogger(DamageCounters.class);

  private final Counter foreign = new Counter("is not an envelope that can be read");
  private final Counter damaged = new Counter("is damaged");
  private final Counter collisions = new Counter("holds another entry");
  private final Counter forged = new Counter("was not signed with the secret of this manager");

  /** Makes counters that start at zero. */
  public DamageCounters() {}

  /**
   * Returns how many items were of another program, or of a format or encoding that is unknown.
   *
   * @return the number so far
   */
  public long foreign() {
    return foreign.count.sum();
  }

  /**
   * Returns how many items were damaged, shortened, or copied from another key.
   *
   * @return the number so far
   */
  public long damaged() {
    return damaged.count.sum();
  }

  /**
   * Returns how many items were of another entry, whose key has the same hash.
   *
   * @return the number so far
   */
  public long collisions() {
    return collisions.count.sum();
  }

  /**
   * Returns how many items were not signed with a secret of this manager: written by somebody who
   * doesn't have it, or signed and then damaged, or copied from another key.
   *
   * @return the number so far; 0 if there is no secret
   */
  public long forged() {
    return forged.count.sum();
  }

  void countForeign(String itemKey, String why) {
    foreign.add(itemKey, why);
  }

  void countDamaged(String itemKey, String why) {
    damaged.add(itemKey, why);
  }

  void countCollision(String itemKey) {
    collisions.add(itemKey, "its full key is another one, with the same hash");
  }

  void countForged(String itemKey, String why) {
    forged.add(itemKey, why);
  }

  /** Counts one kind. */
  private static final class Counter {
    private final String what;
    private final LongAdder count = new LongAdder();
    private final AtomicBoolean logged = new AtomicBoolean();

    Counter(String what) {
      this.what = what;
    }

    void add(String itemKey, String why) {
      count.increment();
      if (!logged.get() && logged.compareAndSet(false, true)) {
        LOG.warn(
            "The item under key {} {}: {}. It counts as a miss. More of this kind are counted but"
                + " not logged.",
            printable(itemKey),
            what,
            why);
      }
    }

    /** Item keys are printable, but a key dump may list others. */
    private static String printable(String key) {
      boolean clean = key.chars().allMatch(c -> c > ' ' && c < 0x7F);
      return clean ? key : PercentText.escape(key);
    }
  }
}
