package org.memjcache.internal.codec.envelope;

import java.util.EnumMap;
import java.util.Map;
import org.memjcache.internal.text.PercentText;
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

  private static final int LONGEST_REASON = 1000;

  /** No map of its own until something was damaged: every cache has such counters. */
  private Map<Kind, Long> counts = Map.of();

  /** Makes counters that start at zero. */
  public DamageCounters() {}

  /**
   * Returns how many items were of another program, or of a format or encoding that is unknown.
   *
   * @return the number so far
   */
  public long foreign() {
    return count(Kind.FOREIGN);
  }

  /**
   * Returns how many items were damaged, shortened, or copied from another key.
   *
   * @return the number so far
   */
  public long damaged() {
    return count(Kind.DAMAGED);
  }

  /**
   * Returns how many items were of another entry, whose key has the same hash.
   *
   * @return the number so far
   */
  public long collisions() {
    return count(Kind.COLLISION);
  }

  /**
   * Returns how many items were not signed with a secret of this manager: written by somebody who
   * doesn't have it, or signed and then damaged, or copied from another key.
   *
   * @return the number so far; 0 if there is no secret
   */
  public long forged() {
    return count(Kind.FORGED);
  }

  /**
   * Returns how many items a key dump listed whose key can't be read in this process, or isn't one
   * of the cache's.
   *
   * @return the number so far
   */
  public long unreadableKeys() {
    return count(Kind.UNREADABLE_KEY);
  }

  /**
   * Counts an item that a key dump listed and whose key can't be read.
   *
   * @param itemKey the key of the item
   * @param why why it can't, for the log; may have been chosen by whoever wrote the item
   */
  public void countUnreadableKey(String itemKey, String why) {
    add(Kind.UNREADABLE_KEY, itemKey, why);
  }

  void countForeign(String itemKey, String why) {
    add(Kind.FOREIGN, itemKey, why);
  }

  void countDamaged(String itemKey, String why) {
    add(Kind.DAMAGED, itemKey, why);
  }

  void countCollision(String itemKey) {
    add(Kind.COLLISION, itemKey, "its full key is another one, with the same hash");
  }

  void countForged(String itemKey, String why) {
    add(Kind.FORGED, itemKey, why);
  }

  private synchronized long count(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  private synchronized long increment(Kind kind) {
    if (counts.isEmpty()) {
      counts = new EnumMap<>(Kind.class);
    }
    return counts.merge(kind, 1L, Long::sum);
  }

  private void add(Kind kind, String itemKey, String why) {
    if (increment(kind) == 1) {
      LOG.warn(
          "The item under key {} {}: {}. It counts as a miss. More of this kind are counted but"
              + " not logged.",
          printable(itemKey),
          kind.what,
          quoted(why));
    }
  }

  /** Reasons may quote what somebody else stored, which must not get a line of its own. */
  private static String quoted(String why) {
    String start = why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON) + "…";
    return start.replaceAll("\\p{Cc}|\\p{Zl}|\\p{Zp}", "?");
  }

  /** Item keys are printable, but a key dump may list others. */
  private static String printable(String key) {
    boolean clean = key.chars().allMatch(c -> c > ' ' && c < 0x7F);
    return clean ? key : PercentText.escape(key);
  }

  private enum Kind {
    FOREIGN("is not an envelope that can be read"),
    DAMAGED("is damaged"),
    COLLISION("holds another entry"),
    UNREADABLE_KEY("has a key that can't be read"),
    FORGED("was not signed with the secret of this manager");

    final String what;

    Kind(String what) {
      this.what = what;
    }
  }
}
