package org.memjcache;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.cache.CachesByName;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.SigningKeys;
import org.memjcache.internal.codec.value.Compressor;
import org.memjcache.internal.codec.value.ValueCodec;
import org.memjcache.internal.common.Unwrapping;
import org.memjcache.internal.config.CacheSettings;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.Secrets;
import org.memjcache.internal.metrics.CacheMetrics;
import org.memjcache.internal.namespace.ConsistencyPolicy;
import org.memjcache.internal.namespace.Namespace;
import org.memjcache.internal.namespace.SharedCluster;

/**
 * The caches of one namespace: of a tenant, or of whatever the path of the manager's URI names.
 *
 * <p>The caches that its configuration declares exist from the beginning, and are created when they
 * are first asked for. Once closed or destroyed, they are like any other: there is no cache of this
 * name until {@link #createCache}.
 *
 * <p>{@link #clear()} clears all of them by one increment. {@link #close()} deletes nothing in
 * memcached; {@link #destroyCache} clears the cache, for all processes.
 *
 * <p>Thread-safe. No lock is held while application code runs or a server is asked.
 */
public final class MemcachedCacheManager implements CacheManager {

  /** Never changed: it is not handed out. */
  private static final Properties NONE = new Properties();

  private final MemcachedCachingProvider provider;

  /** As it was given. A URI object is several times as large, so it is made on demand. */
  private final String uri;

  private final WeakReference<ClassLoader> classLoader;
  private final Properties properties;
  private final ManagerSettings settings;
  private final SharedCluster cluster;

  /** What entries are signed with; null if they aren't. */
  private final @Nullable SigningKeys signingKeys;

  private final CachesByName<MemcachedCache<?, ?>> caches = new CachesByName<>();

  /** The caches of the configuration that have not been asked for yet. */
  private final Set<String> declared;

  private volatile boolean closed;

  MemcachedCacheManager(
      MemcachedCachingProvider provider,
      URI uri,
      WeakReference<ClassLoader> classLoader,
      Properties properties,
      ManagerSettings settings) {
    this.provider = provider;
    this.uri = uri.toString();
    this.classLoader = classLoader;
    this.properties = properties.isEmpty() ? NONE : copy(properties);
    Secrets secret = settings.secret();
    Compressor.require(settings.compression().compression());
    this.signingKeys = secret == null ? null : SigningKeys.of(secret.texts());
    this.cluster = SharedCluster.acquire(settings.cluster());
    this.settings = settings.withCluster(cluster.settings());
    this.declared = copy(settings.caches().names());
  }

  /** Returns a copy to be changed, which takes no memory if it is empty: most are. */
  private static Set<String> copy(Set<String> names) {
    if (names.isEmpty()) {
      return Collections.emptySet();
    }
    Set<String> copy = ConcurrentHashMap.newKeySet();
    copy.addAll(names);
    return copy;
  }

  @Override
  public MemcachedCachingProvider getCachingProvider() {
    return provider;
  }

  @Override
  public URI getURI() {
    return URI.create(uri);
  }

  @Override
  @SuppressWarnings("NullAway") // null only after the application that made the manager is gone
  public ClassLoader getClassLoader() {
    return classLoader.get();
  }

  @Override
  public Properties getProperties() {
    return copy(properties);
  }

  private static Properties copy(Properties properties) {
    Properties copy = new Properties();
    for (String name : properties.stringPropertyNames()) { // with those it has as defaults
      copy.setProperty(name, properties.getProperty(name));
    }
    properties.forEach(copy::putIfAbsent); // and what isn't text
    return copy;
  }

  /**
   * Creates a cache. It contains what other processes, or an earlier run of this one, stored in the
   * cache of this name. Costs no round trip.
   *
   * <p>Where the given configuration keeps JCache's default, the manager's configuration of a cache
   * of this name applies. A cache that is declared there can be created as long as {@link
   * #getCache(String)} has not been called for it.
   *
   * @throws CacheException if a cache of this name exists
   * @throws UnsupportedOperationException if it is to store by reference
   * @throws IllegalArgumentException if the configuration contradicts itself
   * @throws org.memjcache.InvalidConfigurationException if a class that the manager's configuration
   *     names for this cache isn't there or isn't fit
   */
  @Override
  public <K, V, C extends Configuration<K, V>> Cache<K, V> createCache(
      String cacheName, C configuration) {
    requireOpen();
    Objects.requireNonNull(cacheName, "The cache name is null");
    Objects.requireNonNull(configuration, "The configuration is null");
    requireUnused(cacheName);
    MemcachedCache<K, V> cache = open(cacheName, configuration);
    if (cache == null) {
      throw exists(cacheName);
    }
    return cache;
  }

  /** Creates a cache; returns null if another thread was faster. */
  private <K, V> @Nullable MemcachedCache<K, V> open(
      String cacheName, Configuration<K, V> configuration) {
    MemcachedCache<K, V> cache =
        MemcachedCache.create(
            this,
            cacheName,
            new CacheSettings<>(cacheName, configuration, settings, valueClassLoader()));
    if (!caches.add(cacheName, cache)) {
      cache.close();
      return null;
    }
    declared.remove(cacheName);
    if (isClosed()) { // closed meanwhile: nobody else will close this one
      cache.close();
      requireOpen();
    }
    cache.parts().publishMBeans();
    return cache;
  }

  /** Returns the cache of this name, created now if the configuration declares it. */
  private @Nullable MemcachedCache<?, ?> find(String cacheName) {
    MemcachedCache<?, ?> cache = caches.get(cacheName);
    if (cache == null && declared.contains(cacheName)) {
      cache = open(cacheName, new MutableConfiguration<>());
      if (cache == null) { // another thread was faster
        cache = caches.get(cacheName);
      }
    }
    return cache;
  }

  private void requireUnused(String cacheName) {
    if (caches.get(cacheName) != null) {
      throw exists(cacheName);
    }
  }

  private CacheException exists(String cacheName) {
    return new CacheException(
        String.format(
            "A cache named '%s' exists already in the manager %s; use getCache, or another name",
            cacheName, uri));
  }

  @Override
  @SuppressWarnings("NullAway") // CacheManager is older than nullness annotations: null if missing
  public <K, V> Cache<K, V> getCache(String cacheName, Class<K> keyType, Class<V> valueType) {
    requireOpen();
    Objects.requireNonNull(cacheName, "The cache name is null");
    Objects.requireNonNull(keyType, "The key type is null");
    Objects.requireNonNull(valueType, "The value type is null");
    MemcachedCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      return null;
    }
    requireType(cacheName, "key", cache.parts().types().keyType(), keyType);
    requireType(cacheName, "value", cache.parts().types().valueType(), valueType);
    @SuppressWarnings("unchecked") // checked above
    Cache<K, V> typed = (Cache<K, V>) cache;
    return typed;
  }

  private static void requireType(
      String cacheName, String role, Class<?> configured, Class<?> asked) {
    if (!configured.equals(asked)) {
      throw new ClassCastException(
          String.format(
              "The cache '%s' has the %s type %s, not %s",
              cacheName, role, configured.getName(), asked.getName()));
    }
  }

  @Override
  @SuppressWarnings({
    "NullAway",
    "unchecked"
  }) // null if missing; JCache lets the caller choose K, V
  public <K, V> Cache<K, V> getCache(String cacheName) {
    requireOpen();
    return (Cache<K, V>) find(Objects.requireNonNull(cacheName, "The cache name is null"));
  }

  /** Returns the names of the caches that exist, including those of the configuration. */
  @Override
  public Iterable<String> getCacheNames() {
    requireOpen();
    return List.copyOf(names());
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>(caches.names());
    names.addAll(declared);
    return names;
  }

  /**
   * Closes the cache of this name, if it is open in this manager, and clears it in memcached for
   * all processes, by one increment.
   *
   * @throws CacheException if the server that holds the cache's version doesn't answer in time;
   *     then it isn't known whether the cache is cleared, and the call can be repeated
   */
  @Override
  public void destroyCache(String cacheName) {
    requireOpen();
    Objects.requireNonNull(cacheName, "The cache name is null");
    declared.remove(cacheName);
    MemcachedCache<?, ?> cache = caches.get(cacheName);
    if (cache == null) {
      namespace(cacheName, policy(settings), new CacheMetrics()).clear();
    } else {
      cache.close();
      cache.clearClosed();
    }
  }

  @Override
  public void enableManagement(String cacheName, boolean enabled) {
    existing(cacheName).parts().enableManagement(enabled);
  }

  @Override
  public void enableStatistics(String cacheName, boolean enabled) {
    existing(cacheName).parts().enableStatistics(enabled);
  }

  private MemcachedCache<?, ?> existing(String cacheName) {
    requireOpen();
    MemcachedCache<?, ?> cache = find(Objects.requireNonNull(cacheName, "The cache name is null"));
    if (cache == null) {
      throw new CacheException(
          String.format(
              "There is no cache named '%s' in the manager %s, only %s", cacheName, uri, names()));
    }
    return cache;
  }

  /**
   * Clears the namespace of this manager: every cache in it, for all processes, by one increment.
   * Once it has returned, no process reads what was there before. To clear a whole application,
   * call it on the manager whose URI names only the application.
   *
   * @throws CacheException if the URI has no path, so that there is no such level; or if the server
   *     that holds the level's version doesn't answer in time: then it isn't known whether the
   *     namespace is cleared
   * @throws IllegalStateException if the manager is closed
   */
  public void clear() {
    requireOpen();
    clear(cluster, settings, uri);
  }

  static void clear(SharedCluster cluster, ManagerSettings settings, String uri) {
    if (settings.namespace().isEmpty()) {
      throw new CacheException(
          "The URI "
              + uri
              + " names no application or tenant to clear: give it a path, as in"
              + " memcached://host/application/tenant, or clear each cache");
    }
    cluster.open(settings.namespace(), policy(settings), new CacheMetrics()).clear();
  }

  @Override
  public void close() {
    if (closeOnce()) {
      provider.forget(this);
      List.copyOf(caches.all()).forEach(Cache::close);
      cluster.release();
    }
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
    return Unwrapping.unwrap(this, type, "The cache manager");
  }

  /** Forgets a closed cache. */
  void forget(MemcachedCache<?, ?> cache) {
    caches.remove(cache.getName(), cache);
  }

  /** Returns the text of what {@link #getURI} does. */
  String uri() {
    return uri;
  }

  SharedCluster cluster() {
    return cluster;
  }

  ManagerSettings settings() {
    return settings;
  }

  /** Returns the codec for the envelopes of a cache; it signs them if there is a secret. */
  EnvelopeCodec envelopes(Serializer serializer) {
    ValueCodec values = new ValueCodec(serializer, settings.compression());
    return signingKeys == null ? new EnvelopeCodec(values) : new EnvelopeCodec(values, signingKeys);
  }

  /** Returns the class loader for values that are read. */
  ClassLoader valueClassLoader() {
    @Nullable ClassLoader ofManager = classLoader.get();
    return ofManager == null ? provider.getDefaultClassLoader() : ofManager;
  }

  /** Returns the namespace of a cache. */
  Namespace namespace(String cacheName, ConsistencyPolicy policy, CacheMetrics metrics) {
    List<String> path = new ArrayList<>(settings.namespace());
    path.add(cacheName);
    return cluster.open(path, policy, metrics);
  }

  private static ConsistencyPolicy policy(ManagerSettings settings) {
    return ConsistencyPolicy.of(settings.staleness(), settings.failure() == FailureMode.MISS);
  }

  private void requireOpen() {
    if (isClosed()) {
      throw new IllegalStateException("The cache manager " + uri + " is closed");
    }
  }
}
