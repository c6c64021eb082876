// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import com.google.code.yanf4j.nio.impl.Reactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.spi.CachingProvider;
import org.memjcache.MemcachedCachingProvider;

/**
 * A provider whose classes were loaded a second time, as were those of xmemcached: it shares
 * neither the client nor the memory of versions with anybody, as if it were in another process.
 *
 * <p>A provider that was closed leaves its classes to the next one, as loading them takes longer
 * than most tests: nothing of its managers is kept by them.
 */
public final class IsolatedProvider implements AutoCloseable {

  /** Of providers that were closed. */
  private static final Deque<Classes> LOADED = new ConcurrentLinkedDeque<>();

  private final Classes classes;
  private final CachingProvider provider;
  private final boolean isLeftToOthers;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  public IsolatedProvider() {
    this(Objects.requireNonNullElseGet(LOADED.poll(), () -> new Classes(Set.of())), true);
  }

  /** Makes a provider whose class loader nobody has used, or will use afterwards. */
  public static IsolatedProvider ofNewClasses() {
    return new IsolatedProvider(new Classes(Set.of()), false);
  }

  /** Makes a provider that doesn't find the classes of libraries, by the start of their names. */
  public static IsolatedProvider without(String... packages) {
    return new IsolatedProvider(new Classes(Set.of(packages)), false);
  }

  private IsolatedProvider(Classes classes, boolean isLeftToOthers) {
    this.classes = classes;
    this.isLeftToOthers = isLeftToOthers;
    try {
      provider =
          (CachingProvider)
              classes
                  .loadClass(MemcachedCachingProvider.class.getName())
                  .getConstructor()
                  .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  public CachingProvider provider() {
    return provider;
  }

  public CacheManager manager(URI uri) {
    return provider.getCacheManager(uri, null);
  }

  public <K, V> Cache<K, V> cache(URI uri, String name) {
    return manager(uri).createCache(name, new MutableConfiguration<>());
  }

  /** Returns what loaded its classes. */
  public ClassLoader classLoader() {
    return classes;
  }

  /** Clears a level without opening anything. */
  public void clear(URI level) {
    call(provider, "clear", level);
  }

  /** Clears the namespace of a manager. */
  public static void clear(CacheManager manager) {
    call(manager, "clear");
  }

  /** Clears a level softly, without opening anything. */
  public void clear(URI level, Duration grace) {
    call(provider, "clear", level, grace);
  }

  /** Clears the namespace of a manager softly. */
  public static void clear(CacheManager manager, Duration grace) {
    call(manager, "clear", grace);
  }

  /** Clears the caches of one name in all tenants of a manager's application. */
  public static void clearAcrossTenants(CacheManager manager, String cacheName) {
    call(manager, "clearAcrossTenants", cacheName);
  }

  /** Clears a cache softly. */
  public static void clear(Cache<?, ?> cache, Duration grace) {
    call(cache, "clear", grace);
  }

  private static void call(Object target, String method, Object... arguments) {
    try {
      Class<?>[] types = new Class<?>[arguments.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = arguments[i].getClass();
      }
      target.getClass().getMethod(method, types).invoke(target, arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    provider.close();
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    if (isLeftToOthers) {
      LOADED.push(classes);
      return;
    }
    try {
      classes.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads the classes of provider and xmemcached itself, and takes all others from where the tests
   * are.
   */
  private static final class Classes extends URLClassLoader {

    private static final List<String> OWN =
        List.of("org.memjcache.", "net.rubyeye.xmemcached.", "com.google.code.yanf4j.");

    private final Set<String> hidden;
    private volatile boolean isClosed;

    Classes(Set<String> hidden) {
      super(
          new URL[] {placeOf(MemcachedCachingProvider.class), placeOf(Reactor.class)},
          IsolatedProvider.class.getClassLoader());
      this.hidden = hidden;
    }

    private static URL placeOf(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (hidden.stream().anyMatch(name::startsWith)) {
        throw new ClassNotFoundException(name);
      }
      if (OWN.stream().noneMatch(name::startsWith)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try {
          return findClass(name);
        } catch (ClassNotFoundException e) {
          if (isClosed) { // a thread that is late must not get the class of the tests
            throw e;
          }
          return super.loadClass(name, resolve); // of the tests
        }
      }
    }

    @Override
    public void close() throws IOException {
      isClosed = true;
      super.close();
    }
  }
}
