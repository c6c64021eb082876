// SPDX-License-Identifier: Apache-2.0
package org.memjcache.usercode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.configuration.FactoryBuilder;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.event.CacheEntryEvent;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.ChildFirstLoader;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Applications that share the library and are dropped with their class loader, without having
 * closed anything: they are collected, with all that the library had for them.
 */
@Memcached
@Tag("slow")
class DroppedApplicationTest {

  private static final int APPLICATIONS = 20;

  private final MemcachedServer server;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  DroppedApplicationTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    provider.close();
  }

  /** Defined by each application's class loader anew: it is of its own, with all that is in it. */
  public static final class Application {

    /** A key. */
    enum City {
      LISBOA
    }

    /** Has one city. */
    public static final class Cities implements CacheLoader<City, String> {
      @Override
      public String load(City key) {
        return key.name();
      }

      @Override
      public Map<City, String> loadAll(Iterable<? extends City> keys) {
        return Map.of(City.LISBOA, "Lisboa");
      }
    }

    /** Hears that something was created. */
    public static final class Ear implements CacheEntryCreatedListener<City, String> {
      static final CountDownLatch HEARD = new CountDownLatch(1);

      @Override
      public void onCreated(Iterable<CacheEntryEvent<? extends City, ? extends String>> events) {
        HEARD.countDown();
      }
    }

    /** Lets everything live for a minute. */
    public static final class Minute implements ExpiryPolicy {
      @Override
      public Duration getExpiryForCreation() {
        return Duration.ONE_MINUTE;
      }

      @Override
      public Duration getExpiryForAccess() {
        return Duration.ONE_MINUTE;
      }

      @Override
      public Duration getExpiryForUpdate() {
        return Duration.ONE_MINUTE;
      }
    }

    private Application() {}

    /** Opens a cache, uses it and leaves it. */
    public static void use(MemcachedCachingProvider provider, URI uri) throws Exception {
      Cache<City, String> cache =
          provider
              .getCacheManager(uri, Application.class.getClassLoader())
              .createCache(
                  "cities",
                  new MutableConfiguration<City, String>()
                      .setTypes(City.class, String.class)
                      .setStatisticsEnabled(true)
                      .setManagementEnabled(true)
                      .setExpiryPolicyFactory(FactoryBuilder.factoryOf(Minute.class))
                      .setCacheLoaderFactory(FactoryBuilder.factoryOf(Cities.class))
                      .addCacheEntryListenerConfiguration(
                          new MutableCacheEntryListenerConfiguration<>(
                              FactoryBuilder.factoryOf(Ear.class), null, false, false)));
      cache.clear();
      CompletionListenerFuture loaded = new CompletionListenerFuture();
      cache.loadAll(Set.of(City.LISBOA), true, loaded);
      loaded.get();
      Ear.HEARD.await();
      if (!"Lisboa".equals(cache.get(City.LISBOA)) || !cache.iterator().hasNext()) {
        throw new IllegalStateException("Lisboa is missing");
      }
    }
  }

  /** Somebody may interrupt all threads that there are. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void applicationsThatCloseNothing_areCollectedWithAllThatTheyHad(boolean areInterrupted)
      throws Exception {
    Set<ObjectName> beans = beans();
    URI uri = LongTimeoutUri.of(server, "application");
    List<WeakReference<ClassLoader>> applications = new ArrayList<>();

    for (int i = 0; i < APPLICATIONS; i++) {
      applications.add(run(uri));
      if (areInterrupted) {
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("memjcache-dropped-managers"))
            .forEach(Thread::interrupt);
      }
    }

    await("the applications are collected").until(() -> isCollected(applications));
    await("their managed beans are gone").until(() -> beans().equals(beans));
    await("their threads are gone").until(() -> threads().isEmpty());
    try (MemcachedCachingProvider other = new MemcachedCachingProvider()) {
      other.getCacheManager(uri, null).createCache("cities", new MutableConfiguration<>()).get("k");
      assertThat(threads()).isNotEmpty();
    }
  }

  @Test
  void applicationThatIsCollected_takesNothingFromOthers() throws Exception {
    URI uri = LongTimeoutUri.of(server, "application");
    ChildFirstLoader stays = new ChildFirstLoader(Application.class);
    run(stays, uri);
    MemcachedCacheManager manager = provider.getCacheManager(uri, stays);
    List<WeakReference<ClassLoader>> applications = new ArrayList<>(List.of(run(uri)));

    await("one application is collected").until(() -> isCollected(applications));

    assertThat(provider.getCacheManager(uri, stays)).isSameAs(manager);
    assertThat(manager.isClosed()).isFalse();
    assertThat(manager.getCache("cities").iterator()).hasNext();
    provider.close();
    assertThat(manager.isClosed()).isTrue();
    assertThat(threads()).isEmpty();
  }

  /** Nobody but its class loader holds the manager. */
  @Test
  void managerThatNobodyHolds_isTheSameAsLongAsItsClassLoaderLives() throws Exception {
    ClassLoader stays = new ClassLoader(null) {};
    int hash = open(stays);

    System.gc();
    System.gc();

    assertThat(open(stays)).isEqualTo(hash);
    provider.close(stays);
    assertThat(threads()).isEmpty();
  }

  private int open(ClassLoader loader) {
    return System.identityHashCode(provider.getCacheManager(server.uri("application"), loader));
  }

  private WeakReference<ClassLoader> run(URI uri) throws Exception {
    ChildFirstLoader loader = new ChildFirstLoader(Application.class);
    run(loader, uri);
    return new WeakReference<>(loader);
  }

  private void run(ChildFirstLoader loader, URI uri) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      loader
          .own(Application.class)
          .getMethod("use", MemcachedCachingProvider.class, URI.class)
          .invoke(null, provider, uri);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static boolean isCollected(List<WeakReference<ClassLoader>> applications) {
    System.gc();
    return applications.stream().allMatch(application -> application.get() == null);
  }

  private static Set<ObjectName> beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName("javax.cache:*"), null);
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.matches("(?i)(memjcache|xmemcached).*"))
        .collect(Collectors.toSet());
  }
}
