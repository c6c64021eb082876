package org.memjcache;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.configuration.CacheEntryListenerConfiguration;
import javax.cache.configuration.CompleteConfiguration;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.Factory;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CompletionListener;
import javax.cache.management.CacheStatisticsMXBean;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.config.CacheSettings;
import org.memjcache.internal.entry.MemcachedEntryStore;
import org.memjcache.internal.event.EventPublisher;
import org.memjcache.internal.integration.Loader;
import org.memjcache.internal.integration.PluggableParts;
import org.memjcache.internal.integration.Writer;
import org.memjcache.internal.metrics.CacheConfigurationView;
import org.memjcache.internal.metrics.CacheInsight;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.metrics.MBeans;
import org.memjcache.internal.namespace.ConsistencyPolicy;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.operation.CacheContext;
import org.memjcache.internal.operation.EntryIterator;
import org.memjcache.internal.operation.EntryTypes;
import org.memjcache.internal.operation.Expiry;
import org.memjcache.internal.operation.Loads;
import org.memjcache.internal.operation.Processors;
import org.memjcache.internal.operation.Reads;
import org.memjcache.internal.operation.Removals;
import org.memjcache.internal.operation.Writes;

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
 * <p>memcached may evict any entry at any time. Listeners hear, and statistics count, what this
 * process does through this cache. If a server doesn't answer in time, operations throw a {@link
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
  private final CacheSettings<K, V> settings;
  private final Serializer serializer;
  private final CacheContext<K, V> context;
  private final MBeans mbeans;
  private final Loads<K, V> loads;
  private volatile boolean closed;

  private MemcachedCache(MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    this.manager = manager;
    this.name = name;
    this.settings = settings;
    MemcachedConfiguration<K, V> configuration = settings.snapshot();
    this.serializer = serializer(manager, configuration);
    this.context = context(this, configuration);
    this.mbeans = new MBeans(manager.uri(), name);
    this.loads = new Loads<>(context);
  }

  /** Makes a cache, with its listeners, and without its managed beans. */
  static <K, V> MemcachedCache<K, V> create(
      MemcachedCacheManager manager, String name, CacheSettings<K, V> settings) {
    MemcachedCache<K, V> cache = new MemcachedCache<>(manager, name, settings);
    try {
      for (CacheEntryListenerConfiguration<K, V> listener :
          settings.snapshot().getCacheEntryListenerConfigurations()) {
        cache.context.events().register(listener);
      }
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
    return cache;
  }

  private static Serializer serializer(
      MemcachedCacheManager manager, MemcachedConfiguration<?, ?> configuration) {
    Factory<? extends Serializer> factory = configuration.getSerializerFactory();
    if (factory != null) {
      return PluggableParts.create(factory, "serializer");
    }
    AllowList allowed = AllowList.parse(String.join(",", configuration.getAllowedClasses()));
    return new JavaSerializer(
        manager.valueClassLoader(),
        allowed.and(configuration.getKeyType(), configuration.getValueType()));
  }

  private static ConsistencyPolicy policy(MemcachedConfiguration<?, ?> configuration) {
    return ConsistencyPolicy.of(
        Objects.requireNonNull(configuration.getStaleness()),
        configuration.getFailureMode() == FailureMode.MISS);
  }

  private static <K, V> CacheContext<K, V> context(
      MemcachedCache<K, V> cache, MemcachedConfiguration<K, V> configuration) {
    CacheMetrics metrics = new CacheMetrics();
    metrics.setEnabled(configuration.isStatisticsEnabled());
    Namespace namespace = cache.manager.namespace(cache.name, policy(configuration), metrics);
    List<Object> created = new ArrayList<>(List.of(cache.serializer));
    try {
      Expiry expiry =
          Expiry.of(PluggableParts.create(configuration.getExpiryPolicyFactory(), "expiry policy"));
      created.add(expiry);
      Loader<K, V> loader = Loader.of(configuration.getCacheLoaderFactory());
      created.add(loader);
      Writer<K, V> writer =
          Writer.of(configuration.isWriteThrough() ? configuration.getCacheWriterFactory() : null);
      return new CacheContext<>(
          new MemcachedEntryStore<>(
              namespace,
              new EntryKeyCodec(cache.serializer),
              cache.manager.envelopes(cache.serializer),
              configuration.getKeyType(),
              expiry.clock()),
          new EntryTypes<>(configuration.getKeyType(), configuration.getValueType()),
          expiry,
          new EventPublisher<>(cache),
          metrics,
          loader,
          configuration.isReadThrough(),
          writer);
    } catch (RuntimeException e) { // of a factory: nothing else knows what the others created
      created.forEach(part -> PluggableParts.close(part, "cache"));
      throw e;
    }
  }

  /** Shows the managed beans that are configured. */
  void publishMBeans() {
    MutableConfiguration<K, V> configuration = settings.snapshot();
    if (configuration.isManagementEnabled()) {
      enableManagement(true);
    }
    if (configuration.isStatisticsEnabled()) {
      enableStatistics(true);
    }
  }

  void enableManagement(boolean enabled) {
    settings.setManagementEnabled(enabled);
    if (enabled) {
      mbeans.registerConfiguration(new CacheConfigurationView(settings::snapshot));
    } else {
      mbeans.unregisterConfiguration();
    }
  }

  void enableStatistics(boolean enabled) {
    settings.setStatisticsEnabled(enabled);
    context.metrics().setEnabled(enabled);
    if (enabled) {
      mbeans.registerStatistics(getStatistics());
      mbeans.registerInsight(getInsight());
    } else {
      mbeans.unregisterStatistics();
      mbeans.unregisterInsight();
    }
  }

  /**
   * Returns whether statistics are enabled now.
   *
   * @return whether {@link #getStatistics} and {@link #getInsight} count
   */
  public boolean isStatisticsEnabled() {
    return context.metrics().isEnabled();
  }

  /**
   * Returns the counts that JCache knows, also while no managed bean shows them. They stay at zero
   * until statistics are enabled.
   *
   * @return the counts as they are whenever they are asked, also after the cache was closed
   */
  public CacheStatisticsMXBean getStatistics() {
    return context.metrics().statistics;
  }

  /**
   * Returns what JCache's counts leave open, also while no managed bean shows it. It stays at zero
   * until statistics are enabled.
   *
   * @return the counts as they are whenever they are asked, also after the cache was closed
   */
  public CacheInsightMXBean getInsight() {
    return new CacheInsight(
        context.metrics().misses, context.store()::clears, context.metrics().requests);
  }

  // Made for each call: that takes next to no time, and to keep them would take memory of each of
  // many caches that do nothing.

  private Reads<K, V> reads() {
    return new Reads<>(context);
  }

  private Writes<K, V> writes() {
    return new Writes<>(context);
  }

  private Removals<K, V> removals() {
    return new Removals<>(context, settings.snapshot().isRemoveAllCounted());
  }

  private Processors<K, V> processors() {
    return new Processors<>(context);
  }

  EntryTypes<K, V> types() {
    return context.types();
  }

  @Override
  @SuppressWarnings("NullAway") // Cache is older than nullness annotations: null if missing
  public V get(K key) {
    requireOpen();
    return reads().get(key);
  }

  @Override
  public Map<K, V> getAll(Set<? extends K> keys) {
    requireOpen();
    return reads().getAll(keys);
  }

  @Override
  public boolean containsKey(K key) {
    requireOpen();
    return reads().containsKey(key);
  }

  @Override
  public void loadAll(
      Set<? extends K> keys,
      boolean replaceExistingValues,
      @Nullable CompletionListener completionListener) {
    requireOpen();
    loads.loadAll(keys, replaceExistingValues, completionListener);
  }

  @Override
  public void put(K key, V value) {
    requireOpen();
    writes().put(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndPut(K key, V value) {
    requireOpen();
    return writes().getAndPut(key, value);
  }

  @Override
  public void putAll(Map<? extends K, ? extends V> map) {
    requireOpen();
    writes().putAll(map);
  }

  @Override
  public boolean putIfAbsent(K key, V value) {
    requireOpen();
    return writes().putIfAbsent(key, value);
  }

  @Override
  public boolean remove(K key) {
    requireOpen();
    return removals().remove(key);
  }

  @Override
  public boolean remove(K key, V oldValue) {
    requireOpen();
    return removals().remove(key, oldValue);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndRemove(K key) {
    requireOpen();
    return removals().getAndRemove(key);
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    requireOpen();
    return writes().replace(key, oldValue, newValue);
  }

  @Override
  public boolean replace(K key, V value) {
    requireOpen();
    return writes().replace(key, value);
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public V getAndReplace(K key, V value) {
    requireOpen();
    return writes().getAndReplace(key, value);
  }

  @Override
  public void removeAll(Set<? extends K> keys) {
    requireOpen();
    removals().removeAll(keys);
  }

  @Override
  public void removeAll() {
    requireOpen();
    removals().removeAll();
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
    removals().clear();
  }

  @Override
  @SuppressWarnings("NullAway") // as get
  public <T> T invoke(K key, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    return processors().invoke(key, entryProcessor, arguments);
  }

  @Override
  public <T> Map<K, EntryProcessorResult<T>> invokeAll(
      Set<? extends K> keys, EntryProcessor<K, V, T> entryProcessor, Object... arguments) {
    requireOpen();
    return processors().invokeAll(keys, entryProcessor, arguments);
  }

  @Override
  public Iterator<Entry<K, V>> iterator() {
    requireOpen();
    return new EntryIterator<>(context, this::isClosed);
  }

  @Override
  public void registerCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    requireOpen();
    Objects.requireNonNull(configuration, "The listener configuration is null");
    settings.addListener(configuration); // refuses one that is there already
    try {
      context.events().register(configuration);
    } catch (RuntimeException e) {
      settings.removeListener(configuration);
      throw e;
    }
  }

  @Override
  public void deregisterCacheEntryListener(CacheEntryListenerConfiguration<K, V> configuration) {
    requireOpen();
    Objects.requireNonNull(configuration, "The listener configuration is null");
    settings.removeListener(configuration);
    context.events().deregister(configuration);
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
   * Returns a copy of the configuration, as it is now, with what the manager's configuration added.
   */
  @Override
  public <C extends Configuration<K, V>> C getConfiguration(Class<C> type) {
    MemcachedConfiguration<K, V> configuration = settings.snapshot();
    // As JCache knows it where that will do, so that it equals the one that a program made.
    CompleteConfiguration<K, V> plain = new MutableConfiguration<>(configuration);
    if (type.isInstance(plain)) {
      return type.cast(plain);
    }
    if (type.isInstance(configuration)) {
      return type.cast(new MemcachedConfiguration<>(configuration));
    }
    throw new IllegalArgumentException(
        "The configuration can't be had as "
            + type.getName()
            + ", only as "
            + MemcachedConfiguration.class.getName()
            + " or "
            + MutableConfiguration.class.getName()
            + " and what that implements");
  }

  /**
   * Closes the cache in this process: ends its loads, closes its loader, writer, expiry policy and
   * listeners. Nothing is deleted in memcached.
   */
  @Override
  public void close() {
    if (closeOnce()) {
      manager.forget(this);
      for (Object part :
          List.of(
              mbeans,
              loads,
              context.loader(),
              context.writer(),
              context.expiry(),
              context.events(),
              serializer)) {
        PluggableParts.close(part, "cache");
      }
    }
  }

  /** Clears the cache in memcached, after it was closed to be destroyed. */
  void clearClosed() {
    context.store().clear();
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
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    throw new IllegalArgumentException(
        "The cache can't be unwrapped to " + type.getName() + ", only to " + getClass().getName());
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("The cache '" + context.store() + "' is closed");
    }
  }

  @Override
  public String toString() {
    return "MemcachedCache[" + context.store() + "]";
  }
}
