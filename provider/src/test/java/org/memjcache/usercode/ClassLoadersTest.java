package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.Serializable;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.UnreadableMode;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Values, and classes that a configuration names, where a class loader has its own version of a
 * class that the provider's loader knows, too: the manager's loader decides, and if it knows none
 * the thread's context loader.
 */
@Memcached
class ClassLoadersTest {

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final Thread thread = Thread.currentThread();
  private final ClassLoader before = thread.getContextClassLoader();
  private final ChildFirstLoader child = new ChildFirstLoader(Hotels.class);

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
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.get("k"))
        .withMessageContainingAll(
            "Hotels$Hotel", "cache manager's class loader", "thread's context class loader");
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

  private Cache<Object, Object> cache(ClassLoader loader) {
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
