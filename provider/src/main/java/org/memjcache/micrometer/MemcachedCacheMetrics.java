// SPDX-License-Identifier: Apache-2.0
package org.memjcache.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.cache.CacheMeterBinder;
import java.util.Map;
import java.util.function.ToLongFunction;
import javax.cache.Cache;
import javax.cache.management.CacheStatisticsMXBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCache;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the counts of a cache as Micrometer meters: those that Micrometer has for every cache
 * ({@code cache.gets}, {@code cache.puts}, {@code cache.removals}), and those that only this
 * provider has, whose names begin with {@code memjcache.}:
 *
 * <ul>
 *   <li>{@code memjcache.misses}, tag {@code reason}: {@code cold}, {@code expired}, {@code
 *       cleared}, {@code version_lost}, {@code damaged}, {@code unreadable}, {@code foreign_type},
 *       {@code forged} or {@code server_away};
 *   <li>{@code memjcache.skipped}: items that iterations skipped;
 *   <li>{@code memjcache.dropped.events}: events that asynchronous listeners were too slow to hear;
 *   <li>{@code memjcache.clears}, tag {@code level}: how often this process cleared the cache and
 *       each level above it;
 *   <li>{@code memjcache.servers}: servers in the list of this process now, and {@code
 *       memjcache.servers.of.others}: servers that only other processes have in theirs;
 *   <li>{@code memjcache.discovery.lookups}, tag {@code result}: {@code success} or {@code
 *       failure}, and {@code memjcache.discovery.changes}: where the servers are discovered, how
 *       often this process has looked them up, and how often the list has changed;
 *   <li>{@code memjcache.near.hits}: hits without a round trip, which {@code cache.gets} counts,
 *       too;
 *   <li>{@code memjcache.round.trips}, and {@code memjcache.bytes}, tag {@code direction}: {@code
 *       read} or {@code written};
 *   <li>{@code memjcache.errors}, {@code memjcache.timeouts}, {@code memjcache.version.changes} and
 *       {@code memjcache.conflicts}, as described by {@link CacheInsightMXBean}.
 * </ul>
 *
 * <p>Every meter has the given tags, and a tag {@code cache} with the name of the cache. Caches of
 * different tenants usually share a name, so add a tag for the tenant. A registry has one meter for
 * a name and its tags: of two caches with the same tags it shows the counts of the first, also
 * after that was closed. A warning in the log says so.
 *
 * <p>The meters cover operations made by this process while statistics are enabled for the cache.
 * Reading a meter never contacts a server. Use this class instead of Micrometer's own {@code
 * JCacheMetrics}, which looks the counts up by the manager's URI and fails for many URIs; this
 * class works with all of them.
 *
 * <p>Thread-safe. Holds only a weak reference to the cache.
 */
public final class MemcachedCacheMetrics extends CacheMeterBinder<MemcachedCache<?, ?>> {

  private static final Logger LOG = LoggerFactory.getLogger(MemcachedCacheMetrics.class);

  private static final String ROUND_TRIPS = "memjcache.round.trips";

  /**
   * Creates the meters of a cache, to be bound to registries.
   *
   * @param cache a cache of this provider
   * @param tags tags for every meter
   * @throws IllegalArgumentException if the cache belongs to another provider
   */
  public MemcachedCacheMetrics(Cache<?, ?> cache, Iterable<Tag> tags) {
    super(cache.unwrap(MemcachedCache.class), cache.getName(), tags);
  }

  /**
   * Registers the meters of a cache.
   *
   * @param registry the registry that gets the meters
   * @param cache a cache of this provider
   * @param tags tags for every meter, as alternating keys and values, such as {@code "tenant",
   *     "Lisboa"}
   * @param <C> the type of the cache
   * @return the cache
   * @throws IllegalArgumentException if the cache belongs to another provider
   */
  public static <C extends Cache<?, ?>> C monitor(MeterRegistry registry, C cache, String... tags) {
    return monitor(registry, cache, Tags.of(tags));
  }

  /**
   * Registers the meters of a cache.
   *
   * @param registry the registry that gets the meters
   * @param cache a cache of this provider
   * @param tags tags for every meter
   * @param <C> the type of the cache
   * @return the cache
   * @throws IllegalArgumentException if the cache belongs to another provider
   */
  public static <C extends Cache<?, ?>> C monitor(
      MeterRegistry registry, C cache, Iterable<Tag> tags) {
    new MemcachedCacheMetrics(cache, tags).bindTo(registry);
    return cache;
  }

  /** Returns null: memcached does not report how many entries of a cache it holds. */
  @Override
  protected @Nullable Long size() {
    return null;
  }

  @Override
  protected long hitCount() {
    return statistic(CacheStatisticsMXBean::getCacheHits);
  }

  @Override
  protected Long missCount() {
    return statistic(CacheStatisticsMXBean::getCacheMisses);
  }

  /** Returns null: memcached does not report evictions. */
  @Override
  protected @Nullable Long evictionCount() {
    return null;
  }

  @Override
  protected long putCount() {
    return statistic(CacheStatisticsMXBean::getCachePuts);
  }

  private long statistic(ToLongFunction<CacheStatisticsMXBean> count) {
    MemcachedCache<?, ?> cache = getCache();
    return cache == null ? 0 : count.applyAsLong(cache.getStatistics());
  }

  @Override
  protected void bindImplementationSpecificMetrics(MeterRegistry registry) {
    MemcachedCache<?, ?> cache = getCache();
    if (cache == null) {
      return;
    }
    if (!cache.isStatisticsEnabled()) {
      LOG.warn(
          "Statistics of {} are disabled, so its meters stay at 0; enable them with"
              + " setStatisticsEnabled(true), or with memjcache.cache.<its name>.statistics=true in"
              + " a file",
          cache);
    }
    FunctionCounter.builder(
            "cache.removals", cache, counted -> counted.getStatistics().getCacheRemovals())
        .tags(getTagsWithCacheName())
        .description("The number of entries removed")
        .register(registry);
    int before = roundTripCounters(registry);
    bindMisses(registry, cache);
    bindTraffic(registry, cache);
    if (before > 0 && roundTripCounters(registry) == before) { // none was added
      LOG.warn(
          "The registry has meters with the tags of {} already, which show the counts of another"
              + " cache, or of one that was closed. It will not show those of this one: add tags"
              + " that tell the caches apart, such as the tenant, or remove the meters of a cache"
              + " when it is closed",
          cache);
    }
    bindServers(registry, cache);
    for (String level : cache.getInsight().getClears().keySet()) {
      counter(cache, "memjcache.clears", insight -> insight.getClears().getOrDefault(level, 0L))
          .tag("level", level)
          .description("Clears of this level of the cache's namespace by this process")
          .register(registry);
    }
  }

  private static int roundTripCounters(MeterRegistry registry) {
    return registry.find(ROUND_TRIPS).functionCounters().size();
  }

  private void bindMisses(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    Map<String, ToLongFunction<CacheInsightMXBean>> reasons =
        Map.of(
            "cold", CacheInsightMXBean::getColdMisses,
            "expired", CacheInsightMXBean::getExpiredMisses,
            "cleared", CacheInsightMXBean::getClearedMisses,
            "version_lost", CacheInsightMXBean::getVersionLostMisses,
            "damaged", CacheInsightMXBean::getDamagedMisses,
            "unreadable", CacheInsightMXBean::getUnreadableMisses,
            "foreign_type", CacheInsightMXBean::getForeignTypeMisses,
            "forged", CacheInsightMXBean::getForgedMisses,
            "server_away", CacheInsightMXBean::getServerAwayMisses);
    reasons.forEach(
        (reason, count) ->
            counter(cache, "memjcache.misses", count)
                .tag("reason", reason)
                .description("Gets that found nothing, by reason")
                .register(registry));
  }

  private void bindTraffic(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    counter(cache, "memjcache.skipped", CacheInsightMXBean::getSkippedItems)
        .description("Items that iterations skipped because they are not entries of the cache")
        .register(registry);
    counter(cache, "memjcache.dropped.events", CacheInsightMXBean::getDroppedEvents)
        .description("Events that asynchronous listeners were too slow to hear")
        .register(registry);
    counter(cache, "memjcache.loads", CacheInsightMXBean::getLoads)
        .description("Entries that the cache loader was asked for")
        .register(registry);
    counter(cache, "memjcache.loads.saved", CacheInsightMXBean::getSavedLoads)
        .description("Entries that another process had loaded, or found nothing for")
        .register(registry);
    counter(cache, "memjcache.load.waits", CacheInsightMXBean::getLoadWaits)
        .description("Entries that this process waited for another one to load")
        .register(registry);
    counter(cache, "memjcache.load.leases.lost", CacheInsightMXBean::getLostLeases)
        .description("Entries that this process waited for another one to load, in vain")
        .register(registry);
    counter(cache, "memjcache.stale.served", CacheInsightMXBean::getStaleServed)
        .description("Entries that were cleared softly, and served while somebody loaded them")
        .register(registry);
    counter(cache, "memjcache.refreshes", CacheInsightMXBean::getRefreshes)
        .description("Entries that were loaded anew before they expired")
        .register(registry);
    counter(cache, "memjcache.near.hits", CacheInsightMXBean::getNearHits)
        .description("Hits that were served from the memory of this process")
        .register(registry);
    counter(cache, ROUND_TRIPS, CacheInsightMXBean::getRoundTrips)
        .description("Round trips to the servers")
        .register(registry);
    bindBytes(registry, cache, "read", CacheInsightMXBean::getBytesRead);
    bindBytes(registry, cache, "written", CacheInsightMXBean::getBytesWritten);
    counter(cache, "memjcache.errors", CacheInsightMXBean::getErrors)
        .description("Failed round trips, and values that a server rejected")
        .register(registry);
    counter(cache, "memjcache.timeouts", CacheInsightMXBean::getTimeouts)
        .description("Errors because no answer came in time")
        .register(registry);
    counter(cache, "memjcache.version.changes", CacheInsightMXBean::getVersionChanges)
        .description("Round trips repeated because a level was cleared or its version was lost")
        .register(registry);
    counter(cache, "memjcache.conflicts", CacheInsightMXBean::getConflictRetries)
        .description("Updates repeated because another thread or process changed the entry")
        .register(registry);
  }

  private void bindServers(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    Gauge.builder("memjcache.servers", cache, read -> read.getInsight().getServers())
        .tags(getTagsWithCacheName())
        .description("Servers that this process has in its list now")
        .register(registry);
    Gauge.builder(
            "memjcache.servers.of.others", cache, read -> read.getInsight().getServersOfOthers())
        .tags(getTagsWithCacheName())
        .description("Servers that other processes use and this one doesn't have in its list")
        .register(registry);
    bindLookups(
        registry,
        cache,
        "success",
        insight -> insight.getDiscoveryLookups() - insight.getDiscoveryFailures());
    bindLookups(registry, cache, "failure", CacheInsightMXBean::getDiscoveryFailures);
    counter(cache, "memjcache.discovery.changes", CacheInsightMXBean::getDiscoveryChanges)
        .description("Changes of the list of servers that were discovered")
        .register(registry);
  }

  private void bindLookups(
      MeterRegistry registry,
      MemcachedCache<?, ?> cache,
      String result,
      ToLongFunction<CacheInsightMXBean> count) {
    counter(cache, "memjcache.discovery.lookups", count)
        .tag("result", result)
        .description("Look-ups of which servers there are")
        .register(registry);
  }

  private void bindBytes(
      MeterRegistry registry,
      MemcachedCache<?, ?> cache,
      String direction,
      ToLongFunction<CacheInsightMXBean> count) {
    counter(cache, "memjcache.bytes", count)
        .tag("direction", direction)
        .baseUnit(BaseUnits.BYTES)
        .description("Bytes of entries, without keys and versions")
        .register(registry);
  }

  private FunctionCounter.Builder<MemcachedCache<?, ?>> counter(
      MemcachedCache<?, ?> cache, String name, ToLongFunction<CacheInsightMXBean> count) {
    return FunctionCounter.<MemcachedCache<?, ?>>builder(
            name, cache, counted -> count.applyAsLong(counted.getInsight()))
        .tags(getTagsWithCacheName());
  }
}
