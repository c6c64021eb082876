// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.Serializable;
import java.util.Properties;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.UnreadableMode;
import org.memjcache.support.ChildFirstLoader;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Values, and classes that a configuration names, where class loaders have their own versions of a
 * class that the provider's loader knows, too: the declared types' loaders decide, then the
 * manager's if one was given, then the thread's context loader, and the provider's own at last.
 */
@Memcached
class ClassLoadersTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final Thread thread = Thread.currentThread();
  private final ClassLoader before = thread.getContextClassLoader();
  private final ChildFirstLoader child = new ChildFirstLoader(Hotels.class);
  private final ChildFirstLoader other = new ChildFirstLoader(Hotels.class);

  ClassLoadersTest(MemcachedServer server) {
    this.server = server;
  }

  /** The classes of an application. */
  static class Hotels {

    /** A value. */
    record Hotel(String name) implements Serializable {}

    /** A key that has no encoding of its own. */
    enum City {
      LISBOA
    }
  }

  @BeforeEach
  void empty() {
    server.flushAll();
  }

  @AfterEach
  void close() {
    thread.setContextClassLoader(before);
    provider.close();
  }

  @Test
  void values_areOfTheManagersLoader_whoeverStoredThem() throws Exception {
    cache(getClass().getClassLoader()).put("k", new Hotels.Hotel("Tivoli"));

    Object ofChild = cache(child).get("k");
    Object ofParent = cache(getClass().getClassLoader()).get("k");

    assertThat(ofChild.getClass()).isSameAs(child.own(Hotels.Hotel.class));
    assertThat(ofChild).hasToString("Hotel[name=Tivoli]");
    assertThat(ofParent).isEqualTo(new Hotels.Hotel("Tivoli"));
  }

  @Test
  void values_theManagersLoaderDoesNotKnow_areOfTheThreads() throws Exception {
    cache(getClass().getClassLoader()).put("k", new Hotels.Hotel("Tivoli"));
    Cache<Object, Object> cache = cache(ClassLoader.getPlatformClassLoader());

    thread.setContextClassLoader(child);
    assertThat(cache.get("k").getClass()).isSameAs(child.own(Hotels.Hotel.class));

    thread.setContextClassLoader(null);
    assertThat(cache.get("k").getClass()).isSameAs(Hotels.Hotel.class);
  }

  @Test
  void values_areOfTheManagersLoader_whateverTheThreadsIs() throws Exception {
    cache(getClass().getClassLoader()).put("k", new Hotels.Hotel("Tivoli"));

    thread.setContextClassLoader(other);

    assertThat(cache(child).get("k").getClass()).isSameAs(child.own(Hotels.Hotel.class));
  }

  /** A provider is told its own loader when the application has given it none. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void values_ofAManagerWithoutALoader_areOfTheThreads(boolean none) throws Exception {
    Cache<Object, Object> cache = cache(none ? null : provider.getDefaultClassLoader());
    cache.put(Hotels.City.LISBOA, new Hotels.Hotel("Tivoli"));

    thread.setContextClassLoader(child);
    Cache.Entry<Object, Object> ofChild = cache.iterator().next();
    thread.setContextClassLoader(other);
    Cache.Entry<Object, Object> ofOther = cache.iterator().next();

    assertThat(ofChild.getValue().getClass()).isSameAs(child.own(Hotels.Hotel.class));
    assertThat(ofChild.getKey().getClass()).isSameAs(child.own(Hotels.City.class));
    assertThat(ofOther.getValue().getClass()).isSameAs(other.own(Hotels.Hotel.class));
    assertThat(ofOther.getKey().getClass()).isSameAs(other.own(Hotels.City.class));
  }

  @Test
  void values_areOfTheLoaderOfTheDeclaredType_whateverTheManagersAndTheThreadsAre()
      throws Exception {
    cache(getClass().getClassLoader()).put(Hotels.City.LISBOA, new Hotels.Hotel("Tivoli"));
    Cache.Entry<?, ?> entry = typed(child).iterator().next();

    assertThat(entry.getValue().getClass()).isSameAs(child.own(Hotels.Hotel.class));
    assertThat(entry.getKey().getClass()).isSameAs(child.own(Hotels.City.class));
  }

  /**
   * Opens the cache with the types of one loader, where the manager and the thread have another.
   */
  @SuppressWarnings("unchecked") // the wildcards are of one and the same class
  private Cache<?, ?> typed(ChildFirstLoader ofTypes) throws ClassNotFoundException {
    thread.setContextClassLoader(other);
    return provider
        .getCacheManager(LongTimeoutUri.of(server, "child"), other)
        .createCache(
            "cache",
            new MemcachedConfiguration<Object, Object>()
                .setTypes(
                    (Class<Object>) ofTypes.own(Hotels.City.class),
                    (Class<Object>) ofTypes.own(Hotels.Hotel.class)));
  }

  @Test
  void keys_areOfTheManagersLoader() throws Exception {
    cache(getClass().getClassLoader()).put(Hotels.City.LISBOA, "info");

    Object key = cache(child).iterator().next().getKey();

    assertThat(key.getClass()).isSameAs(child.own(Hotels.City.class));
  }

  @Test
  void typesInAConfiguration_areOfTheManagersLoader() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("memjcache.timeout", "20s");
    properties.setProperty("memjcache.connectTimeout", "20s");
    properties.setProperty("memjcache.cache.hotels.valueType", Hotels.Hotel.class.getName());
    MemcachedCacheManager manager =
        provider.getCacheManager(server.uri("child"), child, properties);

    Cache<Object, ?> typed =
        manager.getCache("hotels", Object.class, child.own(Hotels.Hotel.class));

    assertThat(typed).isNotNull();
    assertThatExceptionOfType(ClassCastException.class)
        .isThrownBy(() -> manager.getCache("hotels", Object.class, Hotels.Hotel.class));
  }

  @Test
  void typesInAConfiguration_ofAManagerWithoutALoader_areOfTheThreads() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("memjcache.cache.hotels.valueType", Hotels.Hotel.class.getName());
    thread.setContextClassLoader(child);
    MemcachedCacheManager manager = provider.getCacheManager(server.uri("child"), null, properties);

    Cache<Object, ?> typed =
        manager.getCache("hotels", Object.class, child.own(Hotels.Hotel.class));

    assertThat(typed).isNotNull();
  }

  private Cache<Object, Object> cache(@Nullable ClassLoader loader) {
    MemcachedCacheManager manager =
        provider.getCacheManager(LongTimeoutUri.of(server, "child"), loader);
    Cache<Object, Object> cache = manager.getCache("cache");
    return cache != null
        ? cache
        : manager.createCache(
            "cache",
            new MemcachedConfiguration<>()
                .setUnreadableMode(UnreadableMode.THROW)
                .setAllowedClasses(Hotels.Hotel.class.getName(), Hotels.City.class.getName()));
  }
}
