package org.memjcache.management;

import java.util.Map;

/**
 * What JCache's statistics leave open: why entries were not found, and what was cleared.
 *
 * <p>Counts are of this process, since the cache was made. They are kept while the cache's
 * statistics are enabled, and shown under the name {@code
 * org.memjcache:type=CacheInsight,CacheManager=<uri>,Cache=<name>}.
 */
public interface CacheInsightMXBean {

  /**
   * Returns the misses of entries that were never stored, or were removed or evicted.
   *
   * @return the count
   */
  long getColdMisses();

  /**
   * Returns the misses of entries that were there, past their deadline.
   *
   * @return the count
   */
  long getExpiredMisses();

  /**
   * Returns the misses that found a level of the namespace cleared by somebody since this process
   * last looked.
   *
   * @return the count
   */
  long getClearedMisses();

  /**
   * Returns the misses that found the version of a level evicted or lost with its server.
   *
   * @return the count
   */
  long getVersionLostMisses();

  /**
   * Returns the misses where something was stored that is not an entry of this cache: damaged,
   * foreign, or of an unknown format.
   *
   * @return the count
   */
  long getDamagedMisses();

  /**
   * Returns the misses because a server was away (option {@code failure=miss}).
   *
   * @return the count
   */
  long getServerAwayMisses();

  /**
   * Returns how often this process cleared each level of the cache's namespace, the cache itself
   * among them, since it first used the level.
   *
   * @return counts by the path of the level
   */
  Map<String, Long> getClears();
}
