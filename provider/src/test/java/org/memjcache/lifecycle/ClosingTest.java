// SPDX-License-Identifier: Apache-2.0
package org.memjcache.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.integration.CacheLoader;
import javax.cache.integration.CompletionListenerFuture;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * What closing leaves behind: nothing. When it returns, no thread, descriptor or managed bean is
 * left, and the class loader can be closed at once, as nothing needs it any more.
 */
@Memcached
@EnabledOnOs(OS.LINUX)
@Tag("slow")
class ClosingTest {

  private static final int LOADERS = 50;

  private final MemcachedServer server;
  private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
  private final Thread.UncaughtExceptionHandler handler =
      Thread.getDefaultUncaughtExceptionHandler();

  ClosingTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void listen() {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> uncaught.add(failure));
  }

  @AfterEach
  void restore() {
    Thread.setDefaultUncaughtExceptionHandler(handler);
  }

  /** What an application closes before its class loader is gone. */
  private enum Closed {
    PROVIDER(manager -> manager.getCachingProvider().close()),
    MANAGER(CacheManager::close);

    final Consumer<CacheManager> action;

    Closed(Consumer<CacheManager> action) {
      this.action = action;
    }
  }

  @Test
  void fiftyClassLoaders_leaveNothing() throws Exception {
    use(Closed.PROVIDER, true); // the classes of the JDK, and of the logger
    Set<Thread> threads = threads();
    int descriptors = descriptors();
    Set<ObjectName> beans = beans();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    for (int i = 0; i < LOADERS; i++) {
      loaders.add(use(Closed.values()[i % 2], true));
      assertThat(newThreads(threads)).as("threads after %s", i).isEmpty();
      assertThat(beans()).as("managed beans after %s", i).isEqualTo(beans);
    }

    assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 3); // of other threads of the JVM
    assertThat(uncaught).isEmpty();
    assertCollected(loaders);
  }

  /** Connections are just being opened, which is what takes longest to end. */
  @Test
  void closedWhileConnecting_leavesNothing() throws Exception {
    use(Closed.PROVIDER, true);
    Set<Thread> threads = threads();
    List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

    for (int i = 0; i < 10; i++) {
      loaders.add(use(Closed.PROVIDER, false));
      assertThat(newThreads(threads)).as("threads after %s", i).isEmpty();
    }

    assertThat(uncaught).isEmpty();
    assertCollected(loaders);
  }

  private WeakReference<ClassLoader> use(Closed closed, boolean reachable) throws Exception {
    URI uri =
        reachable
            ? LongTimeoutUri.of(server, "application")
            : URI.create("memcached://192.0.2.1:11211,127.0.0.1:9/a?timeout=30ms&failure=miss");
    try (IsolatedProvider provider = IsolatedProvider.ofNewClasses()) {
      CacheManager manager = provider.manager(uri);
      CountDownLatch heard = new CountDownLatch(1);
      Cache<String, String> cache = manager.createCache("cache", configuration(heard));
      cache.put("k", "v");
      if (reachable) {
        cache.clear();
        CompletionListenerFuture loaded = new CompletionListenerFuture();
        cache.loadAll(Set.of("a", "b"), false, loaded);
        loaded.get();
        heard.await();
        assertThat(cache).hasSize(2);
      }
      closed.action.accept(manager);
      return new WeakReference<>(provider.classLoader());
    }
  }

  private static MutableConfiguration<String, String> configuration(CountDownLatch heard) {
    CacheLoader<String, String> loader =
        new CacheLoader<>() {
          @Override
          public String load(String key) {
            return key;
          }

          @Override
          public Map<String, String> loadAll(Iterable<? extends String> keys) {
            return Map.of("a", "1", "b", "2");
          }
        };
    CacheEntryCreatedListener<String, String> listener = events -> heard.countDown();
    return new MutableConfiguration<String, String>()
        .setStatisticsEnabled(true)
        .setManagementEnabled(true)
        .setCacheLoaderFactory(() -> loader)
        .addCacheEntryListenerConfiguration(
            new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, false));
  }

  /**
   * Allows for one: before Java 20, the JDK keeps the types of the record whose {@code hashCode} it
   * linked last (JDK-8078641, MethodHandle.asTypeCache can pin classes from unloading).
   */
  private static void assertCollected(List<WeakReference<ClassLoader>> loaders) {
    for (int i = 0; i < 100 && kept(loaders) > 1; i++) {
      System.gc();
    }
    assertThat(kept(loaders)).as("class loaders that are kept").isLessThanOrEqualTo(1);
  }

  private static long kept(List<WeakReference<ClassLoader>> loaders) {
    return loaders.stream().filter(loader -> loader.get() != null).count();
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }

  /** Leaves out those of JUnit and of the JVM. */
  private static List<String> newThreads(Set<Thread> before) {
    Set<Thread> added = new HashSet<>(threads());
    added.removeAll(before);
    return added.stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.matches("(?i)(memjcache|xmemcached|heal-session).*"))
        .collect(Collectors.toList());
  }

  private static int descriptors() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  private static Set<ObjectName> beans() throws Exception {
    return ManagementFactory.getPlatformMBeanServer()
        .queryNames(new ObjectName("javax.cache:*"), null);
  }
}
