package org.memjcache;

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
import org.memjcache.internal.cache.OpenCache;
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
 *       older entry. It costs one round trip, however many entries there are.
 *   <li>An entry is never returned after its deadline, nor to a cache of another namespace.
 *   <li>Conditional updates and {@link #invoke} are atomic over all processes.
 *   <li>Values are stored by value.
 * </ul>
 *
 * <p>memcached may evict any entry at any time. Listeners and statistics cover only operations made
 * by this process through this cache. If a server doesn't answer in time, operations throw a {@link
 * javax.cache.CacheException} that names it.
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
  private volatile boolean closed;

  private MemcachedCache(MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    this.manager = manager;
    this.name = name;
    this.parts =
        new OpenCache<>(
            this,
            settings,
            (policy, metrics) -> manager.namespace(name, policy, metrics),
            manager::envelopes,
            manager.valueClassLoader(),
            new MBeans(manager.uri(), name));
  }

  /** Creates a cache, with its listeners, and without its managed beans. */
  static <K, V> MemcachedCache<K, V> create(
      MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    MemcachedCache<K, V> cache = new MemcachedCache<>(manager, name, settings);
    try {
      cache.parts.registerConfiguredListeners();
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
    return cache;
  }

  OpenCache<K, V> parts() {
    return parts;
  }

  /**
   * Returns whether statistics are enabled now.
   *
   * @return whether {@link #getStatistics} and {@link #getInsight} count
   */
  public boolean isStatisticsEnabled() {
    return parts.isStatisticsEnabled();
  }

  /**
   * Returns JCache's statistics, also while no managed bean shows them. They stay at zero until
   * statistics are enabled.
   *
   * @return a live view, which also works after the cache was closed
   */
  public CacheStatisticsMXBean getStatistics() {
    return parts.statistics();
  }

  /**
   * Returns what JCache's statistics leave open, also while no managed bean shows it. The counts
   * stay at zero until statistics are enabled.
   *
   * @return a live view, which also works after the cache was closed
   */
  public CacheInsightMXBean getInsight() {
    return parts.insight();
  }

  @Override
  @SuppressWarnings("NullAway") // Cache is older than nullness annotations: null if missing
  public V get(K key) {
    requireOpen();
    return parts.reads().get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    requireOpen();
    return parts.reads().getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    requireOpen();
    return parts.reads().containsKey(key);
  }

  @Override
  public void loadAll(
      Set<? extends K> keys,
      boolean replaceExistingValues,
      @Nullable CompletionListener completionListener) {
    requireOpen();
    parts.loads().loadAll(keys, replaceExistingValues, completionListener);
  }

  @Override
  public void put(K key, V value) {
    requireOpen();
    parts.writes().put(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndPut(K key, V value) {
    requireOpen();
    return parts.writes().getAndPut(key, value);
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    requireOpen();
    parts.writes().putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    requireOpen();
    return parts.writes().putIfAbsent(key, value);
  }

  @Override
  public boolean remove(K key) {
    requireOpen();
    return parts.removals().remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    requireOpen();
    return parts.removals().remove(key, oldValue);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndRemove(K key) {
    requireOpen();
    return parts.removals().getAndRemove(key);
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    requireOpen();
    return parts.writes().replace(key, oldValue, newValue);
  }

  @Override
  public boolean replace(K key, V value) {
    requireOpen();
    return parts.writes().replace(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndReplace(K key, V value) {
    requireOpen();
    return parts.writes().getAndReplace(key, value);
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    requireOpen();
    parts.removals().removeAll(keys);
  }

  @Override
  public void removeAll() {
    requireOpen();
    parts.removals().removeAll();
  }

  /**
   * Clears the cache for all processes, by one increment.
   *
   * @throws javax.cache.CacheException if the server that holds the cache's version doesn't answer
   *     in time; then it isn't known whether the cache is cleared
   */
  @Override
  public void clear() {
    requireOpen();
    parts.removals().clear();
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public <T> T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    return parts.processors().invoke(key, entryProcessor, arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    return parts.processors().invokeAll(keys, entryProcessor, arguments);
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    requireOpen();
    return parts.iterator(this);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    requireOpen();
    Objects.requireNonNull(configuration, "The listener configuration is null");
    parts.register(configuration);
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    requireOpen();
    Objects.requireNonNull(configuration, "The listener configuration is null");
    parts.deregister(configuration);
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
   * and listeners. Deletes nothing in memcached.
   */
  @Override
  public void close() {
    if (closeOnce()) {
      manager.forget(this);
      parts.close();
    }
  }

  /** Clears the cache in memcached, after it was closed to be destroyed. */
  void clearClosed() {
    parts.removals().clear();
  }

  /** Returns true for the first caller only. */
  private synchronized boolean closeOnce() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, "The cache");
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("The cache '" + parts + "' is closed");
    }
  }

  @Override
  public String toString() {
    return "MemcachedCache[" + parts + "]";
  }
}
