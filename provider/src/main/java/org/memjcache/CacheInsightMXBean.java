// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.util.Map;

/**
 * What JCache's statistics leave open: why entries were not found, what was cleared, what
 * operations cost and what got in their way.
 *
 * <p>The counts cover this process since the cache was created. They are kept while the statistics
 * of the cache are enabled (clears always), and shown under the name {@code
 * org.memjcache:type=CacheInsight,CacheManager=<uri>,Cache=<name>}.
 */
public interface CacheInsightMXBean {

  /** {@return the misses of entries that were never stored, or were removed or evicted} */
  long getColdMisses();

  /** {@return the misses of entries that were there, past their deadline} */
  long getExpiredMisses();

  /** {@return the misses that found a level of the namespace cleared since the last look} */
  long getClearedMisses();

  /** {@return the misses that found the version of a level evicted or lost with its server} */
  long getVersionLostMisses();

  /**
   * {@return the misses where something was stored that is not an entry of this cache: damaged,
   * foreign, or of an unknown format}
   */
  long getDamagedMisses();

  /**
   * {@return the misses of entries whose value this process can't read} Its class is missing, has
   * changed, or isn't allowed here; mostly a process of another release stored it.
   */
  long getUnreadableMisses();

  /** {@return the misses of entries whose value is not of the type that the cache declares} */
  long getForeignTypeMisses();

  /**
   * {@return the misses where something was stored that was not signed with a secret of this
   * manager} With the option {@code secret}: a process without the secret wrote it, or copied it
   * from another key, or it is damaged. 0 without a secret.
   */
  long getForgedMisses();

  /**
   * {@return the items that iterations found under keys of this cache and skipped} They are
   * damaged, forged, foreign, of an unknown format, or have a key that this process can't read or
   * that is not of the type of the cache's keys. {@code removeAll()} iterates, too.
   */
  long getSkippedItems();

  /**
   * {@return the events that asynchronous listeners did not hear, because they were too slow} Each
   * event counts once for each listener. See the options {@code listener.events}, {@code
   * listener.bytes} and {@code listener.wait}.
   */
  long getDroppedEvents();

  /** {@return the entries that the cache loader was asked for by this process} */
  long getLoads();

  /**
   * {@return the entries for which this process did not ask the loader, since another process had
   * just done so} With the options {@code load.lease} and {@code load.null}.
   */
  long getSavedLoads();

  /**
   * {@return the entries that this process waited for another one to load} With {@code load.lease}.
   */
  long getLoadWaits();

  /**
   * {@return the entries that this process waited for another one to load, in vain} The other one
   * failed, ended, or took longer than its lease or {@code load.wait}.
   */
  long getLostLeases();

  /**
   * {@return the entries that were cleared softly, and served while somebody loaded them} With
   * {@link MemcachedCache#clear(java.time.Duration)} or the option {@code clear.grace}. JCache's
   * statistics count them as misses, too.
   */
  long getStaleServed();

  /**
   * {@return the entries that this process loaded anew before they expired} With the cache setting
   * {@code refreshAfter}.
   */
  long getRefreshes();

  /** {@return the misses because a server was away} With the option {@code failure=miss}. */
  long getServerAwayMisses();

  /**
   * {@return how often this process cleared each level of the cache's namespace since it first used
   * the level, by the path of the level} The cache itself is the last level.
   */
  Map<String, Long> getClears();

  /**
   * {@return how many servers are in the list of this process now} 0 while they are to be
   * discovered and none is known.
   */
  int getServers();

  /**
   * {@return how often this process has looked up which servers there are, with servers that are
   * discovered} Failures count, too. Where it stands still, a look-up takes longer than it should.
   * 0 if the servers are listed.
   */
  long getDiscoveryLookups();

  /** {@return how many of these look-ups have failed} While they do, the list stays as it was. */
  long getDiscoveryFailures();

  /**
   * {@return how often the list of servers has changed, after it was known} Each change costs the
   * entries that another server has from then on: they are missed once.
   */
  long getDiscoveryChanges();

  /**
   * {@return how many servers other processes use that are not in the list of this one, as far as
   * it knows} It should be 0, but for the moments in which the list of all processes is being
   * changed: what one of them stores on such a server this one doesn't find. Clears go there, too.
   */
  int getServersOfOthers();

  /**
   * {@return the failures of round trips, and the values that a server rejected} A round trip fails
   * if a server is away, doesn't answer in time or answers with an error. With {@code failure=miss}
   * this includes failures that operations went on without.
   */
  long getErrors();

  /** {@return those of the errors where no answer came within the option {@code timeout}} */
  long getTimeouts();

  /** {@return the round trips that were repeated because a version had changed or was lost} */
  long getVersionChanges();

  /**
   * {@return the changes of entries that were decided and made again because another thread or
   * process had changed the entry in between}
   */
  long getConflictRetries();

  /**
   * {@return the hits that were served from the memory of this process, without a round trip} With
   * the cache setting {@code near}. JCache's statistics count them as hits, too.
   */
  long getNearHits();

  /**
   * {@return the round trips to memcached, each to one server or to several at once} Those that
   * create a lost version or list the keys of a server aren't counted.
   */
  long getRoundTrips();

  /** {@return how much was read, in bytes of entries as memcached keeps them, without keys} */
  long getBytesRead();

  /** {@return how much was sent to be stored, in bytes as for {@link #getBytesRead}} */
  long getBytesWritten();
}
