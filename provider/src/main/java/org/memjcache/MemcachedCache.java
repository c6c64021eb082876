// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CompletionListener;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.cache.Closing;
import org.memjcache.internal.cache.OpenCache;
import org.memjcache.internal.common.Closed;
import org.memjcache.internal.common.Unwrapping;
import org.memjcache.internal.config.CacheSettings;
import org.memjcache.internal.metrics.MBeans;

/**
 * A cache: a view of one namespace in a shared memcached cluster.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>After {@link #clear()} returned, no operation that begins later, in any process, sees an
 *       older entry. It costs one round trip, however many entries there are. That is so with the
 *       defaults; {@link Consistency} and {@link FailureMode} say what others trade for it.
 *   <li>An entry is never returned after its deadline, nor to a cache of another namespace.
 *   <li>Conditional updates and {@link #invoke} are atomic over all processes.
 *   <li>Values are stored by value.
 * </ul>
 *
 * <p>memcached may evict any entry at any time. Listeners and statistics cover only operations made
 * by this process through this cache. If a server doesn't answer in time, operations throw a {@link
 * javax.cache.CacheException} that names it, or with {@link FailureMode#MISS} do without it.
 *
 * <p>Thread-safe.
 *
 * @param <K> the type of keys
 * @param <V> the type of values
 */
public final class MemcachedCache<K, V> implements Cache<K, V> {

  private final MemcachedCacheManager manager;
  private final String name;
  private final OpenCache<K, V> parts;
  private final Closing closing = new Closing();

  private MemcachedCache(MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    this.manager = manager;
    this.name = name;
    this.parts =
        new OpenCache<>(
            this,
            settings,
            manager.parts(),
            manager.classes(),
            new MBeans(manager.uri(), manager.classLoaderReference(), name));
  }

  /** Creates a cache, with its listeners, and without its managed beans. */
  static <K, V> MemcachedCache<K, V> create(
      MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    MemcachedCache<K, V> cache = new MemcachedCache<>(manager, name, settings);
    try {
      cache.parts.registerConfiguredListeners();
    } catch (RuntimeException | Error e) {
      cache.close();
      throw e;
    }
    return cache;
  }

  OpenCache<K, V> parts() {
    return parts;
  }

  /** {@return whether {@link #getStatistics} and {@link #getInsight} count now} */
  public boolean isStatisticsEnabled() {
    return parts.isStatisticsEnabled();
  }

  /**
   * {@return a live view of JCache's statistics} It works also while no managed bean shows them and
   * after the cache was closed. They stay at zero until statistics are enabled.
   */
  public CacheStatisticsMXBean getStatistics() {
    return parts.statistics();
  }

  /** {@return a live view of what JCache's statistics leave open} As {@link #getStatistics}. */
  public CacheInsightMXBean getInsight() {
    return parts.insight();
  }

  @Override
  @SuppressWarnings("NullAway") // Cache is older than nullness annotations: null if missing
  public V get(K key) {
    return open().reads().get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    return open().reads().getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    return open().reads().containsKey(key);
  }

  @Override
  public void loadAll(
      Set<? extends K> keys,
      boolean replaceExistingValues,
      @Nullable CompletionListener completionListener) {
    open().loads().loadAll(keys, replaceExistingValues, completionListener);
  }

  @Override
  public void put(K key, V value) {
    open().writes().put(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndPut(K key, V value) {
    return open().writes().getAndPut(key, value);
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    open().writes().putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    return open().writes().putIfAbsent(key, value);
  }

  @Override
  public boolean remove(K key) {
    return open().removals().remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    return open().removals().remove(key, oldValue);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndRemove(K key) {
    return open().removals().getAndRemove(key);
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    return open().writes().replace(key, oldValue, newValue);
  }

  @Override
  public boolean replace(K key, V value) {
    return open().writes().replace(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndReplace(K key, V value) {
    return open().writes().getAndReplace(key, value);
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    open().removals().removeAll(keys);
  }

  @Override
  public void removeAll() {
    open().removals().removeAll();
  }

  /**
   * Clears the cache for all processes, by one increment; softly with the option {@code
   * clear.grace} or its cache setting ({@link #clear(Duration)}). With {@link Consistency#BOUNDED}
   * other processes notice it after {@code staleness} at the latest.
   *
   * @throws javax.cache.CacheException if the server that holds the cache's version doesn't answer
   *     in time; then it isn't known whether the cache is cleared. Not with {@link
   *     FailureMode#MISS}: then the clear is pending, and made once the server is back
   */
  @Override
  public void clear() {
    open().removals().clear();
  }

  /**
   * Clears the cache for all processes, softly: within the grace, an entry that was there before,
   * and that nobody has changed since, may still be returned to those who would otherwise wait for
   * somebody who loads it: to {@code get} and {@code getAll} with read-through, and to an entry
   * processor that doesn't change the entry. One caller in all processes loads it. After the grace
   * nothing of it is returned any more.
   *
   * <p>Caches without a {@linkplain MemcachedConfiguration#setLoadLease load lease} are cleared as
   * by {@link #clear()}. So is what could not be cleared at once because a server was away.
   *
   * @param grace how long from now on, by the clock of this process; zero for not at all
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   * @throws javax.cache.CacheException as {@link #clear()}
   */
  public void clear(Duration grace) {
    open().removals().clear(LoadingConfiguration.requireGrace(grace));
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public <T> T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    return open().processors().invoke(key, entryProcessor, arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    return open().processors().invokeAll(keys, entryProcessor, arguments);
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    return open().iterator(this);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    open().register(Objects.requireNonNull(configuration, "The listener configuration is null"));
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    open().deregister(Objects.requireNonNull(configuration, "The listener configuration is null"));
  }

  @Override
  public String getName() {
    return name;
  }

  @Override
  public MemcachedCacheManager getCacheManager() {
    return manager;
  }

  /**
   * Returns a copy of the present configuration, including what the manager's configuration added.
   */
  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    MemcachedConfiguration<K, V> configuration = parts.configuration();
    // As JCache knows it where that will do, so that it equals the one that a program made.
    CompleteConfiguration<K, V> plain = new MutableConfiguration<>(configuration);
    if (type.isInstance(plain)) {
      return type.cast(plain);
    }
    if (type.isInstance(configuration)) {
      return type.cast(new MemcachedConfiguration<>(configuration));
    }
    throw new IllegalArgumentException(
        String.format(
            "The configuration can't be returned as %s, only as %s or %s and what that implements",
            type.getName(),
            MemcachedConfiguration.class.getName(),
            MutableConfiguration.class.getName()));
  }

  /**
   * Closes the cache in this process: ends its loads, and closes its loader, writer, expiry policy
   * and listeners. Deletes nothing in memcached. If another thread is closing the cache, waits
   * until that is done. Waits for its loads at most ten seconds, and then interrupts them.
   */
  @Override
  public void close() {
    closeBy(System.nanoTime() + MemcachedCacheManager.CLOSING.toNanos());
  }

  /** Closes the cache; waits for its loads and listeners until a deadline. */
  void closeBy(long deadline) {
    closing.run(
        () -> {
          manager.beginClosing(this);
          parts.closeBy(deadline);
          manager.endClosing(this); // else the manager closes it again
        });
  }

  /** Clears the cache in memcached, after it was closed to be destroyed. */
  void clearClosed() {
    parts.removals().clear(Duration.ZERO);
  }

  @Override
  public boolean isClosed() {
    return closing.hasBegun();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, "The cache");
  }

  private OpenCache<K, V> open() {
    if (closing.hasBegun()) {
      throw Closed.cache(parts.toString());
    }
    return parts;
  }

  @Override
  public String toString() {
    return "MemcachedCache[" + parts + "]";
  }
}
