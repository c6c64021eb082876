package org.memjcache.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
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
 * Shows the counts of a cache as Micrometer's meters: those that all caches have there ({@code
 * cache.gets}, {@code cache.puts}, {@code cache.removals}), and those that only this provider has,
 * whose names begin with {@code memjcache.}:
 *
 * <ul>
 *   <li>{@code memjcache.misses}, tag {@code reason}: {@code cold}, {@code expired}, {@code
 *       cleared}, {@code version_lost}, {@code damaged}, {@code forged} or {@code server_away};
 *   <li>{@code memjcache.skipped}: the items that iterations skipped;
 *   <li>{@code memjcache.clears}, tag {@code level}: how often this process cleared the cache and
 *       each level above it;
 *   <li>{@code memjcache.round.trips}, and {@code memjcache.bytes}, tag {@code direction}: {@code
 *       read} or {@code written};
 *   <li>{@code memjcache.errors}, {@code memjcache.timeouts}, {@code memjcache.version.changes} and
 *       {@code memjcache.conflicts}, as {@link CacheInsightMXBean} describes them.
 * </ul>
 *
 * <p>Every meter has the tag {@code cache} with the cache's name, and the tags that are given.
 * Caches of several tenants have the same name, so give the tenant as a tag.
 *
 * <p>The counts are of this process, and are made while the cache's statistics are enabled. No
 * meter asks a server anything. In place of Micrometer's own {@code JCacheMetrics}, which finds the
 * counts by the text of the manager's URI and fails for many: this works with every URI.
 *
 * <p>Thread-safe. Keeps the cache from being collected no longer than the application does.
 */
public final class MemcachedCacheMetrics extends CacheMeterBinder<MemcachedCache<?, ?>> {

  private static final Logger LOG = LoggerFactory.getLogger(MemcachedCacheMetrics.class);

  /**
   * Makes the meters of a cache, to be bound to registries.
   *
   * @param cache a cache of this provider
   * @param tags tags of every meter
   * @throws IllegalArgumentException if the cache is of another provider
   */
  public MemcachedCacheMetrics(Cache<?, ?> cache, Iterable<Tag> tags) {
    super(cache.unwrap(MemcachedCache.class), cache.getName(), tags);
  }

  /**
   * Shows the counts of a cache in a registry.
   *
   * @param registry where the meters go
   * @param cache a cache of this provider
   * @param tags tags of every meter, key and value in turn, such as {@code "tenant", "Lisboa"}
   * @param <C> the type of the cache
   * @return the cache
   * @throws IllegalArgumentException if the cache is of another provider
   */
  public static <C extends Cache<?, ?>> C monitor(MeterRegistry registry, C cache, String... tags) {
    return monitor(registry, cache, Tags.of(tags));
  }

  /**
   * Shows the counts of a cache in a registry.
   *
   * @param registry where the meters go
   * @param cache a cache of this provider
   * @param tags tags of every meter
   * @param <C> the type of the cache
   * @return the cache
   * @throws IllegalArgumentException if the cache is of another provider
   */
  public static <C extends Cache<?, ?>> C monitor(
      MeterRegistry registry, C cache, Iterable<Tag> tags) {
    new MemcachedCacheMetrics(cache, tags).bindTo(registry);
    return cache;
  }

  /** Returns null: nobody can tell how many entries of a cache memcached still holds. */
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

  /** Returns null: memcached evicts without a word. */
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
          "The statistics of {} are disabled, so its meters stay at 0; enable them with"
              + " setStatisticsEnabled(true), or in a file with memjcache.cache.{}.statistics=true",
          cache,
          cache.getName());
    }
    FunctionCounter.builder(
            "cache.removals", cache, counted -> counted.getStatistics().getCacheRemovals())
        .tags(getTagsWithCacheName())
        .description("The number of entries removed")
        .register(registry);
    bindMisses(registry, cache);
    bindSkipped(registry, cache);
    bindClears(registry, cache);
    bindTraffic(registry, cache);
  }

  private void bindMisses(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    Map<String, ToLongFunction<CacheInsightMXBean>> reasons =
        Map.of(
            "cold", CacheInsightMXBean::getColdMisses,
            "expired", CacheInsightMXBean::getExpiredMisses,
            "cleared", CacheInsightMXBean::getClearedMisses,
            "version_lost", CacheInsightMXBean::getVersionLostMisses,
            "damaged", CacheInsightMXBean::getDamagedMisses,
            "forged", CacheInsightMXBean::getForgedMisses,
            "server_away", CacheInsightMXBean::getServerAwayMisses);
    reasons.forEach(
        (reason, count) ->
            counter(cache, "memjcache.misses", count)
                .tag("reason", reason)
                .description("Gets that found nothing, by the reason")
                .register(registry));
  }

  private void bindSkipped(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    counter(cache, "memjcache.skipped", CacheInsightMXBean::getSkippedItems)
        .description("Items that iterations skipped, because they are no entries of the cache")
        .register(registry);
  }

  private void bindClears(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    for (String level : cache.getInsight().getClears().keySet()) {
      counter(cache, "memjcache.clears", insight -> insight.getClears().getOrDefault(level, 0L))
          .tag("level", level)
          .description("Clears of this level of the cache's namespace by this process")
          .register(registry);
    }
  }

  private void bindTraffic(MeterRegistry registry, MemcachedCache<?, ?> cache) {
    counter(cache, "memjcache.round.trips", CacheInsightMXBean::getRoundTrips)
        .description("Round trips to the servers")
        .register(registry);
    counter(cache, "memjcache.bytes", CacheInsightMXBean::getBytesRead)
        .tag("direction", "read")
        .baseUnit(BaseUnits.BYTES)
        .description("Bytes of entries, without keys and versions")
        .register(registry);
    counter(cache, "memjcache.bytes", CacheInsightMXBean::getBytesWritten)
        .tag("direction", "written")
        .baseUnit(BaseUnits.BYTES)
        .description("Bytes of entries, without keys and versions")
        .register(registry);
    counter(cache, "memjcache.errors", CacheInsightMXBean::getErrors)
        .description("Round trips that failed, and values that were refused")
        .register(registry);
    counter(cache, "memjcache.timeouts", CacheInsightMXBean::getTimeouts)
        .description("Those of the errors that got no answer in time")
        .register(registry);
    counter(cache, "memjcache.version.changes", CacheInsightMXBean::getVersionChanges)
        .description("Round trips made again, because a level was cleared or its version lost")
        .register(registry);
    counter(cache, "memjcache.conflicts", CacheInsightMXBean::getConflictRetries)
        .description("Updates made again, because somebody else changed the entry in between")
        .register(registry);
  }

  private FunctionCounter.Builder<MemcachedCache<?, ?>> counter(
      MemcachedCache<?, ?> cache, String name, ToLongFunction<CacheInsightMXBean> count) {
    return FunctionCounter.<MemcachedCache<?, ?>>builder(
            name, cache, counted -> count.applyAsLong(counted.getInsight()))
        .tags(getTagsWithCacheName());
  }
}
