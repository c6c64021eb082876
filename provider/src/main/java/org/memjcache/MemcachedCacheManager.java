// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.Configuration;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.cache.CachesByName;
import org.memjcache.internal.cache.Closing;
import org.memjcache.internal.cache.OpenManager;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Closed;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Unwrapping;
import org.memjcache.internal.config.CacheSettings;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.SharedSettings;
import org.memjcache.internal.text.ErrorText;

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

  /** How long closing waits for loads, those of all caches of a manager together. */
  static final Duration CLOSING = Duration.ofSeconds(10);

  private final MemcachedCachingProvider provider;

  /** As it was given. A URI object is several times as large, so it is made on demand. */
  private final String uri;

  private final WeakReference<ClassLoader> classLoader;
  private final Properties properties;
  private final OpenManager parts;
  private final CachesByName<MemcachedCache<?, ?>> caches;
  private final Closing closing = new Closing();

  MemcachedCacheManager(
      MemcachedCachingProvider provider,
      URI uri,
      WeakReference<ClassLoader> classLoader,
      Properties properties,
      ManagerSettings settings,
      boolean canBeDropped) {
    this.provider = provider;
    this.uri = uri.toString();
    this.classLoader = classLoader;
    this.properties = properties.isEmpty() ? NONE : ManagerSettings.copyOf(properties);
    this.caches = new CachesByName<>(settings.caches().names());
    this.parts = new OpenManager(settings, canBeDropped); // last: it has to be closed
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
    return ManagerSettings.copyOf(properties);
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
    requireOpen(cacheName);
    Objects.requireNonNull(configuration, "The configuration is null");
    MemcachedCache<K, V> cache =
        caches.get(cacheName) == null ? open(cacheName, configuration, false) : null;
    if (cache == null) {
      throw new CacheException(
          String.format(
              "A cache named %s exists already in the manager %s; use getCache, or another name",
              ErrorText.of(cacheName), uri));
    }
    return cache;
  }

  /**
   * Creates a cache; returns null if another thread was faster.
   *
   * @param asDeclared whether only as long as its name is declared
   */
  private <K, V> @Nullable MemcachedCache<K, V> open(
      String cacheName, Configuration<K, V> configuration, boolean asDeclared) {
    MemcachedCache<K, V> cache =
        MemcachedCache.create(
            this, cacheName, new CacheSettings<>(cacheName, configuration, settings(), classes()));
    try {
      if (!caches.add(cacheName, cache, asDeclared)) {
        cache.close();
        return null;
      }
      requireOpen(); // else it was closed meanwhile, without this one
      cache.parts().publishMBeans();
      return cache;
    } catch (RuntimeException | Error e) {
      if (asDeclared) {
        caches.declareAgain(cacheName, cache);
      }
      cache.close();
      throw e;
    }
  }

  /** Returns the cache of this name, created now if the configuration declares it. */
  private @Nullable MemcachedCache<?, ?> find(String cacheName) {
    MemcachedCache<?, ?> cache = caches.get(cacheName);
    if (cache == null && caches.isDeclared(cacheName)) {
      cache = open(cacheName, new MutableConfiguration<>(), true);
      if (cache == null) { // another thread was faster
        cache = caches.get(cacheName);
      }
    }
    return cache;
  }

  @Override
  @SuppressWarnings("NullAway") // CacheManager is older than nullness annotations: null if missing
  public <K, V> Cache<K, V> getCache(String cacheName, Class<K> keyType, Class<V> valueType) {
    requireOpen(cacheName);
    Objects.requireNonNull(keyType, "The key type is null");
    Objects.requireNonNull(valueType, "The value type is null");
    MemcachedCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      return null;
    }
    cache.parts().types().requireSame(ErrorText.of(cacheName), keyType, valueType);
    @SuppressWarnings("unchecked") // checked above
    Cache<K, V> typed = (Cache<K, V>) cache;
    return typed;
  }

  @Override
  @SuppressWarnings({"NullAway", "unchecked"}) // as above; JCache lets the caller choose K, V
  public <K, V> Cache<K, V> getCache(String cacheName) {
    requireOpen(cacheName);
    return (Cache<K, V>) find(cacheName);
  }

  /** Returns the names of the caches that exist, including those of the configuration. */
  @Override
  public Iterable<String> getCacheNames() {
    requireOpen();
    return List.copyOf(caches.names());
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
    requireOpen(cacheName);
    caches.undeclare(cacheName);
    MemcachedCache<?, ?> cache = caches.get(cacheName);
    if (cache == null) {
      parts.clearCache(cacheName);
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
    requireOpen(cacheName);
    MemcachedCache<?, ?> cache = find(cacheName);
    if (cache == null) {
      throw new CacheException(
          String.format(
              "There is no cache named %s in the manager %s, only %s",
              ErrorText.of(cacheName), uri, ErrorText.message(caches.names().toString())));
    }
    return cache;
  }

  /**
   * Clears the namespace of this manager: every cache in it, for all processes, by one increment;
   * softly with the option {@code clear.grace} ({@link #clear(Duration)}). Once it has returned, no
   * process reads what was there before; with {@link Consistency#BOUNDED}, no process does so for
   * longer than {@code staleness}.
   *
   * @throws CacheException if the URI has no path, so that there is no such level; or if the server
   *     that holds the level's version doesn't answer in time: then it isn't known whether the
   *     namespace is cleared. Not with {@link FailureMode#MISS}: then the clear is pending, and
   *     made once the server is back
   * @throws IllegalStateException if the manager is closed
   */
  public void clear() {
    clear(settings().loading().grace());
  }

  /**
   * Clears the namespace of this manager softly: what was there may still be returned for a while,
   * as {@link MemcachedCache#clear(Duration)} says.
   *
   * @param grace how long from now on, by the clock of this process; zero for not at all
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   * @throws CacheException as {@link #clear()}
   * @throws IllegalStateException if the manager is closed
   */
  public void clear(Duration grace) {
    requireOpen();
    parts.clear(uri, LoadingConfiguration.requireGrace(grace));
  }

  /**
   * Clears the caches of one name in all tenants of this manager's application, and the one of the
   * application itself, by one increment: those that are {@linkplain
   * MemcachedConfiguration#setClearedAcrossTenants cleared across tenants}. The cache need not be
   * open here. Softly with the option {@code clear.grace}.
   *
   * @param cacheName the name, as each tenant has it
   * @throws CacheException if the URI has no path; or as {@link #clear()}
   * @throws IllegalStateException if the manager is closed
   */
  public void clearAcrossTenants(String cacheName) {
    clearAcrossTenants(cacheName, settings().loading().grace());
  }

  /**
   * Does the same, softly, as {@link MemcachedCache#clear(Duration)} says.
   *
   * @param cacheName the name, as each tenant has it
   * @param grace how long from now on, by the clock of this process; zero for not at all
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   * @throws CacheException as {@link #clearAcrossTenants(String)}
   * @throws IllegalStateException if the manager is closed
   */
  public void clearAcrossTenants(String cacheName, Duration grace) {
    requireOpen(cacheName);
    parts.clearAcrossTenants(cacheName, LoadingConfiguration.requireGrace(grace), uri);
  }

  /**
   * Asks each memcached server of this manager whether it answers, all of them at the same time:
   * for health checks, and for warm-up. Opens all connections that are missing (option {@code
   * connections}).
   *
   * <p>A server that is away, refuses the connection or doesn't answer is not an error of this
   * method: its result says what is wrong. Takes no longer than the options {@code connectTimeout}
   * and {@code timeout} together, and {@code connectTimeout} once more if there are several
   * connections to a server; the looking up of names is bounded in the same way. For a server that
   * is known to be down, the result is there at once, and as old as the last attempt to connect, of
   * which there are two a second.
   *
   * <p>If the calling thread is interrupted while it waits, it keeps its interrupt flag, and the
   * servers that had not answered by then have failed. May be called by any thread at any time.
   *
   * @return one result for each server, never empty, ordered by the servers' names; immutable
   * @throws IllegalStateException if the manager is closed
   */
  public List<PingResult> ping() {
    requireOpen();
    return parts.ping();
  }

  /**
   * Closes the manager and its caches. Deletes nothing in memcached. If another thread is closing
   * the manager or one of its caches, waits until that is done. Waits for the loads of all caches
   * at most ten seconds, and then interrupts them.
   */
  @Override
  public void close() {
    closing.run(
        () -> {
          provider.beginClosing(this);
          long deadline = System.nanoTime() + CLOSING.toNanos();
          try {
            Failures.forEach(caches.all(), cache -> cache.closeBy(deadline));
          } finally {
            parts.close();
          }
          provider.endClosing(this); // else it closes this again
        });
  }

  /** Returns whether closing has failed, such as for want of memory, and has to be repeated. */
  boolean hasFailedToClose() {
    return closing.hasFailed();
  }

  @Override
  public boolean isClosed() {
    return closing.hasBegun();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    return Unwrapping.unwrap(this, type, "The cache manager");
  }

  /** Makes the name of a cache free, which is being closed. */
  void beginClosing(MemcachedCache<?, ?> cache) {
    caches.beginClosing(cache.getName(), cache);
  }

  /** Forgets a closed cache. */
  void endClosing(MemcachedCache<?, ?> cache) {
    caches.endClosing(cache);
  }

  String uri() {
    return uri;
  }

  /** Returns whether this is the manager of a URI, by its key, and a class loader. */
  boolean isOf(String uriKey, ClassLoader loader) {
    return uriKey.equals(SharedSettings.uriKey(getURI())) && loader.equals(classLoader.get());
  }

  WeakReference<ClassLoader> classLoaderReference() {
    return classLoader;
  }

  OpenManager parts() {
    return parts;
  }

  ManagerSettings settings() {
    return parts.settings();
  }

  /** Returns where classes are looked up by name. */
  ClassLookup classes() {
    return ClassLookup.of(classLoader.get());
  }

  private void requireOpen(String cacheName) {
    requireOpen();
    Objects.requireNonNull(cacheName, "The cache name is null");
  }

  private void requireOpen() {
    if (isClosed()) {
      throw Closed.manager(uri);
    }
  }
}
