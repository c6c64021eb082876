package org.memjcache;

import java.util.Map;

/**
 * What JCache's statistics leave open: why entries were not found, what was cleared, what
 * operations cost and what came in their way.
 *
 * <p>Counts are of this process, since the cache was made. They are kept while the cache's
 * statistics are enabled (clears always), and shown under the name {@code
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
   * Returns the misses where something was stored that was not signed with a secret of this manager
   * (option {@code secret}): somebody without the secret wrote it, or copied it from another key,
   * or it is damaged.
   *
   * @return the count; 0 without a secret
   */
  long getForgedMisses();

  /**
   * Returns the items that iterations found under keys of this cache and skipped, {@code
   * removeAll()} among them: damaged, forged, foreign, of an unknown format, or with a key that
   * can't be read in this process or is of another type than the cache's keys.
   *
   * @return the count
   */
  long getSkippedItems();

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

  /**
   * Returns the failures of round trips: a server was away, didn't answer in time or answered with
   * an error; and the values that a server would not take. With {@code failure=miss} those that
   * operations went on without are among them.
   *
   * @return the count
   */
  long getErrors();

  /**
   * Returns those of the errors that were no answer within the option {@code timeout}.
   *
   * @return the count
   */
  long getTimeouts();

  /**
   * Returns the round trips that were made again, because somebody had cleared a level of the
   * namespace since this process last looked, or its version was lost.
   *
   * @return the count
   */
  long getVersionChanges();

  /**
   * Returns the changes of entries that were decided and made again, because another thread or
   * process had changed the entry in between.
   *
   * @return the count
   */
  long getConflictRetries();

  /**
   * Returns the round trips to memcached, to several servers at once or to one. Those that create a
   * lost version or list the keys of a server aren't counted.
   *
   * @return the count
   */
  long getRoundTrips();

  /**
   * Returns how much was read.
   *
   * @return bytes of entries as memcached keeps them, without keys and versions
   */
  long getBytesRead();

  /**
   * Returns how much was sent to be stored.
   *
   * @return bytes of entries as memcached keeps them, without keys
   */
  long getBytesWritten();
}
