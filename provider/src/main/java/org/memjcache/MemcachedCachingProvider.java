// SPDX-License-Identifier: Apache-2.0
package org.memjcache;

import java.lang.ref.WeakReference;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import javax.cache.CacheManager;
import javax.cache.configuration.OptionalFeature;
import javax.cache.spi.CachingProvider;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.cache.ByClassLoader;
import org.memjcache.internal.cache.OpenManager;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.config.Environment;
import org.memjcache.internal.config.ManagerSettings;
import org.memjcache.internal.config.Option;
import org.memjcache.internal.config.SharedSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JCache provider over memcached, found by {@code Caching.getCachingProvider()}.
 *
 * <p>A manager's URI names the servers and the namespace of all its caches: {@code
 * memcached://host[:port][,host[:port]…]/application/tenant…?option=value}. Or it is the location
 * of a properties file ({@code file:}, {@code jar:}, {@code classpath:}) that names these, and
 * caches with their settings, as frameworks need it. The default URI comes from the system property
 * {@code org.memjcache.uri}, else from the environment variable {@code MEMJCACHE_URI}, else it
 * consists of the options {@code servers} and {@code namespace}, where system properties or
 * environment variables give them, with {@code localhost:11211} for servers that aren't given.
 *
 * <p>There is one manager for each URI and class loader (JSR-107, {@link CachingProvider}).
 * Managers on the same servers share one client. To close the provider, or a manager, deletes
 * nothing in memcached.
 *
 * <p>A manager lives until it is closed, or until its class loader is collected: it keeps neither
 * its class loader nor anything of it alive, unless that is the provider's own, or a parent of it.
 *
 * <p>Thread-safe. No lock is held while application code runs or a server is asked.
 */
public final class MemcachedCachingProvider implements CachingProvider {

  private static final Logger LOG = LoggerFactory.getLogger(MemcachedCachingProvider.class);

  /** Guarded by itself. */
  private final ByClassLoader<OfLoader> managers = new ByClassLoader<>();

  private final SharedSettings shared = new SharedSettings();

  /** Whether it was logged that a manager has no namespace. */
  private final AtomicBoolean hasWarned = new AtomicBoolean();

  /** Those that are being closed. Guarded by the lock of the managers. */
  private final Set<MemcachedCacheManager> closing = new HashSet<>();

  /** One that is in none of these, nor closed, for want of memory. Guarded by the same lock. */
  private @Nullable MemcachedCacheManager unlisted;

  /** The managers of one class loader, which share one reference to it. */
  private static final class OfLoader {
    final WeakReference<ClassLoader> loader;

    /** By {@link SharedSettings#uriKey}. */
    final Map<String, MemcachedCacheManager> byUri = new HashMap<>();

    OfLoader(ClassLoader loader) {
      this.loader = new WeakReference<>(loader);
    }
  }

  /** Options in place of what counts for the whole process; never changed. */
  private final @Nullable Properties defaults;

  /** Creates a provider. {@code ServiceLoader} calls this. */
  public MemcachedCachingProvider() {
    this.defaults = null;
  }

  /**
   * Creates a provider whose managers take no options from system properties and environment
   * variables, but from the given properties: for frameworks that have a configuration of their
   * own. Like system properties, they count where the URI and the properties of a manager leave an
   * option open, and before a properties file.
   *
   * @param defaultProperties options with the prefix {@code memjcache.}, copied; not null. Those
   *     with other names are ignored. They are checked when a manager is created
   */
  public MemcachedCachingProvider(Properties defaultProperties) {
    this.defaults = ManagerSettings.copyOf(defaultProperties);
  }

  /**
   * Returns the manager for a URI and a class loader, created if there is none.
   *
   * @param uri the manager's URI, null for the default
   * @param classLoader finds the classes of values, null for the default
   * @param properties options with the prefix {@code memjcache.}; null for {@link
   *     #getDefaultProperties}; ignored if the manager exists already, as is a properties file that
   *     the URI points to
   * @throws javax.cache.CacheException if the URI or an option is wrong; names the part and what is
   *     expected
   */
  @Override
  public MemcachedCacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader, @Nullable Properties properties) {
    URI managerUri = uri == null ? getDefaultURI() : uri;
    ClassLoader managerLoader = classLoader == null ? getDefaultClassLoader() : classLoader;
    String key = SharedSettings.uriKey(managerUri);
    MemcachedCacheManager existing = existing(key, managerLoader);
    if (existing != null) {
      return existing;
    }
    closeFailed();
    Properties system = getDefaultProperties();
    ManagerSettings settings = // without a lock, as it may read a file by a user's class loader
        shared.settings(managerUri, properties, environment(ClassLookup.of(managerLoader)));
    if (settings.namespace().isEmpty() && !hasWarned.getAndSet(true)) {
      LOG.warn(
          "The manager {} has no namespace: every application that uses its servers without one has"
              + " the same caches. Expected memcached://host/application/tenant, or the option"
              + " namespace (property memjcache.namespace, environment variable"
              + " MEMJCACHE_NAMESPACE). Logged once.",
          managerUri);
    }
    synchronized (managers) {
      existing = existing(key, managerLoader);
      if (existing != null) { // another thread was faster
        return existing;
      }
      OfLoader ofLoader = managers.get(managerLoader);
      if (ofLoader == null) {
        ofLoader = new OfLoader(managerLoader);
        managers.put(managerLoader, ofLoader);
      }
      closeUnlisted();
      MemcachedCacheManager manager =
          new MemcachedCacheManager(
              this,
              managerUri,
              ofLoader.loader,
              properties == null ? system : properties,
              settings,
              ByClassLoader.canBeDropped(managerLoader));
      unlisted = manager;
      try {
        MemcachedCacheManager former = ofLoader.byUri.put(key, manager);
        if (former != null) { // it has just begun to close
          closing.add(former);
        }
      } catch (RuntimeException | Error e) {
        closeUnlisted();
        throw e;
      }
      unlisted = null;
      return manager;
    }
  }

  /** If even that fails, the manager is closed before the next one is opened, or with them all. */
  private void closeUnlisted() {
    synchronized (managers) {
      if (unlisted != null) {
        unlisted.close();
        unlisted = null;
      }
    }
  }

  private @Nullable MemcachedCacheManager existing(String key, ClassLoader classLoader) {
    synchronized (managers) {
      OfLoader ofLoader = managers.get(classLoader);
      MemcachedCacheManager existing = ofLoader == null ? null : ofLoader.byUri.get(key);
      return existing == null || existing.isClosed() ? null : existing;
    }
  }

  @Override
  public MemcachedCacheManager getCacheManager(
      @Nullable URI uri, @Nullable ClassLoader classLoader) {
    return getCacheManager(uri, classLoader, null);
  }

  @Override
  public MemcachedCacheManager getCacheManager() {
    return getCacheManager(null, null, null);
  }

  /**
   * Clears a tenant, an application or whatever else holds caches: every cache below it, for all
   * processes, by one increment; softly if the URI or the process has the option {@code
   * clear.grace}. Opens no manager and no cache.
   *
   * @param uri the URI of a manager; its path names the level
   * @throws javax.cache.CacheException if the URI is wrong or names no level, or if the server that
   *     holds the level's version doesn't answer in time; then it isn't known whether it is cleared
   */
  public void clear(URI uri) {
    ManagerSettings settings = settings(uri);
    OpenManager.clear(settings, uri.toString(), settings.loading().grace());
  }

  /**
   * Clears a level of the namespace softly: what was there may still be returned for a while, as
   * {@link MemcachedCache#clear(Duration)} says. Opens no manager and no cache.
   *
   * @param uri the URI of a manager; its path names the level
   * @param grace how long from now on, by the clock of this process; zero for not at all
   * @throws IllegalArgumentException if it is negative, or more than 30 days
   * @throws javax.cache.CacheException as {@link #clear(URI)}
   */
  public void clear(URI uri, Duration grace) {
    OpenManager.clear(settings(uri), uri.toString(), LoadingConfiguration.requireGrace(grace));
  }

  private ManagerSettings settings(URI uri) {
    return ManagerSettings.of(
        Objects.requireNonNull(uri, "The URI is null"), null, environment(ClassLookup.of(null)));
  }

  private Environment environment(ClassLookup classes) {
    return defaults == null
        ? Environment.ofProcess(getDefaultProperties(), classes)
        : Environment.ofProperties(defaults, classes);
  }

  @Override
  public ClassLoader getDefaultClassLoader() {
    return getClass().getClassLoader();
  }

  @Override
  public URI getDefaultURI() {
    return Environment.defaultUri();
  }

  /**
   * Returns the options that are given as system properties, such as {@code
   * -Dmemjcache.timeout=500ms}, or those that the provider was created with. They apply to every
   * manager whose URI and properties leave them open.
   */
  @Override
  public Properties getDefaultProperties() {
    if (defaults != null) {
      return ManagerSettings.copyOf(defaults);
    }
    Properties system = System.getProperties();
    Properties options = new Properties();
    for (String name : system.stringPropertyNames()) {
      if (name.startsWith(Option.PREFIX)) {
        options.setProperty(name, system.getProperty(name));
      }
    }
    return options;
  }

  /**
   * Closes all managers, and waits for those that other threads are closing. Deletes nothing in
   * memcached.
   */
  @Override
  public void close() {
    shared.clear();
    close(manager -> true);
  }

  @Override
  public void close(ClassLoader classLoader) {
    ClassLoader ofManagers = classLoader == null ? getDefaultClassLoader() : classLoader;
    close(manager -> ofManagers.equals(manager.getClassLoader()));
  }

  @Override
  public void close(URI uri, ClassLoader classLoader) {
    String key = SharedSettings.uriKey(uri == null ? getDefaultURI() : uri);
    ClassLoader ofManager = classLoader == null ? getDefaultClassLoader() : classLoader;
    MemcachedCacheManager open;
    synchronized (managers) {
      OfLoader ofLoader = managers.get(ofManager);
      open = ofLoader == null ? null : ofLoader.byUri.get(key);
    }
    if (open != null) {
      open.close();
    }
    closing(manager -> manager.isOf(key, ofManager)).forEach(CacheManager::close);
  }

  /** Returns false: values are always stored by value, because they leave the process. */
  @Override
  public boolean isSupported(OptionalFeature feature) {
    return false;
  }

  private void close(Predicate<MemcachedCacheManager> which) {
    List<CacheManager> all = new ArrayList<>();
    synchronized (managers) {
      for (OfLoader ofLoader : managers.values()) {
        ofLoader.byUri.values().stream().filter(which).forEach(all::add);
      }
      all.addAll(closing(which)); // waits for these, or closes them again
    }
    try {
      Failures.forEach(all, CacheManager::close); // without the lock: it closes listeners of users
    } finally {
      closeUnlisted();
    }
  }

  /** Returns managers that other threads are closing. */
  private List<MemcachedCacheManager> closing(Predicate<MemcachedCacheManager> which) {
    synchronized (managers) {
      return closing.stream().filter(which).toList();
    }
  }

  /** Closes again what could not be closed, such as for want of memory. */
  private void closeFailed() {
    for (MemcachedCacheManager manager : closing(MemcachedCacheManager::hasFailedToClose)) {
      try {
        manager.close();
      } catch (RuntimeException | Error e) { // it is tried again with the next one
        LOG.warn("Closing the manager {} failed again", manager.uri(), e);
      }
    }
  }

  /** Makes the URI of a manager free, which is being closed. */
  void beginClosing(MemcachedCacheManager manager) {
    String key = SharedSettings.uriKey(manager.getURI());
    ClassLoader loader = manager.getClassLoader();
    synchronized (managers) {
      closing.add(manager);
      OfLoader ofLoader = managers.get(loader);
      if (ofLoader != null && ofLoader.byUri.remove(key, manager) && ofLoader.byUri.isEmpty()) {
        managers.remove(loader);
      }
    }
  }

  /** Forgets a closed manager. */
  void endClosing(MemcachedCacheManager manager) {
    synchronized (managers) {
      closing.remove(manager);
    }
  }
}
